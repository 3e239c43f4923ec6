import { Fault } from '@granary/faults';
import { EMPTY_ROOT, HASH_BYTES, nodeHash } from './hash';
import { completeParts, foldRight, type LeafRange } from './range';

/** A tree that is read from left to right and only asked for its root: a few hashes, however large it grows. */
export interface Frontier {
  size(): number;
  append(leafHash: Uint8Array): void;
  /** The root over everything so far (RFC 6962 section 2.1). */
  root(): Buffer;
  /** The hashes of the complete subtrees so far, the largest first: enough to go on from here later. */
  hashes(): Buffer[];
}

/** The complete subtrees that a tree of that size consists of, the largest first: `hashOfRange` gives their hashes. */
export function frontierRanges(size: number): LeafRange[] {
  return completeParts({ start: 0, end: size });
}

/**
 * Begins with no leaves, or goes on behind so many of them.
 * @param hashes of the complete subtrees by then, the largest first
 * Faults: `frontier-malformed` when there are not as many as that size has.
 */
export function openFrontier(from = 0, hashes: readonly Uint8Array[] = []): Frontier {
  if (!Number.isSafeInteger(from) || from < 0 || frontierRanges(from).length !== hashes.length || hashes.some((hash) => hash.length !== HASH_BYTES)) {
    throw Fault.permanent('frontier-malformed', `${hashes.length} hashes cannot stand for ${from} leaves: take size and hashes from the same record`);
  }
  const parts = hashes.map((hash): Buffer => Buffer.from(hash));
  let size = from;
  return {
    size: () => size,
    append(leafHash) {
      let hash: Buffer = Buffer.from(leafHash);
      // As in a binary counter: each bit that carries is a subtree that becomes complete.
      for (let bits = size; bits % 2 === 1; bits = Math.floor(bits / 2)) hash = nodeHash(parts.pop() as Buffer, hash);
      parts.push(hash);
      size += 1;
    },
    root: () => (size === 0 ? EMPTY_ROOT : foldRight(parts)),
    hashes: () => [...parts],
  };
}
