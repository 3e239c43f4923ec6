import { Fault } from '@granary/faults';
import { HASH_BYTES } from './hash';

/** Hashes of a full tile. */
export const TILE_HASHES = 256;
/** Bytes of a full tile. */
export const TILE_BYTES = TILE_HASHES * HASH_BYTES;

/**
 * Where a tile lies. Those of level 0 hold the hashes of leaves; those of a level above hold the roots of the full tiles
 * below them, each of which stands for 256 times as many leaves.
 */
export interface TileAddress {
  level: number;
  index: number;
}

/** Up to 256 neighbouring hashes of one level, one behind the other. Fewer only at the right edge of the tree. */
export interface Tile extends TileAddress {
  hashes: Buffer;
}

/** Gives the hashes of a tile, or null when it is not there. */
export type ReadTile = (level: number, index: number) => Uint8Array | null;

/** How many leaves one hash of that level stands for. */
export function leavesOf(level: number): number {
  return TILE_HASHES ** level;
}

/**
 * One or more hashes out of a tile.
 * Faults: `tile-missing` when the tile is not there or too short: it was forgotten, or never written.
 */
export function hashesOf(read: ReadTile, { level, index }: TileAddress, from: number, count: number): Uint8Array {
  const hashes = read(level, index);
  if (hashes === null || hashes.length < (from + count) * HASH_BYTES) {
    throw Fault.permanent('tile-missing', `the tree has no hashes ${from} to ${from + count - 1} in tile ${index} of level ${level}: what they stood for is no longer kept, or is not in the tree yet`);
  }
  return hashes.subarray(from * HASH_BYTES, (from + count) * HASH_BYTES);
}
