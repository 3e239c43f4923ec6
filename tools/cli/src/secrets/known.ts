import type { KnownFinding } from '@granary/contracts';
import { formatAgo } from '../shell/format';
import { usageFault } from '../shell/problem';
import { printable, type Style } from '../shell/style';
import { type Column, renderTable } from '../shell/table';

export const FINDING_STATES = ['open', 'allowed', 'resolved'] as const satisfies readonly KnownFinding['state'][];
export const FINDING_SEVERITIES = ['high', 'medium', 'low'] as const satisfies readonly KnownFinding['finding']['severity'][];
export const FINDING_KINDS = ['secret', 'personal-data'] as const satisfies readonly KnownFinding['finding']['kind'][];

/** The id of a finding, as tables print it. Faults: permanent `usage`. */
export function parseFindingId(text: string): string {
  if (/^[0-9a-f]{32}$/.test(text)) return text;
  throw usageFault(`'${text}' is not the id of a finding; it has 32 hexadecimal digits. Take it from \`granary secrets list\`.`);
}

/** Findings as a table, in the order given; never the secrets themselves. */
export function renderKnown(findings: readonly KnownFinding[], now: Date, style: Style): string {
  const columns: Column<KnownFinding>[] = [
    { title: 'severity', value: ({ finding }) => finding.severity, paint: (text, { finding }) => paintSeverity(text, finding.severity, style) },
    { title: 'state', value: ({ state }) => state, paint: (text, { state }) => (state === 'open' ? style.warn(text) : style.good(text)) },
    { title: 'repository', value: ({ repository }) => repository, paint: style.bold },
    { title: 'where', value: ({ finding }) => placeOf(finding) },
    { title: 'kind', value: ({ finding }) => finding.kind },
    { title: 'rule', value: ({ finding }) => finding.rule },
    { title: 'what is there', value: ({ finding }) => finding.preview },
    { title: 'first seen', value: ({ firstSeenAt }) => formatAgo(firstSeenAt, now) },
    { title: 'allowed because', value: ({ finding }) => finding.allowed?.reason ?? null },
    { title: 'id', value: ({ finding }) => finding.id, paint: style.dim },
  ];
  return renderTable(findings, columns, style, 'No findings.');
}

/** What became of a finding by a decision. */
export function renderDecision({ finding, repository, state }: KnownFinding, style: Style): string {
  const what = `${style.bold(printable(finding.rule))} at ${printable(placeOf(finding))} of ${printable(repository)}`;
  if (state === 'resolved') return `${what} is no longer in the newest commit; the decision is kept for when it comes back.`;
  const stands = finding.allowed === null ? 'is open' : `is allowed${finding.allowed.by === 'inline' ? ' by a comment in the file' : ''}: ${printable(finding.allowed.reason)}`;
  return `${what} ${stands}${/[.!?]$/.test(stands) ? '' : '.'}\nThe repository is harvested again with that; follow it with \`granary jobs list --repository ${printable(repository)}\`.`;
}

function placeOf({ path, line, column }: KnownFinding['finding']): string {
  return `${path}:${line}:${column}`;
}

function paintSeverity(text: string, severity: KnownFinding['finding']['severity'], style: Style): string {
  if (severity === 'high') return style.bad(text);
  return severity === 'medium' ? style.warn(text) : text;
}
