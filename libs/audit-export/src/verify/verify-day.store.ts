import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { HASH_BYTES } from '@granary/transparency';
import type { ExportedFile } from '../exported-file';
import { layout, LEAVES, MANIFEST } from '../layout';
import type { DayManifest } from '../manifest';
import { explain } from './explain';
import { judgeLeaves, judgeTree, type JudgedTree } from './judge-tree';
import type { LinePlace, LogEnd } from './order';
import { problem, type Problem } from './problem';
import type { TrustedCheckpoint } from './trusted';
import { checkDecisions } from './verify-decisions.store';
import { verifyRecords, type VerifiedRecords } from './verify-records.store';

export interface DayToVerify {
  readonly root: string;
  readonly manifest: DayManifest;
  /** The checkpoint that proves the day; null when nobody who is trusted signed it. */
  readonly proof: TrustedCheckpoint | null;
  /** Over leaves of the day, the smallest first. */
  readonly checkpoints: readonly TrustedCheckpoint[];
  /** Where the log stood before; null where that is not known. */
  readonly end: LogEnd | null;
}

export interface VerifiedDay {
  readonly problems: Problem[];
  /** Records before the first wrong one. */
  readonly records: number;
  readonly decisions: number;
  /** Where the log stands behind the day; null where that cannot be told. */
  readonly end: LogEnd | null;
}

/** Reads all of a day and tells what is wrong with it: of its records, the first. */
export async function verifyDay(day: DayToVerify): Promise<VerifiedDay> {
  const { root, manifest, proof, checkpoints } = day;
  const folder = layout.day(root, manifest.day);
  const about = (name: string): Partial<Problem> => ({ day: manifest.day, file: relative(root, join(folder, name)) });
  const missing = await compareNames(folder, manifest, about);
  const isThere = ({ name }: ExportedFile) => !missing.some(({ file }) => file === about(name).file);
  const [events, decisions] = [filesOf(manifest, 'events').filter(isThere), filesOf(manifest, 'decisions')];

  const leaves = await readLeaves(folder, manifest);
  const judged = leaves === null ? null : judgeLeaves(judgeTree(manifest, proof, checkpoints), leaves);
  // The records themselves are added up where the hashes beside them are not what was signed.
  const judge = judged?.proven === true ? null : judgeTree(manifest, proof, checkpoints);
  const complete = events.length === filesOf(manifest, 'events').length;
  const check = decisions.every(isThere) && complete ? checkDecisions(folder, decisions) : null;
  const records = complete ? await verifyRecords({ folder, files: events, firstLeaf: manifest.firstLeaf, leaves, judge, end: day.end, decided: async (lines) => check?.compare(lines) }) : null;

  const found: Problem[] = [...missing];
  if (leaves === null && !missing.some(({ file }) => file === about(LEAVES).file)) found.push(problem('leaves-changed', `${LEAVES} has another size than ${manifest.leaves} leaves take`, about(LEAVES)));
  if (records !== null) found.push(...recordProblems({ manifest, records, leaves, judged, own: judge?.end() ?? null, about }));
  else if (judged !== null) found.push(...treeProblems(manifest, judged, about));
  const decided = (await check?.end()) ?? { good: 0, wrong: null };
  // What follows from records that are wrong needs no word of its own.
  if (decided.wrong !== null && found.length === 0) found.push(problem('decisions-differ', `${decided.wrong.file}, line ${decided.wrong.line}: ${decided.wrong.why}`, { ...about(decided.wrong.file), line: decided.wrong.line }));
  return { problems: found, records: records?.good ?? 0, decisions: decided.good, end: found.length === 0 ? (records?.end ?? null) : null };
}

const filesOf = ({ files }: DayManifest, prefix: string): ExportedFile[] => files.filter(({ name }) => name.startsWith(`${prefix}-`));

type About = (name: string) => Partial<Problem>;

async function compareNames(folder: string, manifest: DayManifest, about: About): Promise<Problem[]> {
  const there = new Set(await readdir(folder));
  const problems: Problem[] = [];
  let leaf = manifest.firstLeaf;
  for (const { name, records } of manifest.files) {
    const isEvents = name.startsWith('events-');
    if (!there.delete(name)) {
      const what = isEvents ? ` with ${records} records, leaves ${leaf} to ${leaf + records - 1}` : '';
      problems.push(problem('file-missing', `${name}${what} is missing`, { ...about(name), leaf: isEvents ? leaf : null }));
    }
    if (isEvents) leaf += records;
  }
  there.delete(MANIFEST);
  for (const name of there) problems.push(problem('file-unknown', `${name} stands in no manifest: it was added`, about(name)));
  return problems;
}

/** Null when they are not there, or not as many as the day has leaves. */
async function readLeaves(folder: string, { leaves }: DayManifest): Promise<Buffer | null> {
  const bytes = await readFile(join(folder, LEAVES)).catch(() => null);
  return bytes?.length === leaves * HASH_BYTES ? bytes : null;
}

interface Evidence {
  readonly manifest: DayManifest;
  readonly records: VerifiedRecords;
  readonly leaves: Buffer | null;
  /** Of the hashes beside the records; null when those cannot be used. */
  readonly judged: JudgedTree | null;
  /** Of the records themselves; null where that was not needed. */
  readonly own: JudgedTree | null;
  readonly about: About;
}

function recordProblems({ manifest, records, leaves, judged, own, about }: Evidence): Problem[] {
  const problems = partingProblems({ manifest, records, leaves, judged, own, about });
  if (problems.length === 0) {
    for (const { file, line, leaf, why } of records.troubles) problems.push(problem('file-damaged', `${file}: ${why}`, { ...about(file), line, leaf }));
    const tree = own?.proven === true ? own : (judged ?? (records.whole ? own : null));
    if (tree !== null) problems.push(...treeProblems(manifest, tree, about));
  }
  if (problems.length === 0 && records.unplaced !== null) {
    const { file, line, leaf, why } = records.unplaced;
    problems.push(problem('record-unplaced', `${file}, line ${line} (leaf ${leaf}) cannot stand there: ${why}`, { ...about(file), line, leaf }));
  }
  return problems;
}

function partingProblems({ manifest, records, leaves, judged, own, about }: Evidence): Problem[] {
  const { parting, troubles } = records;
  if (parting === null || leaves === null) return [];
  const { file, line, leaf } = parting;
  if (own?.proven === true) return [problem('leaves-changed', `${LEAVES} was changed: its hash of leaf ${leaf} is not that of the record in ${file}, line ${line}, which is what was signed`, { ...about(LEAVES), leaf })];
  const what = explain({ at: leaf - manifest.firstLeaf, records: parting.records, leaves });
  const trouble = troubles.find((one) => one.file === file);
  const unsure = judged?.proven === true ? '' : `; ${LEAVES} beside it is not what was signed, either, so the first change may lie before it, behind leaf ${(judged?.goodUpTo ?? manifest.firstLeaf) - 1}`;
  const damage = trouble === undefined ? '' : `; of the file as such: ${trouble.why}`;
  return [problem(what.code, `${file}, line ${line}${nameOf(parting.place)}: ${saying(what, leaf, manifest.firstLeaf)}${damage}${unsure}`, { ...about(file), line, leaf })];
}

function saying({ code, count, isLeaf }: ReturnType<typeof explain>, leaf: number, firstLeaf: number): string {
  const to = leaf + count - 1;
  const leaves = count === 1 ? `leaf ${leaf}` : `leaves ${leaf} to ${to}`;
  const other = firstLeaf + (isLeaf ?? 0);
  if (code === 'record-changed') return `the record of ${leaves} was changed`;
  if (code === 'record-missing') return `the record of ${leaves} is missing; that of leaf ${other} follows`;
  if (code === 'record-reordered') return `the record of leaf ${other} stands where that of leaf ${leaf} belongs; both are there`;
  if (code === 'record-added') return `${count === 1 ? 'a record' : `${count} records`} that the log never had ${count === 1 ? 'stands' : 'stand'} before leaf ${leaf}`;
  return `the records end here; those of ${leaves} are missing`;
}

function nameOf(place: LinePlace | null): string {
  if (place === null) return '';
  return place.hole === null ? ` (says it is ${place.epoch}:${place.sequence})` : ` (says it is a hole of epoch ${place.epoch})`;
}

/** Where records and hashes agree with each other, and not with what was signed. */
function treeProblems(manifest: DayManifest, { proven, goodUpTo, contradicted }: JudgedTree, about: About): Problem[] {
  const end = manifest.firstLeaf + manifest.leaves;
  if (proven === false) {
    const until = contradicted?.size ?? end;
    const by = contradicted === null ? 'the checkpoint that the manifest names' : `the checkpoint of ${contradicted.time.toISOString()}`;
    if (goodUpTo === end) return [problem('proof-wrong', `the manifest does not prove its day: root or proof were changed, while the records are what was signed`, about(MANIFEST))];
    return [problem('record-changed', `between leaf ${goodUpTo} and leaf ${until - 1} at least one record is not what was signed, and the hashes beside it were changed with it: ${by} says otherwise`, { day: manifest.day, leaf: goodUpTo })];
  }
  if (contradicted === null) return [];
  return [problem('checkpoint-contradicted', `the checkpoint of ${contradicted.time.toISOString()} over ${contradicted.size} leaves says otherwise than these leaves, which another signed checkpoint confirms: the log signed two histories`, { day: manifest.day })];
}
