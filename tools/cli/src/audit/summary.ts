import { formatDollars } from '@granary/client';
import type { AiGroup, AuditSummaryShowResponse } from '@granary/contracts';
import { formatCount, formatDuration, plural } from '../shell/format';
import type { Style } from '../shell/style';
import { type Column, renderTable } from '../shell/table';
import { formatChange } from './money';
import { unpricedHint } from './records';

export const DIMENSIONS = ['day', 'week', 'month', 'kind', 'provider', 'model', 'repository', 'risk', 'outcome'] as const;

export type Dimension = (typeof DIMENSIONS)[number];

/** Sums as a table with one column for each dimension, and the whole below it. */
export function renderSummary({ from, to, groups, more, total, before, readUpTo }: AuditSummaryShowResponse, by: readonly Dimension[], style: Style): string {
  const compared = before !== null;
  const columns: Column<AiGroup>[] = [
    ...by.map((dimension): Column<AiGroup> => ({ title: TIMES.includes(dimension) ? `${dimension} of` : dimension, value: (group) => nameOf(group, dimension), paint: style.bold })),
    { title: 'records', value: ({ measures }) => formatCount(measures.events), align: 'right' },
    { title: 'calls', value: ({ measures }) => formatCount(measures.calls), align: 'right' },
    { title: 'cost', value: ({ measures }) => formatDollars(measures.nanoDollars), align: 'right' },
    ...(compared ? [{ title: 'before', value: (group: AiGroup) => formatDollars(group.before?.nanoDollars ?? '0'), align: 'right' as const }, { title: 'change', value: (group: AiGroup) => formatChange(group.measures.nanoDollars, group.before?.nanoDollars ?? '0'), align: 'right' as const }] : []),
    { title: 'unpriced', value: ({ measures }) => (measures.unpriced === 0 ? null : formatCount(measures.unpriced)), align: 'right', paint: (text, { measures }) => (measures.unpriced > 0 ? style.warn(text) : text) },
    { title: 'input', value: ({ measures }) => tokensOf(measures, 'input'), align: 'right' },
    { title: 'output', value: ({ measures }) => tokensOf(measures, 'output'), align: 'right' },
    { title: 'mean time', value: ({ measures }) => (measures.latencyMs === null ? null : formatDuration(measures.latencyMs)), align: 'right' },
    { title: 'score', value: ({ measures }) => (measures.score === null ? null : measures.score.toFixed(2)), align: 'right' },
  ];
  const whole = `${plural(total.events, 'record')}, ${plural(total.calls, 'call')} for ${formatDollars(total.nanoDollars)}${before === null ? '' : ` (before: ${formatDollars(before.nanoDollars)})`}`;
  return [
    style.dim(`${from} to ${to}${readUpTo === null ? ', nothing read yet' : `, read up to ${readUpTo}`}`),
    ...(by.length === 0 ? [] : [renderTable(groups, columns, style, 'No records.')]),
    ...(more ? [style.dim('There are more; see them with --limit.')] : []),
    whole,
    ...[unpricedHint(total.unpriced)].filter((hint) => hint !== null).map((hint) => style.warn(hint)),
  ].join('\n');
}

const TIMES: readonly Dimension[] = ['week', 'month'];

function nameOf(group: AiGroup, dimension: Dimension): string | null {
  if (dimension === 'day' || dimension === 'week' || dimension === 'month') return group.day ?? null;
  return group[dimension === 'repository' ? 'repositoryId' : dimension] ?? null;
}

function tokensOf({ tokens }: AiGroup['measures'], wanted: string): string | null {
  const found = tokens.find(({ kind }) => kind === wanted);
  return found === undefined ? null : formatCount(found.tokens);
}
