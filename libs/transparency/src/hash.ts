import { hash } from 'node:crypto';

/** Bytes of a hash: SHA-256. */
export const HASH_BYTES = 32;

/** The root of a tree without leaves (RFC 6962 section 2.1). */
export const EMPTY_ROOT: Buffer = hash('sha256', '', 'buffer');

/** The hash of a leaf: SHA-256 of a zero byte and its content, text as UTF-8 (RFC 6962 section 2.1). */
export function leafHash(content: string | Uint8Array): Buffer {
  // Text needs no copy of its own: a zero character is a zero byte.
  return hash('sha256', typeof content === 'string' ? `\0${content}` : Buffer.concat([Buffer.of(0), content]), 'buffer');
}

/** The hash of a node over two others: SHA-256 of a byte 1, left and right (RFC 6962 section 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}

const NODE = Buffer.of(1);

/**
 * The root over neighbouring nodes of one level, the first of them at an even place of every level above: pairs are hashed,
 * one that is left over goes up unchanged. That is the tree of RFC 6962, built from below.
 * @param nodes one or more hashes, one behind the other
 */
export function foldHashes(nodes: Uint8Array): Buffer {
  // Each pair lies in its place behind the byte of a node, so that nothing is copied but hashes.
  const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);
  const level = Buffer.from(nodes);
  let count = level.length / HASH_BYTES;
  for (; count > 1; count = Math.ceil(count / 2)) {
    for (let at = 0; at + 1 < count; at += 2) {
      level.copy(pair, 1, at * HASH_BYTES, (at + 2) * HASH_BYTES);
      hash('sha256', pair, 'buffer').copy(level, (at / 2) * HASH_BYTES);
    }
    if (count % 2 === 1) level.copyWithin(((count - 1) / 2) * HASH_BYTES, (count - 1) * HASH_BYTES, count * HASH_BYTES);
  }
  return Buffer.from(level.subarray(0, HASH_BYTES));
}
