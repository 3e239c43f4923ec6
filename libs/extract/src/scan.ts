import { readingOf } from './extractors';
import type { Fact, FactKey, SkipReason } from './facts';
import { keyText } from './facts';
import { isVendored, languageOf } from './languages/languages';
import type { TreeEntry } from '@granary/git';

/** One path of a snapshot, and how it is read. */
export interface ScannedFile {
  readonly path: string;
  readonly blob: string;
  readonly bytes: number;
  readonly language: string | null;
  /** Why it is not even looked at, null when it is. */
  readonly skipped: SkipReason | null;
  /** Which fact it needs; null when no extractor reads such files. */
  readonly wants: Wanted | null;
}

/** A fact that a file needs. */
export interface Wanted {
  readonly key: FactKey;
  /** `keyText` of the key. */
  readonly text: string;
}

// What the contract of the fact pack allows for a path.
const MAX_PATH = 4096;

export function scan({ path, utf8, type, blob, bytes }: TreeEntry): ScannedFile {
  const skipped = (reason: SkipReason): ScannedFile => ({ path, blob, bytes, language: null, skipped: reason, wants: null });
  if (path.length > MAX_PATH) return { ...skipped('path-too-long'), path: `${path.slice(0, MAX_PATH - 100)}…${blob}` };
  if (!utf8) return skipped('non-utf8-path');
  if (type !== 'file') return skipped(type);
  const language = languageOf(path);
  if (isVendored(path)) return { ...skipped('vendored'), language };
  const reading = readingOf(path, blob);
  if (reading && bytes > reading.maxBytes) return { ...skipped('too-large'), language };
  return { path, blob, bytes, language, skipped: null, wants: reading && { key: reading.key, text: keyText(reading.key) } };
}

export interface Unread extends Wanted {
  readonly bytes: number;
}

/** What has to be read: every fact that is not known, once, however many paths need it. */
export function unread(files: readonly ScannedFile[], known: ReadonlyMap<string, Fact>): Unread[] {
  const missing = new Map<string, Unread>();
  for (const { wants, bytes } of files) if (wants && !known.has(wants.text)) missing.set(wants.text, { ...wants, bytes });
  return [...missing.values()];
}

export interface Counts {
  readonly files: number;
  readonly analysed: number;
  readonly reused: number;
  readonly skipped: number;
  readonly imports: number;
}

/** Files by what became of them. A file whose content another path of the same harvest had counts as reused. */
export function countFiles(files: readonly ScannedFile[], facts: ReadonlyMap<string, Fact>, read: readonly Unread[]): Counts {
  const fresh = new Set(read.map(({ text }) => text));
  const counts = { files: files.length, analysed: 0, reused: 0, skipped: 0, imports: 0 };
  for (const { skipped, wants } of files) {
    const fact = wants && facts.get(wants.text);
    if (skipped !== null || fact?.state === 'skipped') counts.skipped += 1;
    if (!wants || fact?.state !== 'analysed') continue;
    counts.imports += fact.items;
    if (fresh.delete(wants.text)) counts.analysed += 1;
    else counts.reused += 1;
  }
  return counts;
}
