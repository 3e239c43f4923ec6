import { createHmac } from 'node:crypto';
import { adjust, applyBaseline, type Baseline, type BaselineEntry, credentialFileOf, type SecretScanner, type Severity } from '@granary/secrets';
import { isAtLeast, type PlacedSecret, type SecretsReport } from './report';

/** The result of one content: the parts of a report. */
export interface ScannedFile {
  readonly findings: readonly PlacedSecret[];
  readonly ignoredAllows: SecretsReport['ignoredAllows'];
  readonly overBudget: SecretsReport['overBudget'];
  readonly isBinary: boolean;
}

// git's own rule of thumb: a NUL among the first bytes. UTF-16 has them, too, and says so at its beginning.
const LOOKED_AT_BYTES = 8_000;

/** Scans one content at a path. Binary contents are not searched; that of a key store is reported by its name. */
export function scanFile(scanner: SecretScanner, key: Buffer, path: string, content: Buffer): ScannedFile {
  const isBinary = looksBinary(content);
  if (isBinary) return { findings: credentialFile(key, path, content, isBinary), ignoredAllows: [], overBudget: [], isBinary };
  const { findings, ignoredAllows, overBudget } = scanner.scan(content, { key, path });
  return {
    findings: [...findings.flatMap((finding) => adjust({ ...finding, path }, path) ?? []), ...credentialFile(key, path, content, isBinary)],
    ignoredAllows: ignoredAllows.map((ignored) => ({ path, ...ignored })),
    overBudget: overBudget.length === 0 ? [] : [{ path, rules: overBudget }],
    isBinary,
  };
}

/** Findings as they count: at least of a severity, under a baseline. Stale entries are those of paths that were scanned. */
export function judge(findings: readonly PlacedSecret[], least: Severity, baseline: Baseline | null, prefix: string): { findings: PlacedSecret[]; stale: BaselineEntry[] } {
  const applied = baseline ? applyBaseline(findings, baseline) : { findings: [...findings], stale: [] };
  const isUnder = (path: string): boolean => prefix === '' || path === prefix || path.startsWith(`${prefix}/`);
  return {
    findings: applied.findings.filter(({ severity }) => isAtLeast(severity, least)).sort(byPlace),
    stale: applied.stale.filter(({ path }) => isUnder(path)),
  };
}

// What can be read speaks for itself; only for a store that no rule can look into the name has to do.
function credentialFile(key: Buffer, path: string, content: Buffer, isBinary: boolean): PlacedSecret[] {
  const kind = credentialFileOf(path);
  if (!kind || (kind.readable && !isBinary) || content.length === 0) return [];
  const finding = {
    rule: kind.rule, severity: kind.severity, path, line: 1, column: 1, endLine: 1, endColumn: 1,
    hash: `hmac-sha256:${createHmac('sha256', key).update(content).digest('hex')}`,
    preview: `the whole file (${content.length} bytes)`,
    allowed: null,
  };
  return [adjust(finding, path) ?? []].flat();
}

function looksBinary(content: Buffer): boolean {
  const hasMark = (content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff);
  return !hasMark && content.subarray(0, LOOKED_AT_BYTES).includes(0);
}

function byPlace(a: PlacedSecret, b: PlacedSecret): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
