import { createHash } from 'node:crypto';
import type { FactAiUsage, Finding, FindingCounts } from '@granary/contracts';
import { adjustPersonalData } from '@granary/personal-data';
import { adjust, credentialFileOf } from '@granary/secrets';
import type { Fact } from './facts';
import type { ScannedFile } from './scan';
import type { BlobFindings } from './search';

/** All that was found in the files of a snapshot. */
export interface Found {
  /** Sorted by path, line and rule. */
  readonly findings: readonly Finding[];
  /** Sorted by path. */
  readonly aiUsage: readonly FactAiUsage[];
  /** What is to be said about the search itself, for people. */
  readonly remarks: readonly string[];
}

/**
 * Puts what was found in blobs where it belongs: to paths, which may lower a severity or be credential files themselves.
 * @param decisions reasons of findings that somebody let stay, by id
 */
export function findingsOf(files: readonly ScannedFile[], facts: ReadonlyMap<string, Fact>, decisions: ReadonlyMap<string, string>): Found {
  const findings: Finding[] = [];
  const aiUsage: FactAiUsage[] = [];
  const overBudget = new Map<string, number>();
  for (const { path, wants, skipped } of files) {
    if (skipped !== null) continue;
    const text = wants && (facts.get(wants.text)?.findings ?? null);
    const found = text === null ? null : (JSON.parse(text) as BlobFindings);
    const ofFile = new Map<string, Finding>();
    for (const finding of [...credentialFile(path), ...(found === null ? [] : inFile(path, found))]) if (!ofFile.has(finding.id)) ofFile.set(finding.id, decided(finding, decisions));
    findings.push(...[...ofFile.values()].sort((a, b) => a.line - b.line || compareText(a.rule, b.rule) || compareText(a.id, b.id)));
    if (found === null) continue;
    if (found.aiCalls.length > 0) aiUsage.push({ path, calls: [...found.aiCalls] });
    for (const rule of found.overBudget) overBudget.set(rule, (overBudget.get(rule) ?? 0) + 1);
  }
  return { findings, aiUsage, remarks: [...overBudget].sort(([a], [b]) => compareText(a, b)).map(([rule, count]) => `rule ${rule} had too much to look at in ${count} ${count === 1 ? 'file' : 'files'} and was left out there`) };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function inFile(path: string, { secrets, personalData }: BlobFindings): Finding[] {
  return [
    ...secrets.map((secret): Finding => {
      const { rule, severity, line, column, endLine, endColumn, hash, preview, allowed } = adjust(secret, path);
      return { id: idOf('secret', rule, path, hash), kind: 'secret', rule, severity, path, line, column, endLine, endColumn, hash, preview, allowed: allowed?.by === 'inline' ? { by: 'inline', reason: allowed.reason } : null };
    }),
    ...personalData.map((data): Finding => {
      const { rule, severity, line, column, endLine, endColumn, hash, preview } = adjustPersonalData(data, path);
      return { id: idOf('personal-data', rule, path, hash), kind: 'personal-data', rule, severity, path, line, column, endLine, endColumn, hash, preview, allowed: null };
    }),
  ];
}

/** A file whose name alone says that it holds credentials. There is no value to hash: its path stands for it. */
function credentialFile(path: string): Finding[] {
  const named = credentialFileOf(path);
  if (named === null) return [];
  const hash = `hmac-sha256:${createHash('sha256').update(path).digest('hex')}`;
  return [{ id: idOf('secret', named.rule, path, hash), kind: 'secret', rule: named.rule, severity: named.severity, path, line: 1, column: 1, endLine: 1, endColumn: 1, hash, preview: 'a file for credentials, by its name', allowed: null }];
}

function decided(finding: Finding, decisions: ReadonlyMap<string, string>): Finding {
  const reason = decisions.get(finding.id);
  return reason === undefined || finding.allowed !== null ? finding : { ...finding, allowed: { by: 'decision', reason } };
}

/** The same finding has the same id wherever in its file it stands. */
function idOf(kind: Finding['kind'], rule: string, path: string, hash: string): string {
  return createHash('sha256').update([kind, rule, path, hash].join('\n')).digest('hex').slice(0, 32);
}

/** Counts open findings; those that are allowed only as such. */
export function countFindings({ findings, aiUsage }: Pick<Found, 'findings' | 'aiUsage'>): FindingCounts {
  const none = () => ({ high: 0, medium: 0, low: 0 });
  const counts = { secrets: none(), personalData: none(), allowed: 0, aiCalls: aiUsage.flatMap(({ calls }) => calls.filter(isCallSite)).length };
  for (const { kind, severity, allowed } of findings) {
    if (allowed !== null) counts.allowed += 1;
    else counts[kind === 'secret' ? 'secrets' : 'personalData'][severity] += 1;
  }
  return counts;
}

/** A place that asks a model for something. Building a client is none, as in the posture. */
const isCallSite = ({ operation }: Found['aiUsage'][number]['calls'][number]): boolean => operation !== 'client';
