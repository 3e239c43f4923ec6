import { createHash } from 'node:crypto';

/**
 * A 64-bit number for PostgreSQL's advisory locks, as decimal text (the driver has no 64-bit integer).
 * Two names may share a number; they then only wait for each other.
 */
export function lockNumber(...name: readonly string[]): string {
  return createHash('sha256').update(name.join('\u0000')).digest().readBigInt64BE(0).toString();
}

/** Numbers in ascending order without repeats: everybody takes several locks in the same order, so nobody deadlocks. */
export function inLockOrder(numbers: Iterable<string>): string[] {
  return [...new Set(numbers)].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));
}
