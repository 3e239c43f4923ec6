import { Fault } from '@granary/faults';
import type { ExportedFile } from './exported-file';

/** What a download of single records says of itself. The records say the rest, each with its proof. */
export interface Extract {
  readonly format: typeof EXTRACT_FORMAT;
  /** Whose records: a tenant, or `*` for those of everybody, which then have to be there without a gap. */
  readonly of: string;
  /** Times between which they were stored; null without a bound. */
  readonly since: string | null;
  readonly until: string | null;
  /** The signed one that proves every record. What is younger is not here. */
  readonly checkpoint: string;
  readonly records: number;
  readonly files: readonly ExportedFile[];
}

export const EXTRACT_FORMAT = 'granary-audit-extract/1';
export const EVERYBODY = '*';

/** One line of its files. */
export interface ProvenRecord {
  /** Of the leaf, from 0. */
  readonly index: number;
  /** Base64 of the hashes from the leaf up to the root. */
  readonly proof: readonly string[];
  /** The leaf, to the byte. */
  readonly leaf: string;
}

export function extractText(extract: Omit<Extract, 'format'>): string {
  return `${JSON.stringify({ format: EXTRACT_FORMAT, ...extract }, null, 2)}\n`;
}

/** Faults: permanent `extract-malformed`. */
export function readExtract(text: string): Extract {
  const extract = parse<Partial<Extract>>(text);
  const { format, of, checkpoint, records, files } = extract ?? {};
  const named = Array.isArray(files) && files.every(({ name, sha256 }) => /^records-\d{3,6}\.jsonl\.gz$/.test(name) && typeof sha256 === 'string');
  if (format !== EXTRACT_FORMAT || typeof of !== 'string' || typeof checkpoint !== 'string' || typeof records !== 'number' || !named) {
    throw Fault.permanent('extract-malformed', `this does not describe a download of records: it is not of the format ${EXTRACT_FORMAT}, or something is missing`);
  }
  return extract as Extract;
}

/** Null for a line that is something else. */
export function readProvenRecord(line: Buffer): ProvenRecord | null {
  const { index, proof, leaf } = parse<Partial<ProvenRecord>>(line.toString()) ?? {};
  const isRecord = Number.isSafeInteger(index) && typeof leaf === 'string' && Array.isArray(proof) && proof.every((hash) => typeof hash === 'string');
  return isRecord ? { index: index as number, proof: proof as string[], leaf } : null;
}

function parse<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T | null;
  } catch {
    return null;
  }
}
