import { appendLeaves, leafHash, leafLine, type EventLeaf, type Tile, type TreeEdge } from '@granary/transparency';
import type { Range } from '../record/position';
import type { LogRow } from '../record/row';

/** A row with the hash of the leaf that it becomes. */
export type LeafRow = LogRow & Leaf;

/** What the tree needs of a row. */
export interface Leaf {
  sequence: number;
  leaf: Buffer;
}

/** The tree over the log, as far as it has grown. */
export interface LogTree {
  edge: TreeEdge;
  /** The last row that is in it; both 0 before the first. */
  epoch: number;
  sequence: number;
}

/** Where an epoch begins in the tree. */
export interface EpochStart {
  epoch: number;
  firstLeaf: number;
  /** The first sequence that it has, or that the hole before it has. */
  firstSequence: number;
}

export interface Growth {
  tree: LogTree;
  /** Tiles that are new or have grown. */
  tiles: Tile[];
  /** When these rows are the first of their epoch. */
  begins: EpochStart | null;
}

/** A row of that epoch, with its leaf. */
export function leafRow(epoch: number, row: LogRow): LeafRow {
  return { ...row, leaf: leafOf(epoch, row) };
}

/** The hash of the leaf that a row of that epoch is. */
export function leafOf(epoch: number, row: Omit<EventLeaf, 'epoch'>): Buffer {
  return leafHash(leafLine({ ...row, epoch }));
}

/**
 * The tree with these rows of one epoch behind it, each hole as a leaf of its own before the row behind it. Rows that are
 * in the tree already are passed over.
 */
export function growTree(tree: LogTree, epoch: number, rows: readonly Leaf[], holes: readonly Range[]): Growth {
  const fresh = rows.filter((row) => epoch > tree.epoch || row.sequence > tree.sequence);
  const [first, last] = [fresh[0], fresh.at(-1)];
  if (first === undefined || last === undefined) return { tree, tiles: [], begins: null };
  const before = new Map(holes.map((hole) => [hole.last + 1, hole]));
  const leaves = fresh.flatMap(({ sequence, leaf }) => {
    const hole = before.get(sequence);
    return hole === undefined ? [leaf] : [leafHash(leafLine({ epoch, hole })), leaf];
  });
  const { edge, tiles } = appendLeaves(tree.edge, leaves);
  const begins = epoch === tree.epoch ? null : { epoch, firstLeaf: tree.edge.size, firstSequence: before.get(first.sequence)?.first ?? first.sequence };
  return { tree: { edge, epoch, sequence: last.sequence }, tiles, begins };
}
