import type { TreeEntry } from '@granary/git';
import { MAX_SEARCHED } from './analyse-blob';
import { readingOf, searchingOf } from './extractors';
import type { Fact, FactKey, LightReason, SkipReason } from './facts';
import { keyText } from './facts';
import { isVendored, languageOf } from './languages/languages';
import type { OwnModule } from './own-artifacts/own-module';

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
  /** What the repository itself says about it, when that is proven to be fresh: then `wants` only searches. */
  readonly own?: OwnModule;
}

/** A fact that a file needs. */
export interface Wanted {
  readonly key: FactKey;
  /** `keyText` of the key. */
  readonly text: string;
}

// What the contract of the fact pack allows for a path.
const MAX_PATH = 4096;

/**
 * How one path is read.
 * @param searchClass what the path promises to the search, where it is not the usual one
 */
export function scan({ path, utf8, type, blob, bytes }: TreeEntry, ruleSet: string, searchClass?: (path: string) => string): ScannedFile {
  const skipped = (reason: SkipReason): ScannedFile => ({ path, blob, bytes, language: null, skipped: reason, wants: null });
  if (path.length > MAX_PATH) return { ...skipped('path-too-long'), path: `${path.slice(0, MAX_PATH - 100)}…${blob}` };
  if (!utf8) return skipped('non-utf8-path');
  if (type !== 'file') return skipped(type);
  const language = languageOf(path);
  if (isVendored(path)) return { ...skipped('vendored'), language };
  const key = readingOf(path, blob, ruleSet, searchClass);
  if (key !== null && bytes > MAX_SEARCHED) return { ...skipped('too-large'), language };
  return { path, blob, bytes, language, skipped: null, wants: key && wanted(key) };
}

const wanted = (key: FactKey): Wanted => ({ key, text: keyText(key) });

/** The file, taken from the repository's own word and only searched by us. */
export function withOwn(file: ScannedFile, own: OwnModule, ruleSet: string): ScannedFile {
  return { ...file, own, wants: wanted(searchingOf(file.path, file.blob, ruleSet)) };
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

/**
 * Files by what became of them. A file whose content another path of the same harvest had counts as reused.
 * @param read what was read now, by `keyText`
 */
export function countFiles(files: readonly ScannedFile[], facts: ReadonlyMap<string, Fact>, read: ReadonlyMap<string, unknown>): Counts {
  const fresh = new Set(read.keys());
  const counts = { files: files.length, analysed: 0, reused: 0, skipped: 0, imports: 0 };
  for (const { skipped, wants, own } of files) {
    const fact = wants && facts.get(wants.text);
    if (skipped !== null || (fact?.state === 'skipped' && own === undefined)) counts.skipped += 1;
    if (!wants || fact?.state !== 'analysed') continue;
    counts.imports += own?.items ?? fact.items;
    if (fresh.delete(wants.text)) counts.analysed += 1;
    else counts.reused += 1;
  }
  return counts;
}

/** The tier of a whole snapshot, and why. It depends on the snapshot alone, not on what was known already. */
export function tierOf(files: readonly ScannedFile[], facts: ReadonlyMap<string, Fact>): { tier: TierShare['tier']; reasons: string[] } {
  const light = new Map<LightReason, number>();
  let [own, ours] = [0, 0];
  for (const { wants, own: ownModule } of files) {
    const fact = wants && facts.get(wants.text);
    if (ownModule !== undefined) own += 1;
    else if (wants?.key.kind === 'module' && fact?.state === 'analysed') {
      if (fact.light === null) ours += 1;
      else light.set(fact.light, (light.get(fact.light) ?? 0) + 1);
    }
  }
  const reasons = [...light].sort(([a], [b]) => (a < b ? -1 : 1)).map(([why, count]) => `${count} ${count === 1 ? 'file' : 'files'} only lightly scanned: ${LIGHT[why]}`);
  return { tier: light.size > 0 ? 3 : own > 0 && ours === 0 ? 1 : 2, reasons };
}

const LIGHT: Record<LightReason, string> = {
  crashed: 'the analysis ended its process',
  'timed-out': 'the analysis took too long',
  'too-large': 'too large to be analysed',
  unreadable: 'the parser gave up',
};

/** How the files of a snapshot were read: by which tier how many of them, in how much time of all workers together. */
export interface TierShare {
  readonly tier: 1 | 2 | 3;
  readonly files: number;
  readonly durationMs: number;
}

/**
 * Tier 1 is what was known already, by us or by the repository itself; 2 was analysed now; 3 only the light scan could read.
 * @param micros time spent on each fact that was read now, by `keyText`
 */
export function tiersOf(files: readonly ScannedFile[], facts: ReadonlyMap<string, Fact>, micros: ReadonlyMap<string, number>): TierShare[] {
  const tiers = [1, 2, 3].map((tier) => ({ tier: tier as TierShare['tier'], files: 0, micros: 0 }));
  const counted = new Set<string>();
  for (const { wants, own } of files) {
    const fact = wants && facts.get(wants.text);
    if (!wants || fact?.state !== 'analysed') continue;
    const spent = micros.get(wants.text);
    const tier = fact.light !== null && own === undefined ? 3 : own !== undefined || spent === undefined ? 1 : 2;
    const share = tiers[tier - 1] as (typeof tiers)[number];
    share.files += 1;
    if (!counted.has(wants.text)) share.micros += spent ?? 0;
    counted.add(wants.text);
  }
  return tiers.map(({ tier, files: read, micros: spent }) => ({ tier, files: read, durationMs: Math.round(spent / 1000) }));
}
