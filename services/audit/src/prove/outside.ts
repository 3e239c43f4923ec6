import { Fault, isFault } from '@granary/faults';
import { momentOf, openCheckpoint, parseVkey, type Checkpoint } from '@granary/transparency';

/** Checkpoints that are kept apart from the database, so that they show when it was set back. */
export interface Outside {
  /** The signed note that was put there last; null when there is none. */
  newest(): Promise<string | null>;
  /** Puts a signed note there, and the keys by which it can be checked. */
  keep(note: string, vkeys: readonly string[]): Promise<void>;
}

export type OutsideVerdict =
  /** Nothing is kept there, or the tree begins with it. */
  | { state: 'consistent'; newest: { checkpoint: Checkpoint; time: Date } | null }
  /** The tree has not all that was signed: it was set back, and may read what is missing from the stream. */
  | { state: 'behind'; why: string; size: number }
  /** The tree is another one. */
  | { state: 'contradicts'; why: string; size: number | null };

/**
 * Compares the tree with the checkpoint kept elsewhere.
 * @param rootAt of the tree when it had that many leaves, null when it never had or they are no longer kept
 */
export async function judgeOutside(note: string | null, own: { origin: string; size: number; vkeys: readonly string[] }, rootAt: (size: number) => Promise<Buffer | null>): Promise<OutsideVerdict> {
  if (note === null) return { state: 'consistent', newest: null };
  const read = readNote(note, own.vkeys);
  if (typeof read === 'string') return { state: 'contradicts', size: null, why: `the newest checkpoint outside of the database cannot be believed: ${read}` };
  const { size, origin, root } = read.checkpoint;
  const signed = `the checkpoint that was signed at ${read.time.toISOString()} and is kept outside of the database`;
  if (origin !== own.origin) return { state: 'contradicts', size, why: `${signed} is of the log ${origin}, and this is ${own.origin}` };
  if (own.size < size) return { state: 'behind', size, why: `${signed} has ${size} events, and the database has ${own.size}: it was set back to an earlier state` };
  if ((await rootAt(size))?.equals(root) !== true) return { state: 'contradicts', size, why: `${signed} has other events among the first ${size} than the database` };
  return { state: 'consistent', newest: read };
}

function readNote(note: string, vkeys: readonly string[]): { checkpoint: Checkpoint; time: Date } | string {
  try {
    const { checkpoint } = openCheckpoint(note, vkeys.map(parseVkey));
    return { checkpoint, time: momentOf(checkpoint).time };
  } catch (error) {
    if (isFault(error)) return error.message;
    throw error;
  }
}

/** What an operator can do about it. */
export function remedy(size: number | null): string {
  const accept = size === null ? 'take the folder of exports away to a safe place' : `set GRANARY_AUDIT_ACCEPT_REWIND=${size}`;
  return `Restore a backup that has what is missing. If it is lost for good, ${accept}: the log then goes on under another name, and what it was before stays provable by its checkpoints`;
}

/** The fault that says so. */
export function rewoundFault(why: string, size: number | null): Fault {
  return Fault.permanent('log-rewound', `${why}. ${remedy(size)}`);
}
