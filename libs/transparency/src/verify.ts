import { EMPTY_ROOT, nodeHash } from './hash';

export interface InclusionClaim {
  /** Of the leaf, from 0. */
  index: number;
  /** Leaves of the tree. */
  size: number;
  leafHash: Uint8Array;
  proof: readonly Uint8Array[];
  root: Uint8Array;
}

/** Whether the proof shows that the leaf is at that place of the tree with that root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion({ index, size, leafHash, proof, root }: InclusionClaim): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  let [node, last] = [index, size - 1];
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && same(hash, root);
}

export interface ConsistencyClaim {
  /** Leaves of the smaller tree, and its root. */
  first: number;
  firstRoot: Uint8Array;
  /** Leaves of the larger tree, and its root. */
  second: number;
  secondRoot: Uint8Array;
  proof: readonly Uint8Array[];
}

/** Whether the proof shows that the larger tree begins with all of the smaller one (RFC 9162 section 2.1.4.2). */
export function verifyConsistency({ first, firstRoot, second, secondRoot, proof }: ConsistencyClaim): boolean {
  if (!isCount(first) || !isCount(second) || first > second) return false;
  if (first === 0) return proof.length === 0 && same(firstRoot, EMPTY_ROOT);
  if (first === second) return proof.length === 0 && same(firstRoot, secondRoot);
  let [node, last] = [first - 1, second - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  // A smaller tree that is one complete node of the larger one is where the proof begins, and known.
  const [begin, ...rest] = node === 0 ? [firstRoot, ...proof] : proof;
  if (begin === undefined) return false;
  let [small, large] = [begin, begin];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      [small, large] = [nodeHash(sibling, small), nodeHash(sibling, large)];
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      large = nodeHash(large, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && same(small, firstRoot) && same(large, secondRoot);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

// Not by shifting: sizes are larger than 32 bits can be.
const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
