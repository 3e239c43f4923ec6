import { Fault } from '@granary/faults';
import { EMPTY_ROOT, foldHashes } from './hash';
import { hashesOf, leavesOf, TILE_BYTES, TILE_HASHES, type ReadTile, type Tile, type TileAddress } from './tile';

/** The right edge of a tree: all that is needed to append to it and to tell its root. */
export interface TreeEdge {
  /** Leaves of the tree. */
  readonly size: number;
  /** The hashes of the tile that is not full, for each level from the leaves up; empty where every tile is full. */
  readonly open: readonly Buffer[];
}

/** The edge of a tree without leaves. */
export const EMPTY_EDGE: TreeEdge = { size: 0, open: [] };

/** The tiles that `openEdge` needs for a tree of that size. */
export function edgeTiles(size: number): TileAddress[] {
  return levels(size).flatMap(({ level, full, rest }) => (rest === 0 ? [] : [{ level, index: full }]));
}

/**
 * The edge of a tree of that size from its tiles, which may hold more than the tree had by then.
 * Faults: `tile-missing`.
 */
export function openEdge(size: number, read: ReadTile): TreeEdge {
  return { size, open: levels(size).map(({ level, full, rest }) => (rest === 0 ? NOTHING : Buffer.from(hashesOf(read, { level, index: full }, 0, rest)))) };
}

/** Appends leaves by their hashes: the new edge, and the tiles that are new or have grown, to be kept in place of what was there. */
export function appendLeaves(edge: TreeEdge, leaves: readonly Uint8Array[]): { edge: TreeEdge; tiles: Tile[] } {
  const open = [...edge.open];
  const tiles: Tile[] = [];
  let rising = Buffer.concat(leaves);
  for (let level = 0; rising.length > 0; level += 1) {
    const hashes = Buffer.concat([open[level] ?? NOTHING, rising]);
    const grown = cut(hashes).map((some, place) => ({ level, index: Math.floor(edge.size / leavesOf(level + 1)) + place, hashes: some }));
    const full = grown.filter((tile) => tile.hashes.length === TILE_BYTES);
    tiles.push(...grown);
    open[level] = hashes.subarray(full.length * TILE_BYTES);
    rising = Buffer.concat(full.map((tile) => foldHashes(tile.hashes)));
  }
  return { edge: { size: edge.size + leaves.length, open }, tiles };
}

/** The root of the tree (RFC 6962 section 2.1). */
export function rootOf({ size, open }: TreeEdge): Buffer {
  if (size === 0) return EMPTY_ROOT;
  // What lies below is the last, incomplete node of each level.
  return open.reduce<Buffer>((below, hashes) => (below.length + hashes.length === 0 ? NOTHING : foldHashes(Buffer.concat([hashes, below]))), NOTHING);
}

const NOTHING = Buffer.alloc(0);

interface LevelOfEdge {
  level: number;
  /** Full tiles. */
  full: number;
  /** Hashes of the tile that is not full. */
  rest: number;
}

function levels(size: number): LevelOfEdge[] {
  if (!Number.isSafeInteger(size) || size < 0) throw Fault.permanent('tree-size-invalid', `a tree cannot have ${size} leaves: give a whole number from 0 on`);
  const found: LevelOfEdge[] = [];
  for (let level = 0; leavesOf(level) <= size; level += 1) {
    const hashes = Math.floor(size / leavesOf(level));
    found.push({ level, full: Math.floor(hashes / TILE_HASHES), rest: hashes % TILE_HASHES });
  }
  return found;
}

function cut(hashes: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(hashes.length / TILE_BYTES) }, (_, place) => hashes.subarray(place * TILE_BYTES, (place + 1) * TILE_BYTES));
}
