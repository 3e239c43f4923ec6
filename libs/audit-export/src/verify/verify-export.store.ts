import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isFault } from '@granary/faults';
import { openFrontier, parseVkey, verifyConsistency, type NoteKey } from '@granary/transparency';
import { checkpointsOf, daysWithCheckpoints, keyFilesOf, keysOf, timeOf } from '../checkpoint-files.store';
import { dayOf, daysBetween, daysLater, isDay, startOf, type Day } from '../day';
import { layout } from '../layout';
import { manifestDigest, readManifest, type DayManifest } from '../manifest';
import { readTombstone } from '../tombstone';
import type { LogEnd } from './order';
import { problem, type Problem } from './problem';
import { endorsedKeys, findRewind, openTrusted, type TrustedCheckpoint } from './trusted';
import { verifyDay } from './verify-day.store';
import { verifyExtract, type VerifiedExtract } from './verify-extract.store';

export interface VerifyOptions {
  /** Verifier keys of the log, known from elsewhere; without any, those that the folder names itself. */
  readonly keys?: readonly string[];
  /** Told after each day. */
  progress?(day: Day, records: number): void;
}

export interface Verification {
  /** Whose records, where it is a download of single ones: a tenant, or `*`; null for an export of days. */
  readonly of: string | null;
  /** Empty when everything is what was signed. In the order of the days. */
  readonly problems: Problem[];
  /** Whether keys were known from elsewhere. The folder's own prove that it fits together, not who wrote it. */
  readonly anchored: boolean;
  /** First and last day; null when there is none. */
  readonly days: { readonly first: Day; readonly last: Day; readonly count: number } | null;
  /** Days of which only a tombstone is left. */
  readonly dropped: number;
  readonly records: number;
  readonly decisions: number;
  readonly checkpoints: number;
  /** Up to when and where the log is known to have been; null without a checkpoint. */
  readonly newest: { readonly time: string; readonly size: number } | null;
}

/** After midnight, until when a day must have been exported. */
const EXPORT_MS = 6 * 3_600_000;

/**
 * Checks the folder of an export, or of a download of single records, without asking anybody: every record by its hash, every hash by a signed checkpoint, the
 * days by each other. Reads each file once, a block at a time; of the hashes, those of a day.
 * @param root folder of the export
 */
export async function verifyExport(root: string, { keys: given = [], progress = () => undefined }: VerifyOptions = {}): Promise<Verification> {
  const problems: Problem[] = [];
  // Of an empty folder there is more to say than that it has no keys.
  const known = (await namesIn(root)).length === 0 ? [] : readKeys(given.length > 0 ? given : await keysOf(root), problems);
  const keys = endorsedKeys(known, await keyFilesOf(root));
  const description = await readFile(layout.extract(root), 'utf8').catch(() => null);
  if (description !== null) return ofExtract(await verifyExtract(root, description, keys), problems, given.length > 0);
  const days = await readDays(root, problems);
  const origin = days[0]?.manifest.origin ?? null;
  const checkpoints = await readCheckpoints(root, keys, origin, problems);
  const rewind = findRewind(checkpoints);
  if (rewind !== null) problems.push(rewind);
  problems.push(...missingDays(days, checkpoints));

  let [records, decisions, end]: [number, number, LogEnd | null] = [0, 0, null];
  for (const [at, one] of days.entries()) {
    problems.push(...linkProblems(days[at - 1] ?? null, one));
    const proof = proofOf(one, keys, origin, problems);
    if (one.dropped) {
      problems.push(...droppedProblems(one, proof));
      continue;
    }
    const { firstLeaf, leaves } = one.manifest;
    const own = checkpoints.filter(({ size }) => size > firstLeaf && size <= firstLeaf + leaves).sort((a, b) => a.size - b.size);
    const startsTheLog = firstLeaf === 0 || end !== null;
    const verified = await verifyDay({ root, manifest: one.manifest, proof, checkpoints: own, end: startsTheLog ? end : null });
    problems.push(...verified.problems);
    records += verified.records;
    decisions += verified.decisions;
    end = verified.end;
    progress(one.manifest.day, records);
  }
  if (days.length === 0 && problems.length === 0) problems.push(problem('nothing-there', `${root} holds no export: name the folder that has the years in it, or a download with its extract.json`));
  const newest = [...checkpoints].sort((a, b) => a.time.getTime() - b.time.getTime()).at(-1);
  return {
    of: null,
    problems,
    anchored: given.length > 0,
    days: days.length === 0 ? null : { first: (days[0] as DayFound).manifest.day, last: (days.at(-1) as DayFound).manifest.day, count: days.length },
    dropped: days.filter(({ dropped }) => dropped).length,
    records,
    decisions,
    checkpoints: checkpoints.length,
    newest: newest === undefined ? null : { time: newest.time.toISOString(), size: newest.size },
  };
}

function ofExtract({ of, problems, records, checkpoint }: VerifiedExtract, before: readonly Problem[], anchored: boolean): Verification {
  const newest = checkpoint && { time: checkpoint.time.toISOString(), size: checkpoint.size };
  return { of, problems: [...before, ...problems], anchored, days: null, dropped: 0, records, decisions: 0, checkpoints: checkpoint === null ? 0 : 1, newest };
}

function readKeys(texts: readonly string[], problems: Problem[]): NoteKey[] {
  if (texts.length === 0) problems.push(problem('key-malformed', 'no key is known: the folder has no keys.txt; give the key of the log with --key', { file: 'keys.txt' }));
  return texts.flatMap((text) => {
    try {
      return [parseVkey(text)];
    } catch (error) {
      if (!isFault(error)) throw error;
      problems.push(problem('key-malformed', error.message, { file: 'keys.txt' }));
      return [];
    }
  });
}

interface DayFound {
  readonly manifest: DayManifest;
  /** Of the manifest, within the folder. */
  readonly file: string;
  /** Whether only a tombstone is left. */
  readonly dropped: boolean;
}

/** Every day that has a manifest or a tombstone, in the order of the days. */
async function readDays(root: string, problems: Problem[]): Promise<DayFound[]> {
  const found = new Map<Day, DayFound>();
  const put = async (day: Day, path: string, dropped: boolean, read: (text: string) => DayManifest): Promise<void> => {
    const file = relative(root, path);
    try {
      const manifest = read(await readFile(path, 'utf8'));
      if (manifest.day === day) found.set(day, { manifest, file, dropped });
      else problems.push(problem('day-misplaced', `${file} says that it is of ${manifest.day}`, { day, file }));
    } catch (error) {
      problems.push(problem('manifest-unreadable', `${file}: ${error instanceof Error ? error.message : String(error)}`, { day, file }));
    }
  };
  for (const day of await droppedDays(root)) await put(day, layout.tombstone(root, day), true, (text) => readTombstone(text).manifest);
  // A day whose files are still there is more than its tombstone: the removal was interrupted.
  for (const day of await dayFolders(root)) await put(day, layout.manifest(root, day), false, readManifest);
  return [...found.values()].sort((a, b) => (a.manifest.day < b.manifest.day ? -1 : 1));
}

async function droppedDays(root: string): Promise<Day[]> {
  const names = await namesIn(layout.tombstones(root));
  return names.filter((name) => name.endsWith('.json') && isDay(name.slice(0, -5))).map((name) => name.slice(0, -5));
}

async function dayFolders(root: string): Promise<Day[]> {
  const days: Day[] = [];
  for (const year of (await namesIn(root)).filter((name) => /^\d{4}$/.test(name))) {
    for (const month of await namesIn(join(root, year))) {
      for (const day of await namesIn(join(root, year, month))) days.push(`${year}-${month}-${day}`);
    }
  }
  return days.filter(isDay);
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function readCheckpoints(root: string, keys: readonly NoteKey[], origin: string | null, problems: Problem[]): Promise<TrustedCheckpoint[]> {
  const trusted: TrustedCheckpoint[] = [];
  for (const day of await daysWithCheckpoints(root)) {
    const file = relative(root, layout.checkpointsOf(root, day));
    for (const [at, note] of (await checkpointsOf(root, day)).entries()) {
      const opened = openTrusted(note, keys, origin, { day, file, what: `checkpoint ${at + 1} in ${file}${saidTime(note)}` });
      if (opened.state === 'trusted') trusted.push(opened.checkpoint);
      else problems.push(opened.problem);
    }
  }
  return trusted;
}

/** What a checkpoint that may be anything says of its time. */
function saidTime(note: string): string {
  try {
    return `, of ${timeOf(note).toISOString()}`;
  } catch {
    return '';
  }
}

/** Days between others, and days that the newest checkpoint shows to have passed. */
function missingDays(days: readonly DayFound[], checkpoints: readonly TrustedCheckpoint[]): Problem[] {
  const problems: Problem[] = [];
  for (const [at, { manifest }] of days.entries()) {
    const before = days[at - 1];
    if (before === undefined) continue;
    for (const day of daysBetween(before.manifest.day, manifest.day)) problems.push(problem('day-missing', `${day} is missing: it has neither files nor a tombstone`, { day, leaf: before.manifest.firstLeaf + before.manifest.leaves }));
  }
  const last = days.at(-1)?.manifest;
  const newest = checkpoints.reduce<TrustedCheckpoint | null>((latest, one) => (latest === null || one.time > latest.time ? one : latest), null);
  if (last === undefined || newest === null) return problems;
  for (const day of daysBetween(last.day, daysLater(dayOf(newest.time), 1))) {
    if (startOf(daysLater(day, 1)).getTime() + EXPORT_MS > newest.time.getTime()) break;
    problems.push(problem('tail-missing', `${day} is missing: the export ends with ${last.day} and leaf ${last.firstLeaf + last.leaves - 1}, but a checkpoint of ${newest.time.toISOString()} over ${newest.size} leaves was signed long after ${day}`, { day, leaf: last.firstLeaf + last.leaves }));
  }
  return problems;
}

/** Whether a day continues the one before it. */
function linkProblems(before: DayFound | null, { manifest, file }: DayFound): Problem[] {
  if (before === null) return [];
  const { day } = manifest;
  const isNext = daysLater(before.manifest.day, 1) === day;
  if (isNext && manifest.previous !== manifestDigest(before.manifest)) {
    return [problem('manifest-changed', `${file} follows another manifest of ${before.manifest.day} than the one in ${before.file}: one of them was changed`, { day: before.manifest.day, file: before.file })];
  }
  const end = before.manifest.firstLeaf + before.manifest.leaves;
  if (isNext && (manifest.firstLeaf !== end || !rootBefore(manifest).equals(Buffer.from(before.manifest.after.root, 'base64')))) {
    return [problem('manifest-changed', `${file} does not go on where ${before.manifest.day} ends, at leaf ${end}`, { day, file, leaf: end })];
  }
  return [];
}

function rootBefore({ firstLeaf, before }: DayManifest): Buffer {
  return openFrontier(firstLeaf, before.frontier.map((hash) => Buffer.from(hash, 'base64'))).root();
}

function proofOf({ manifest, file }: DayFound, keys: readonly NoteKey[], origin: string | null, problems: Problem[]): TrustedCheckpoint | null {
  const opened = openTrusted(manifest.after.checkpoint, keys, origin, { day: manifest.day, file, what: `the checkpoint that proves ${manifest.day}` });
  if (opened.state === 'trusted') return opened.checkpoint;
  problems.push(opened.problem);
  return null;
}

/** Of a day without files its root is left, which the log must have signed. */
function droppedProblems({ manifest, file }: DayFound, proof: TrustedCheckpoint | null): Problem[] {
  if (proof === null) return [];
  const { firstLeaf, leaves, after, day } = manifest;
  const bytes = (hash: string) => Buffer.from(hash, 'base64');
  const proven = verifyConsistency({ first: firstLeaf + leaves, firstRoot: bytes(after.root), second: proof.size, secondRoot: proof.root, proof: after.proof.map(bytes) });
  return proven ? [] : [problem('proof-wrong', `${file} does not prove what it says of ${day}: it was changed`, { day, file })];
}
