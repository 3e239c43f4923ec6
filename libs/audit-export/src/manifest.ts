import { hash } from 'node:crypto';
import { Fault } from '@granary/faults';
import { frontierRanges, HASH_BYTES } from '@granary/transparency';
import { isDay, type Day } from './day';
import type { ExportedFile } from './exported-file';

/** The end of a place in the event log. */
export interface LogPlace {
  readonly epoch: number;
  readonly sequence: number;
}

/** What an export says of one day: which leaves of the tree it has, in which files, and what proves them. Hashes are base64. */
export interface DayManifest {
  readonly format: typeof MANIFEST_FORMAT;
  /** Which log. */
  readonly origin: string;
  readonly day: Day;
  /** Of the day, counted from 0 over the whole log; where the next one will stand when the day has none. */
  readonly firstLeaf: number;
  readonly leaves: number;
  /** The last event up to the end of the day; null while the log has none. */
  readonly last: LogPlace | null;
  readonly files: readonly ExportedFile[];
  readonly before: {
    /** The newest signed one over no more than what lies before the day; null when there is none. */
    readonly checkpoint: string | null;
    /** The hashes of the complete subtrees before the day, the largest first. */
    readonly frontier: readonly string[];
  };
  readonly after: {
    /** Of the tree with all leaves of the day. */
    readonly root: string;
    /** The oldest signed one over at least those leaves. */
    readonly checkpoint: string;
    /** That the tree of the checkpoint begins with that of the day. */
    readonly proof: readonly string[];
  };
  /** SHA-256, in hexadecimal, of the manifest of the day before; null for the first day. */
  readonly previous: string | null;
}

export const MANIFEST_FORMAT = 'granary-audit-day/1';

/** The one text of a manifest: what was read can be written again to the same bytes. */
export function manifestText(manifest: DayManifest): string {
  const { format, origin, day, firstLeaf, leaves, last, files, before, after, previous } = manifest;
  const ordered = {
    format,
    origin,
    day,
    firstLeaf,
    leaves,
    last: last && { epoch: last.epoch, sequence: last.sequence },
    files: files.map(({ name, records, bytes, sha256 }) => ({ name, records, bytes, sha256 })),
    before: { checkpoint: before.checkpoint, frontier: before.frontier },
    after: { root: after.root, checkpoint: after.checkpoint, proof: after.proof },
    previous,
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

/** By which the manifest of the next day names this one. */
export function manifestDigest(manifest: DayManifest): string {
  return hash('sha256', manifestText(manifest), 'hex');
}

/** Faults: permanent `manifest-malformed`, which says what is wrong with it. */
export function readManifest(text: string): DayManifest {
  const manifest = parse(text) as DayManifest;
  const problem = problemOf(manifest);
  if (problem !== null) throw malformed(problem);
  if (manifestText(manifest) !== text) throw malformed('it has other members, or is written otherwise');
  return manifest;
}

function problemOf(manifest: Partial<DayManifest>): string | null {
  const { format, origin, day, firstLeaf, leaves, last, files, before, after, previous } = manifest;
  if (format !== MANIFEST_FORMAT) return `its format is not ${MANIFEST_FORMAT}`;
  if (typeof origin !== 'string' || typeof day !== 'string' || !isDay(day)) return 'it does not say which log or which day';
  if (!isCount(firstLeaf) || !isCount(leaves)) return 'it does not say which leaves it has';
  if (last !== null && (!isCount(last?.epoch) || !isCount(last.sequence))) return 'it does not say where the day ends';
  if (!Array.isArray(files) || !files.every(isFile)) return 'its list of files is damaged';
  if (!isObject(before) || !isTextOrNull(before.checkpoint) || !isHashes(before.frontier) || before.frontier.length !== frontierRanges(firstLeaf).length) return 'it does not say what lies before the day';
  if (!isObject(after) || !isHashes([after.root]) || typeof after.checkpoint !== 'string' || !isHashes(after.proof)) return 'it does not say what proves the day';
  return isTextOrNull(previous) ? null : 'it does not name the day before';
}

function parse(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told like everything else that it is not.
  }
  throw malformed('it is no JSON object');
}

/** A name is one of a file beside the manifest, and never leads elsewhere. */
function isFile(value: unknown): value is ExportedFile {
  const { name, records, bytes, sha256 } = (isObject(value) ? value : {}) as Partial<ExportedFile>;
  return typeof name === 'string' && /^[a-z]+(-\d{3,6})?\.(jsonl\.gz|bin)$/.test(name) && isCount(records) && isCount(bytes) && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';
const isHashes = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((one) => typeof one === 'string' && one.length === 44 && Buffer.from(one, 'base64').length === HASH_BYTES);

function malformed(why: string): Fault {
  return Fault.permanent('manifest-malformed', `this is no manifest of a day: ${why}`);
}
