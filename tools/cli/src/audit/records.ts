import { formatDollars } from '@granary/client';
import type { AiRecord, AuditRecordShowResponse } from '@granary/contracts';
import { formatCount, formatDuration, plural } from '../shell/format';
import { formatPosition } from '../shell/input';
import { toJson } from '../shell/json';
import { printable, type Style } from '../shell/style';
import { type Column, renderFacts, renderTable } from '../shell/table';

export const RECORD_KINDS = ['invocation', 'safety-check', 'harvest-safety', 'pii-handling', 'rejected-output'] as const;
export const RISKS = ['none', 'low', 'medium', 'high', 'critical'] as const;

/** Records of the AI audit as a table, in the order given. */
export function renderRecords(records: readonly AiRecord[], style: Style): string {
  const columns: Column<AiRecord>[] = [
    { title: 'position', value: ({ position }) => formatPosition(position), align: 'right' },
    { title: 'stored', value: ({ storedAt }) => storedAt },
    { title: 'kind', value: ({ kind }) => kind, paint: style.bold },
    { title: 'outcome', value: ({ outcome }) => outcome },
    { title: 'provider', value: ({ provider }) => provider },
    { title: 'model', value: ({ model }) => model },
    { title: 'risk', value: ({ risk }) => risk, paint: (text, { risk }) => paintRisk(text, risk, style) },
    { title: 'tokens', value: tokensOf, align: 'right' },
    { title: 'cost', value: (record) => costOf(record), align: 'right', paint: (text, { cost }) => (cost?.unpriced ? style.warn(text) : text) },
    { title: 'event', value: ({ eventId }) => eventId, paint: style.dim },
  ];
  return renderTable(records, columns, style, 'No such records.');
}

/** Everything about one record: what it is, how its cost came about, and what else is about the same call. */
export function renderRecord({ record, detail, costs, related }: AuditRecordShowResponse, style: Style): string {
  return [
    factsOf(record, style),
    ...(costs.length === 0 ? [] : [renderTable(costs, [{ title: 'tokens', value: ({ kind }) => kind }, { title: 'charged', value: ({ tokens }) => formatCount(tokens), align: 'right' }, { title: 'dollars a million', value: ({ dollarsPerMillion }) => dollarsPerMillion, align: 'right' }], style, '')]),
    toJson(detail, 2),
    ...(related.length === 0 ? [] : [`${style.bold('About the same call')}\n${renderRecords(related, style)}`]),
  ].join('\n\n');
}

/** What a call cost, or why nobody knows: never an empty cell for a call. */
export function costOf({ cost }: AiRecord): string | null {
  if (cost === null) return null;
  return cost.nanoDollars === null ? `unpriced: ${cost.unpriced ?? ''}` : formatDollars(cost.nanoDollars);
}

function factsOf(record: AiRecord, style: Style): string {
  const { position, kind, outcome, risk, score, latencyMs, items, cost } = record;
  const words: readonly (readonly [string, string | null])[] = [['type', record.type], ['event', record.eventId], ['stored', record.storedAt], ['from', record.source], ['correlation', record.correlationId], ['key', record.key], ['provider', record.provider], ['model', record.model], ['operation', record.operation], ['outcome', outcome], ['repository', record.repositoryId], ['call', record.invocationId]];
  return renderFacts([
    ['position', formatPosition(position)],
    ['kind', kind],
    ...words.map(([name, value]) => [name, value === null ? null : printable(value)] as const),
    ['risk', risk === null ? null : paintRisk(risk, risk, style)],
    ['score', score === null ? null : `${score.toFixed(2)} of 1`],
    ['took', latencyMs === null ? null : formatDuration(latencyMs)],
    ['items', items],
    ['tokens', record.tokens.map((one) => `${printable(one.kind)} ${formatCount(one.tokens)}`).join(', ')],
    ['cost', costOf(record)],
    ['price table', cost?.priceTable ?? null],
    ['cost as reported', cost?.reportedNanoDollars == null ? null : formatDollars(cost.reportedNanoDollars)],
  ], style);
}

/** Parts are in `input` and `output` already. */
function tokensOf({ tokens }: AiRecord): string | null {
  if (tokens.length === 0) return null;
  return formatCount(tokens.filter(({ kind }) => kind === 'input' || kind === 'output').reduce((sum, one) => sum + one.tokens, 0));
}

function paintRisk(text: string, risk: AiRecord['risk'], style: Style): string {
  if (risk === 'high' || risk === 'critical') return style.bad(text);
  return risk === 'medium' ? style.warn(text) : text;
}

/** What a line under the table says of calls without a cost. */
export function unpricedHint(unpriced: number): string | null {
  return unpriced === 0 ? null : `${plural(unpriced, 'call')} without a cost: the sum does not have them; \`granary audit prices\` says why.`;
}
