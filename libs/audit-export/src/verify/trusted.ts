import { isFault } from '@granary/faults';
import { formatVkey, momentOf, openCheckpoint, openNote, parseVkey, type Checkpoint, type NoteKey } from '@granary/transparency';
import type { KeyFile } from '../key-file';
import { problem, type Problem } from './problem';

/** A checkpoint that one of the trusted keys signed. */
export interface TrustedCheckpoint extends Checkpoint {
  readonly time: Date;
}

/** Trusted keys, and those that a trusted one vouches for, however many times a key was followed by another. */
export function endorsedKeys(known: readonly NoteKey[], files: readonly KeyFile[]): NoteKey[] {
  const found = files.find(({ vkey, endorsement }) => endorsement !== null && !known.some((key) => formatVkey(key) === vkey) && vouches(known, vkey, endorsement));
  return found === undefined ? [...known] : endorsedKeys([...known, parseVkey(found.vkey)], files);
}

function vouches(known: readonly NoteKey[], vkey: string, endorsement: string): boolean {
  try {
    parseVkey(vkey);
    const [what, named] = openNote(endorsement, known).text.split('\n');
    return named === vkey && what?.endsWith(' checkpoint key') === true;
  } catch (error) {
    if (!isFault(error)) throw error;
    return false;
  }
}

export type OpenedCheckpoint = { readonly state: 'trusted'; readonly checkpoint: TrustedCheckpoint } | { readonly state: 'refused'; readonly problem: Problem };

const CODES: Readonly<Record<string, Problem['code']>> = { 'note-unsigned': 'checkpoint-untrusted', 'note-forged': 'checkpoint-forged' };

/** Reads a checkpoint of that log. `where` names it in what is said of it. */
export function openTrusted(note: string, keys: readonly NoteKey[], origin: string | null, where: Partial<Problem> & { what: string }): OpenedCheckpoint {
  const { what, ...about } = where;
  try {
    const { checkpoint } = openCheckpoint(note, keys);
    if (origin !== null && checkpoint.origin !== origin) return { state: 'refused', problem: problem('checkpoint-untrusted', `${what} is of another log, ${checkpoint.origin}`, about) };
    return { state: 'trusted', checkpoint: { ...checkpoint, time: momentOf(checkpoint).time } };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { state: 'refused', problem: problem(CODES[error.code] ?? 'checkpoint-unreadable', `${what}: ${error.message}`, about) };
  }
}

/** A log only grows: the first checkpoint that says otherwise, in the order of their times. */
export function findRewind(checkpoints: readonly TrustedCheckpoint[]): Problem | null {
  const ordered = [...checkpoints].sort((a, b) => a.time.getTime() - b.time.getTime());
  for (const [at, later] of ordered.entries()) {
    const earlier = ordered[at - 1];
    if (earlier === undefined) continue;
    const [was, is] = [`${earlier.size} leaves at ${earlier.time.toISOString()}`, `${later.size} leaves at ${later.time.toISOString()}`];
    if (later.size < earlier.size) return problem('checkpoints-rewound', `the log was set back: its checkpoints say ${was}, and ${is}`, { leaf: later.size });
    if (later.size === earlier.size && !later.root.equals(earlier.root)) return problem('checkpoints-rewound', `the log was rewritten: two checkpoints over ${later.size} leaves have different roots, those of ${earlier.time.toISOString()} and ${later.time.toISOString()}`, { leaf: later.size });
  }
  return null;
}
