import { createHash } from 'node:crypto';
import { identityOf, type RuleInfo, type Severity } from '@granary/secrets';
import type { PlacedSecret, SecretsReport } from './report';

const LEVELS: Readonly<Record<Severity, string>> = { high: 'error', medium: 'warning', low: 'note' };
// How GitHub's code scanning sorts alerts.
const SCORES: Readonly<Record<Severity, string>> = { high: '8.0', medium: '5.0', low: '3.0' };
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * The report as SARIF 2.1.0 (OASIS). Allowed findings stay, as suppressed results. Columns are UTF-16 code units.
 * `secretPlace/v1` tells results apart by rule, path and order; `secretIdentity/v1` by the secret itself, and is there
 * only under a baseline's key, since under a key of one run it would change with every run.
 */
export function toSarif(report: SecretsReport, toolVersion: string): unknown {
  const indexes = new Map(report.rules.map(({ id }, index) => [id, index]));
  const places = placesOf(report.findings);
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'granary secrets', version: toolVersion, semanticVersion: toolVersion, rules: report.rules.map(describeRule), properties: { rulesVersion: report.version } } },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: notificationsOf(report) }],
        results: report.findings.map((finding, index) => resultOf(finding, indexes.get(finding.rule) ?? -1, places[index] ?? '', report)),
      },
    ],
  };
}

function describeRule({ id, title, severity }: RuleInfo): unknown {
  return {
    id,
    name: id.replace(/(?:^|-)([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    help: { text: `${title}: take it out of the code, revoke it where it was issued, and give the program a new one from outside. If it is none, write "granary:allow secret(${id}) <reason>" in a comment on its line.` },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: { tags: ['security', 'secret'], 'security-severity': SCORES[severity] },
  };
}

function resultOf(finding: PlacedSecret, ruleIndex: number, place: string, { rules, comparable }: SecretsReport): unknown {
  const { rule, severity, path, line, column, endLine, endColumn, preview, allowed } = finding;
  return {
    ruleId: rule,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: LEVELS[severity],
    message: { text: `${rules[ruleIndex]?.title ?? rule}: ${preview}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: '%SRCROOT%' }, region: { startLine: line, startColumn: column, endLine, endColumn } } }],
    partialFingerprints: { 'secretPlace/v1': place, ...(comparable ? { 'secretIdentity/v1': identityOf(finding) } : {}) },
    ...(allowed ? { suppressions: [{ kind: allowed.by === 'inline' ? 'inSource' : 'external', status: 'accepted', justification: allowed.reason }] } : {}),
    properties: { severity },
  };
}

function placesOf(findings: readonly PlacedSecret[]): string[] {
  const counts = new Map<string, number>();
  return findings.map(({ rule, path }) => {
    const place = JSON.stringify([rule, path]);
    const order = counts.get(place) ?? 0;
    counts.set(place, order + 1);
    return createHash('sha256').update(`${place}${order}`).digest('hex').slice(0, 32);
  });
}

function notificationsOf({ skipped, overBudget, ignoredAllows, stale }: SecretsReport): unknown[] {
  const note = (text: string, path: string, startLine?: number): unknown => ({
    level: 'warning',
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: '%SRCROOT%' }, ...(startLine === undefined ? {} : { region: { startLine } }) } }],
  });
  return [
    ...skipped.map(({ path, reason }) => note(`not scanned: ${reason}`, path)),
    ...overBudget.map(({ path, rules }) => note(`not searched to the end for ${rules.join(', ')}`, path)),
    ...ignoredAllows.map(({ path, line, problem }) => note(`this inline allow counts for nothing: ${problem}`, path, line)),
    ...stale.map(({ path, rule }) => note(`the baseline's entry for ${rule} answers to nothing any more`, path)),
  ];
}

function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
