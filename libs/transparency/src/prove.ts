import { Fault } from '@granary/faults';
import { hashOfRange, splitPoint, type LeafRange } from './range';
import type { ReadTile } from './tile';

/**
 * The nodes that prove a leaf to be in a tree, from its neighbour up (RFC 6962 section 2.1.1).
 * Faults: `proof-impossible` when the tree has no such leaf.
 */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!isCount(index) || !isCount(size) || index >= size) throw Fault.permanent('proof-impossible', `a tree of ${size} leaves has no leaf ${index}: leaves count from 0`);
  return path(index, { start: 0, end: size });
}

function path(index: number, { start, end }: LeafRange): LeafRange[] {
  if (end - start === 1) return [];
  const middle = start + splitPoint(end - start);
  const [left, right] = [{ start, end: middle }, { start: middle, end }];
  return index < middle ? [...path(index, left), right] : [...path(index, right), left];
}

/**
 * The nodes that prove a tree to be the beginning of a larger one (RFC 6962 section 2.1.2). None when the smaller one is
 * empty or both are of one size.
 * Faults: `proof-impossible` when the first is the larger one.
 */
export function consistencyRanges(first: number, second: number): LeafRange[] {
  if (!isCount(first) || !isCount(second) || first > second) throw Fault.permanent('proof-impossible', `a tree of ${first} leaves cannot be the beginning of one of ${second}: give the smaller size first`);
  return first === 0 || first === second ? [] : difference(first, { start: 0, end: second }, true);
}

/** `known`: whether the whole of the smaller tree is asked for, whose root the reader has. */
function difference(first: number, { start, end }: LeafRange, known: boolean): LeafRange[] {
  if (first === end) return known ? [] : [{ start, end }];
  const middle = start + splitPoint(end - start);
  const [left, right] = [{ start, end: middle }, { start: middle, end }];
  return first <= middle ? [...difference(first, left, known), right] : [...difference(first, right, false), left];
}

/** The hashes of those nodes, in their order: the proof. Faults: `tile-missing`. */
export function proofOf(ranges: readonly LeafRange[], read: ReadTile): Buffer[] {
  return ranges.map((range) => hashOfRange(range, read));
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
