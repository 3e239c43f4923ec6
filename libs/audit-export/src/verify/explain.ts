import { HASH_BYTES } from '@granary/transparency';
import type { ProblemCode } from './problem';

/** Where the records of a day and the hashes of its leaves part: the hash of each record from there on. */
export interface Parting {
  /** Of the first leaf whose record is another, counted within the day. */
  readonly at: number;
  /** The hashes of the records from there on; as many as were looked at. */
  readonly records: readonly Buffer[];
  /** The hashes of all leaves of the day, one behind the other. */
  readonly leaves: Buffer;
}

export interface Explanation {
  readonly code: Extract<ProblemCode, 'record-changed' | 'record-missing' | 'record-added' | 'record-reordered' | 'tail-missing'>;
  /** How many leaves it concerns; of added records, how many those are. */
  readonly count: number;
  /** Of a record that stands elsewhere: the leaf that it is, counted within the day. */
  readonly isLeaf: number | null;
}

/** What was done to the records, judged by the hashes that they must have. */
export function explain({ at, records, leaves }: Parting): Explanation {
  const places = placesOf(leaves, at);
  const [first, ...later] = records.map((record) => places.get(record.toString('latin1')) ?? null);
  const rest = leaves.length / HASH_BYTES - at;
  if (first === undefined) return { code: 'tail-missing', count: rest, isLeaf: null };
  if (first !== null) return later.includes(at) ? { code: 'record-reordered', count: 1, isLeaf: first } : { code: 'record-missing', count: first - at, isLeaf: first };
  // The first record is none of the log's. The next one that is tells whether it stands in place of another, or before it.
  const known = later.findIndex((place) => place !== null);
  const strangers = known === -1 ? records.length : known + 1;
  if (rest === 0 || later[known] === at) return { code: 'record-added', count: strangers, isLeaf: null };
  return { code: 'record-changed', count: Math.min(strangers, rest), isLeaf: null };
}

/** By hash, the first leaf from `from` on that has it. */
function placesOf(leaves: Buffer, from: number): Map<string, number> {
  const places = new Map<string, number>();
  for (let place = leaves.length / HASH_BYTES - 1; place >= from; place -= 1) places.set(leaves.toString('latin1', place * HASH_BYTES, (place + 1) * HASH_BYTES), place);
  return places;
}
