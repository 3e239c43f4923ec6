import { HASH_BYTES, leafHash } from '@granary/transparency';
import { decisionLine, isDecision } from '../decision';
import type { ExportedFile } from '../exported-file';
import type { TreeJudge } from './judge-tree';
import { follow, placeOf, type LinePlace, type LogEnd } from './order';
import { readLines } from './read-lines.store';

export interface RecordsToVerify {
  readonly folder: string;
  /** Of events, in their order. */
  readonly files: readonly ExportedFile[];
  readonly firstLeaf: number;
  /** The hash of each leaf of the day, one behind the other; null when nobody knows them. */
  readonly leaves: Buffer | null;
  /** Told the hash of each record, where that matters. */
  readonly judge: TreeJudge | null;
  /** Told the lines that the file of decisions must have. */
  decided(lines: Buffer[]): Promise<void>;
  /** Where the log stood before; null where that is not known. */
  readonly end: LogEnd | null;
}

/** A place in the files. */
export interface RecordPlace {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly leaf: number;
}

export interface VerifiedRecords {
  /** Records before the first wrong one. */
  readonly good: number;
  readonly end: LogEnd | null;
  /** Where records and leaves part; null when they do not. `records` are the hashes of what stands there and behind. */
  readonly parting: (RecordPlace & { readonly records: Buffer[]; readonly place: LinePlace | null }) | null;
  /** The first record that cannot follow the one before. */
  readonly unplaced: (RecordPlace & { readonly why: string }) | null;
  /** Whether all files could be read to their end. */
  readonly whole: boolean;
  /** Files that are not as the manifest says. */
  readonly troubles: (RecordPlace & { readonly why: string })[];
}

/** Records behind the first wrong one that are looked at to tell what was done. */
const LOOK_AHEAD = 200_000;

/** Reads the records of a day and compares each with the hash of its leaf; up to where a file cannot be read. */
export async function verifyRecords(day: RecordsToVerify): Promise<VerifiedRecords> {
  const { folder, files } = day;
  const reader = createReader(day);
  const troubles: VerifiedRecords['troubles'] = [];
  for (const file of files) {
    const blocks = readLines(folder, file);
    let block = await blocks.next();
    for (; block.done !== true; block = await blocks.next()) {
      const decided = reader.read(block.value, file.name);
      if (decided.length > 0) await day.decided(decided);
    }
    const { trouble, lines, whole } = block.value;
    if (trouble !== null) troubles.push({ file: file.name, line: lines, leaf: reader.leaf(), why: trouble });
    if (!whole) return { ...reader.found(), whole, troubles };
  }
  reader.end();
  return { ...reader.found(), whole: true, troubles };
}

/** Compares line by line and keeps what is wrong first. */
function createReader({ files, firstLeaf, leaves, judge, end: before }: RecordsToVerify) {
  let end = before;
  let good = 0;
  let [file, line] = [files[0]?.name ?? 'events-001.jsonl.gz', 0];
  let parting: VerifiedRecords['parting'] = null;
  let unplaced: VerifiedRecords['unplaced'] = null;
  const here = (): RecordPlace => ({ file, line, leaf: firstLeaf + good });
  const isLeaf = (hash: Buffer): boolean => leaves === null || leaves.compare(hash, 0, HASH_BYTES, good * HASH_BYTES, Math.min((good + 1) * HASH_BYTES, leaves.length)) === 0;

  /** The decision that the line is, as the file of decisions must have it; null for everything else. */
  const check = (text: Buffer): Buffer | null => {
    const hash = leafHash(text);
    judge?.add(hash);
    if (parting !== null) {
      if (parting.records.length < LOOK_AHEAD) parting.records.push(hash);
      return null;
    }
    const place = placeOf(text);
    if (!isLeaf(hash)) {
      parting = { ...here(), records: [hash], place };
      return null;
    }
    const next = place === null ? 'it is neither an event nor a hole' : follow(end, place);
    if (typeof next === 'string') unplaced ??= { ...here(), why: next };
    end = typeof next === 'string' ? null : next;
    good += 1;
    return place?.type && isDecision(place.type) ? decisionLine(firstLeaf + good - 1, text) : null;
  };
  return {
    read(lines: readonly Buffer[], name: string): Buffer[] {
      if (name !== file) [file, line] = [name, 0];
      const decided: Buffer[] = [];
      for (const text of lines) {
        line += 1;
        const decision = check(text);
        if (decision !== null) decided.push(decision);
      }
      return decided;
    },
    end(): void {
      if (parting !== null || leaves === null || good * HASH_BYTES === leaves.length) return;
      line += 1;
      parting = { ...here(), records: [], place: null };
    },
    leaf: () => firstLeaf + good,
    found: () => ({ good, end, parting, unplaced }),
  };
}
