import { foldHashes } from './hash';
import { hashesOf, leavesOf, TILE_HASHES, type ReadTile, type TileAddress } from './tile';

/** Neighbouring leaves that a node of the tree stands for: from `start` up to, not including, `end`. */
export interface LeafRange {
  start: number;
  end: number;
}

/** The largest power of two that is smaller than `leaves`, which is 2 or more: where RFC 6962 splits that many. */
export function splitPoint(leaves: number): number {
  let point = 1;
  while (point * 2 < leaves) point *= 2;
  return point;
}

/** The complete subtrees, from left to right, that make up a range which itself is a node of the tree. */
export function completeParts({ start, end }: LeafRange): LeafRange[] {
  const leaves = end - start;
  if (leaves === 0) return [];
  if (leaves === 1 || splitPoint(leaves) * 2 === leaves) return [{ start, end }];
  const middle = start + splitPoint(leaves);
  return [{ start, end: middle }, ...completeParts({ start: middle, end })];
}

/** The tiles out of which the hashes of these nodes are made, each once. */
export function tilesOf(ranges: readonly LeafRange[]): TileAddress[] {
  const found = new Map<string, TileAddress>();
  for (const { level, index } of ranges.flatMap(completeParts).map(placeOf)) found.set(`${level}/${index}`, { level, index });
  return [...found.values()];
}

/**
 * The hash of the node over a range of one leaf or more.
 * Faults: `tile-missing`.
 */
export function hashOfRange(range: LeafRange, read: ReadTile): Buffer {
  const parts = completeParts(range).map((part) => {
    const { from, count, ...address } = placeOf(part);
    return foldHashes(hashesOf(read, address, from, count));
  });
  return foldRight(parts);
}

/** One hash over those of complete subtrees that grow smaller from left to right. */
export function foldRight(parts: readonly Buffer[]): Buffer {
  return parts.reduceRight((right, left) => foldHashes(Buffer.concat([left, right])));
}

interface Place extends TileAddress {
  /** The first hash of the tile that belongs to the range, and how many do. */
  from: number;
  count: number;
}

/** Where a complete subtree lies: in one tile of the highest level that has hashes as small as it. */
function placeOf({ start, end }: LeafRange): Place {
  let level = 0;
  while (leavesOf(level + 1) <= end - start) level += 1;
  const first = start / leavesOf(level);
  return { level, index: Math.floor(first / TILE_HASHES), from: first % TILE_HASHES, count: (end - start) / leavesOf(level) };
}
