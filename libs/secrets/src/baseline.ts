import { Fault } from '@granary/faults';
import type { Allowed } from './scanner';

/** Findings that were looked at and are accepted, for now or for good. */
export interface Baseline {
  readonly version: 1;
  /** Key of the hashes, 64 hexadecimal digits; null where hashes are made under a tenant's key that is kept elsewhere. */
  readonly key: string | null;
  readonly entries: readonly BaselineEntry[];
}

export interface BaselineEntry {
  readonly rule: string;
  readonly path: string;
  /** `hmac-sha256:<64 hex>` */
  readonly hash: string;
  readonly reason?: string;
}

export interface PlacedFinding {
  readonly rule: string;
  readonly path: string;
  readonly hash: string;
  readonly allowed: Allowed | null;
}

const NO_REASON = 'it is in the baseline';
const MOST_PROBLEMS = 20;

/** Findings as they are under a baseline, and the entries that no finding answers to any more. */
export function applyBaseline<F extends PlacedFinding>(findings: readonly F[], baseline: Baseline): { findings: F[]; stale: BaselineEntry[] } {
  const entries = new Map(baseline.entries.map((entry) => [keyOf(entry), entry]));
  const met = new Set<string>();
  const marked = findings.map((finding) => {
    const entry = entries.get(keyOf(finding));
    if (!entry) return finding;
    met.add(keyOf(entry));
    return finding.allowed ? finding : { ...finding, allowed: { by: 'baseline' as const, reason: entry.reason ?? NO_REASON } };
  });
  return { findings: marked, stale: baseline.entries.filter((entry) => !met.has(keyOf(entry))) };
}

/** A baseline of everything that no comment allows; reasons of a former baseline are kept. Sorted, without doubles. */
export function createBaseline(findings: readonly PlacedFinding[], key: string | null, former: Baseline | null = null): Baseline {
  const reasons = new Map(former?.entries.map((entry) => [keyOf(entry), entry.reason]));
  const entries = new Map<string, BaselineEntry>();
  for (const { rule, path, hash, allowed } of findings) {
    if (allowed?.by === 'inline') continue;
    const reason = reasons.get(keyOf({ rule, path, hash }));
    entries.set(keyOf({ rule, path, hash }), { rule, path, hash, ...(reason === undefined ? {} : { reason }) });
  }
  const sorted = [...entries.values()].sort((a, b) => compare(a.path, b.path) || compare(a.rule, b.rule) || compare(a.hash, b.hash));
  return { version: 1, key, entries: sorted };
}

/** A baseline as a file: one entry a line, so that differences can be read. */
export function renderBaseline({ version, key, entries }: Baseline): string {
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`);
  return `{\n  "version": ${version},\n  "key": ${JSON.stringify(key)},\n  "entries": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]\n}\n`;
}

/** Reads a baseline file. Fault: permanent `bad-baseline`, all problems together. */
export function parseBaseline(text: string): Baseline {
  const value = parseJson(text);
  const problems = problemsOf(value);
  if (problems.length > 0) throw Fault.permanent('bad-baseline', `the baseline cannot be used:\n${problems.slice(0, MOST_PROBLEMS).map((problem) => `- ${problem}`).join('\n')}\nWrite a new one with --write-baseline.`);
  const { key, entries } = value as Baseline;
  return { version: 1, key, entries };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Fault.permanent('bad-baseline', `the baseline is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function problemsOf(value: unknown): string[] {
  if (!isRecord(value)) return ['it is not an object'];
  const { version, key, entries } = value;
  const problems: string[] = [];
  if (version !== 1) problems.push(`"version" is ${JSON.stringify(version)}; this Granary reads version 1`);
  if (key !== null && !(typeof key === 'string' && /^[0-9a-f]{64}$/.test(key))) problems.push('"key" is neither null nor 64 hexadecimal digits');
  if (!Array.isArray(entries)) return [...problems, '"entries" is not a list'];
  return [...problems, ...entries.flatMap((entry: unknown, index) => problemsOfEntry(entry).map((problem) => `entries[${index}]: ${problem}`))];
}

function problemsOfEntry(entry: unknown): string[] {
  if (!isRecord(entry)) return ['is not an object'];
  const { rule, path, hash, reason } = entry;
  const problems: string[] = [];
  if (typeof rule !== 'string' || rule === '') problems.push('"rule" is missing');
  if (typeof path !== 'string' || path === '') problems.push('"path" is missing');
  if (typeof hash !== 'string' || !/^hmac-sha256:[0-9a-f]{64}$/.test(hash)) problems.push('"hash" is not hmac-sha256: and 64 hexadecimal digits');
  if (reason !== undefined && typeof reason !== 'string') problems.push('"reason" is not a text');
  return problems;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keyOf({ rule, path, hash }: { rule: string; path: string; hash: string }): string {
  return JSON.stringify([rule, path, hash]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
