import { Fault } from '@granary/faults';
import { decodeBase64 } from './base64';
import { HASH_BYTES } from './hash';
import { openNote, signNote, type NoteSigner } from './note';
import type { NoteKey } from './note-key';

/** What a log says of itself at one moment (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** Which log. */
  origin: string;
  /** Leaves of its tree. */
  size: number;
  root: Buffer;
  /** Lines behind those three; not empty, and without line breaks. */
  extensions: readonly string[];
}

/** The text that is signed. Faults: `checkpoint-malformed`. */
export function checkpointText({ origin, size, root, extensions }: Checkpoint): string {
  const lines = [origin, String(size), root.toString('base64'), ...extensions];
  const text = `${lines.join('\n')}\n`;
  parseCheckpoint(text);
  return text;
}

/** Faults: `checkpoint-malformed`. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', size = '', encoded = '', ...extensions] = text.split('\n').slice(0, -1);
  const root = decodeBase64(encoded);
  if (!text.endsWith('\n') || origin === '' || extensions.includes('')) throw malformed('it needs origin, size and root, each on a line of its own, and no empty line');
  if (!/^(0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size))) throw malformed(`'${size.slice(0, 100)}' is not the size of a tree`);
  if (root === null || root.length !== HASH_BYTES) throw malformed(`'${encoded.slice(0, 100)}' is no base64 of ${HASH_BYTES} bytes`);
  return { origin, size: Number(size), root, extensions };
}

/** A checkpoint as a signed note. */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly NoteSigner[]): string {
  return signNote(checkpointText(checkpoint), signers);
}

/**
 * Reads a signed checkpoint whose key the reader trusts.
 * Faults: those of `openNote`, `checkpoint-malformed`.
 */
export function openCheckpoint(note: string, trusted: readonly NoteKey[]): { checkpoint: Checkpoint; keys: NoteKey[] } {
  const { text, keys } = openNote(note, trusted);
  return { checkpoint: parseCheckpoint(text), keys };
}

/** Where an event log stood at a checkpoint: the last of its leaves, and when that was. */
export interface LogMoment {
  time: Date;
  /** Both 0 while the log is empty. */
  epoch: number;
  sequence: number;
}

/** As the extension lines of a checkpoint. */
export function momentLines({ time, epoch, sequence }: LogMoment): string[] {
  return [`time ${time.toISOString()}`, `epoch ${epoch}`, `sequence ${sequence}`];
}

/** Faults: `checkpoint-malformed` unless exactly those lines are there. */
export function momentOf({ extensions }: Checkpoint): LogMoment {
  const read = extensions.length === 3 ? /^time (\S+)\nepoch (0|[1-9]\d*)\nsequence (0|[1-9]\d*)$/.exec(extensions.join('\n')) : null;
  const [, time = '', epoch, sequence] = read ?? [];
  const moment = { time: new Date(time), epoch: Number(epoch), sequence: Number(sequence) };
  const exact = read !== null && !Number.isNaN(moment.time.getTime()) && moment.time.toISOString() === time && Number.isSafeInteger(moment.epoch) && Number.isSafeInteger(moment.sequence);
  if (!exact) throw malformed(`it does not say when it was and how far the log went ('${extensions.join(', ').slice(0, 200)}')`);
  return moment;
}

function malformed(why: string): Fault {
  return Fault.permanent('checkpoint-malformed', `this is no checkpoint: ${why}`);
}
