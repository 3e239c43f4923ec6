import { type Allowed, type BaselineEntry, identityOf, type RuleInfo, type SecretFinding, type Severity } from '@granary/secrets';
import { formatCount, plural } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { renderTable } from '../shell/table';

/** A finding with the path of its file, relative to the root of the scan. */
export type PlacedSecret = SecretFinding & { readonly path: string };

export interface SkippedFile {
  readonly path: string;
  readonly reason: 'too large' | 'unreadable';
}

/** What a scan found, and what it did not look at. */
export interface SecretsReport {
  /** Folder that paths are relative to, or the bare repository. */
  readonly root: string;
  /** Engine, rules and custom rules. */
  readonly version: string;
  readonly rules: readonly RuleInfo[];
  /** By path, then by place. */
  readonly findings: readonly PlacedSecret[];
  readonly stale: readonly BaselineEntry[];
  readonly skipped: readonly SkippedFile[];
  readonly ignoredAllows: readonly { readonly path: string; readonly line: number; readonly problem: string }[];
  readonly overBudget: readonly { readonly path: string; readonly rules: readonly string[] }[];
  readonly files: number;
  readonly bytes: number;
  readonly binaryFiles: number;
  /** Whether hashes can be compared with those of other runs: true when the key comes from a baseline. */
  readonly comparable: boolean;
}

const ORDER: readonly Severity[] = ['high', 'medium', 'low'];
const MOST_NOTES = 20;

/** Whether a severity is at least another. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return ORDER.indexOf(severity) <= ORDER.indexOf(least);
}

/** The findings that nothing allows: they decide the exit code. */
export function remaining(findings: readonly PlacedSecret[]): PlacedSecret[] {
  return findings.filter(({ allowed }) => allowed === null);
}

/** The document of --json and of --format json. Hashes are left out when nobody could compare them. */
export function reportJson(report: SecretsReport): unknown {
  const { rules, findings, comparable, ...rest } = report;
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  return {
    ...rest,
    counts: { ...countBySeverity(remaining(findings)), allowed: findings.length - remaining(findings).length },
    findings: findings.map(({ hash, ...finding }) => ({ ...finding, title: titles.get(finding.rule) ?? finding.rule, ...(comparable ? { id: identityOf({ ...finding, hash }), hash } : {}) })),
  };
}

/** The report for people: what remains as a table, then what was passed over, then the sum. */
export function renderReport(report: SecretsReport, style: Style): string {
  return [...tableOf(report, style), ...notesOf(report, style), summaryOf(report, style)].join('\n');
}

function tableOf({ findings, rules }: SecretsReport, style: Style): string[] {
  const left = remaining(findings).toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  if (left.length === 0) return [];
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  const paint = (text: string, { severity }: PlacedSecret): string => (severity === 'high' ? style.bad(text) : severity === 'medium' ? style.warn(text) : text);
  return [
    renderTable(left, [
      { title: 'severity', value: ({ severity }) => severity, paint },
      { title: 'where', value: ({ path, line, column }) => `${path}:${line}:${column}` },
      { title: 'rule', value: ({ rule }) => rule },
      { title: 'what', value: ({ rule }) => titles.get(rule) ?? rule },
      { title: 'secret', value: ({ preview }) => preview },
    ], style, ''),
    '',
  ];
}

function notesOf({ stale, skipped, ignoredAllows, overBudget }: SecretsReport, style: Style): string[] {
  const notes = [
    ...skipped.map(({ path, reason }) => `not scanned, ${reason}: ${path}`),
    ...overBudget.map(({ path, rules }) => `not searched to the end for ${rules.join(', ')}: ${path}`),
    ...ignoredAllows.map(({ path, line, problem }) => `${path}:${line}: this inline allow counts for nothing: ${problem}`),
    ...stale.map(({ rule, path }) => `the baseline's entry for ${rule} in ${path} answers to nothing any more; remove it, or write the baseline anew`),
  ];
  const shown = notes.slice(0, MOST_NOTES).map((note) => style.warn(printable(note)));
  if (notes.length > MOST_NOTES) shown.push(style.warn(`… and ${formatCount(notes.length - MOST_NOTES)} more; --json has them all`));
  return shown.length === 0 ? [] : [...shown, ''];
}

function summaryOf({ findings, files, bytes, binaryFiles }: SecretsReport, style: Style): string {
  const left = remaining(findings);
  const { high, medium, low } = countBySeverity(left);
  const found = left.length === 0 ? style.good('No secrets') : style.bad(`${formatCount(left.length)} ${left.length === 1 ? 'secret' : 'secrets'}`);
  const parts = left.length === 0 ? '' : ` (${high} high, ${medium} medium, ${low} low)`;
  const allowed = findings.length === left.length ? '' : `, ${allowedBy(findings)}`;
  return `${found}${parts}${allowed} in ${plural(files, 'file')}, ${(bytes / 1e6).toFixed(1)} MB; ${plural(binaryFiles, 'binary file')} passed over.`;
}

function allowedBy(findings: readonly PlacedSecret[]): string {
  const count = (by: Allowed['by']): number => findings.filter(({ allowed }) => allowed?.by === by).length;
  return [[count('inline'), 'allowed by a comment'], [count('baseline'), 'by the baseline']].filter(([number]) => number !== 0).map(([number, words]) => `${number} ${words}`).join(', ');
}

function countBySeverity(findings: readonly PlacedSecret[]): Record<Severity, number> {
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return { high: count('high'), medium: count('medium'), low: count('low') };
}
