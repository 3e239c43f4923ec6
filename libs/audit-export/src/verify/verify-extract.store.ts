import { leafHash, verifyInclusion, type NoteKey } from '@granary/transparency';
import { EVERYBODY, readExtract, readProvenRecord, type Extract } from '../extract';
import { layout } from '../layout';
import { placeOf } from './order';
import { problem, type Problem } from './problem';
import { readLines } from './read-lines.store';
import { openTrusted, type TrustedCheckpoint } from './trusted';

export interface VerifiedExtract {
  readonly problems: Problem[];
  /** Records that are proven. */
  readonly records: number;
  readonly checkpoint: TrustedCheckpoint | null;
  readonly of: string;
}

/** Checks a download of records: each by its own proof, and, where it is of everybody, that none is missing between them. */
export async function verifyExtract(root: string, text: string, keys: readonly NoteKey[]): Promise<VerifiedExtract> {
  const extract = readExtract(text);
  const opened = openTrusted(extract.checkpoint, keys, null, { file: layout.extract(''), what: 'the checkpoint that proves the records' });
  if (opened.state === 'refused') return { problems: [opened.problem], records: 0, checkpoint: null, of: extract.of };
  const { checkpoint } = opened;
  const problems: Problem[] = [];
  let records = 0;
  let before: number | null = null;
  for (const file of extract.files) {
    const blocks = readLines(root, file);
    let line = 0;
    let block = await blocks.next();
    for (; block.done !== true; block = await blocks.next()) {
      for (const written of block.value) {
        line += 1;
        if (problems.length > 0) continue;
        const judged = judge(written, before, extract, checkpoint);
        if (typeof judged === 'string') problems.push(problem('record-changed', `${file.name}, line ${line}: ${judged}`, { file: file.name, line }));
        else [before, records] = [judged, records + 1];
      }
    }
    if (block.value.trouble !== null && problems.length === 0) problems.push(problem('file-damaged', `${file.name}: ${block.value.trouble}`, { file: file.name, line: block.value.lines }));
  }
  return { problems, records, checkpoint, of: extract.of };
}

/** What is wrong with a record, or which leaf it is. */
function judge(line: Buffer, before: number | null, { of, since, until }: Extract, { size, root }: TrustedCheckpoint): number | string {
  const record = readProvenRecord(line);
  const place = record && placeOf(Buffer.from(record.leaf));
  if (record === null || place === null) return 'it is no record';
  const { index, proof, leaf } = record;
  const proven = verifyInclusion({ index, size, leafHash: leafHash(leaf), proof: proof.map((hash) => Buffer.from(hash, 'base64')), root });
  if (!proven) return `this is not leaf ${index} of the log: record or proof were changed`;
  if (place.hole === null) {
    const { tenant, storedAt } = JSON.parse(leaf) as { tenant: string; storedAt: string };
    if (of !== EVERYBODY && tenant !== of) return `it is of the tenant ${tenant}`;
    if ((since !== null && Date.parse(storedAt) < Date.parse(since)) || (until !== null && Date.parse(storedAt) >= Date.parse(until))) return `it was stored at ${storedAt}, which is not what was asked for`;
  }
  if (before !== null && index <= before) return `leaf ${index} stands behind leaf ${before}`;
  // Times may step back in the log, so what lies between two times may have gaps.
  const isWhole = of === EVERYBODY && since === null && until === null;
  if (isWhole && before !== null && index > before + 1) return `the records of leaves ${before + 1} to ${index - 1} are missing before it`;
  return index;
}
