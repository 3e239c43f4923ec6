import type { AiGroup, AiMeasures, AuditSummaryShowRequest } from '@granary/contracts';
import type { Query } from '../search/search';
import type { Days } from './period';
import { TOKEN_KINDS } from './sums';

/** What sums can be told apart by. */
export type Dimension = NonNullable<AuditSummaryShowRequest['by']>[number];

export interface SumFilter {
  readonly kind?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly risk?: string;
  readonly outcome?: string;
  /** Any of these repositories; null: also what is about none. */
  readonly among: readonly string[] | null;
}

/** Sums as PostgreSQL tells them. */
export interface MeasureRow {
  readonly events: string;
  readonly calls: string;
  readonly unpriced: string;
  readonly cost: string;
  readonly reported: string;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly cache_read_tokens: string;
  readonly cache_write_tokens: string;
  readonly reasoning_tokens: string;
  readonly timed: string;
  readonly latency: string;
  readonly longest: string | null;
  readonly scored: string;
  readonly score: string;
  readonly lowest: string | null;
  readonly items: string;
}

const EXPRESSIONS: Readonly<Record<Dimension, string>> = {
  day: 'day::text',
  week: `date_trunc('week', day)::date::text`,
  month: `date_trunc('month', day)::date::text`,
  kind: 'kind',
  provider: 'provider',
  model: 'model',
  repository: 'repository_id',
  risk: 'risk',
  outcome: 'outcome',
};

const TIMES: readonly Dimension[] = ['day', 'week', 'month'];

/** Whether one of them is a time: there is no period before to compare a day with. */
export const isByTime = (by: readonly Dimension[]): boolean => by.some((dimension) => TIMES.includes(dimension));

const SUMMED = ['events', 'unpriced', 'cost', 'reported', 'input_tokens', 'output_tokens', 'cache_read_tokens', 'cache_write_tokens', 'reasoning_tokens', 'timed', 'latency', 'scored', 'score', 'items'] as const;
const MEASURES = [
  ...SUMMED.map((name) => `coalesce(sum(${name}), 0) as ${name}`),
  `coalesce(sum(events) filter (where kind = 'invocation'), 0) as calls`,
  'max(longest) as longest',
  'min(lowest) as lowest',
].join(', ');

/** The sums of days by dimensions: in the order of time where one is asked for, else what costs most, and then what is most, first. */
export function groupQuery(tenant: string, { from, to }: Days, by: readonly Dimension[], { among, ...filter }: SumFilter, limit: number): Query {
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}`;
  const conditions = [`tenant = ${value(tenant)}`, `day between ${value(from)} and ${value(to)}`, ...Object.entries(filter).flatMap(([name, given]) => (given === undefined ? [] : [`${name} = ${value(given)}`])), ...(among === null ? [] : [`repository_id = any(${value(among)})`])];
  const keys = by.map((dimension) => `${EXPRESSIONS[dimension]} as by_${dimension}`);
  const grouping = by.length === 0 ? '' : ` group by ${by.map((_, at) => at + 1).join(', ')}`;
  const order = by.length === 0 ? '' : ` order by ${[...by.filter((dimension) => TIMES.includes(dimension)).map((dimension) => `by_${dimension}`), 'cost desc', 'events desc', ...by.map((dimension) => `by_${dimension}`)].join(', ')}`;
  return { text: `select ${[...keys, MEASURES].join(', ')} from ai_day where ${conditions.join(' and ')}${grouping}${order} limit ${value(limit)}`, values };
}

/** Larger counts than JSON is exact for are told as the largest that it is. */
export const countOf = (sum: string | bigint): number => (BigInt(sum) > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(sum));

/** Sums as callers see them. */
export function measuresOf(row: MeasureRow): AiMeasures {
  const tokens = [row.input_tokens, row.output_tokens, row.cache_read_tokens, row.cache_write_tokens, row.reasoning_tokens];
  return {
    events: countOf(row.events),
    calls: countOf(row.calls),
    unpriced: countOf(row.unpriced),
    nanoDollars: row.cost,
    reportedNanoDollars: row.reported,
    tokens: TOKEN_KINDS.map((kind, at) => ({ kind, tokens: countOf(tokens[at] ?? '0') })).filter((one) => one.tokens > 0),
    latencyMs: row.timed === '0' ? null : countOf(mean(row.latency, row.timed)),
    longestLatencyMs: row.longest === null ? null : countOf(row.longest),
    score: row.scored === '0' ? null : Number(mean(row.score, row.scored)) / 1_000_000,
    lowestScore: row.lowest === null ? null : Number(row.lowest) / 1_000_000,
    items: countOf(row.items),
  };
}

const mean = (sum: string, count: string): bigint => (BigInt(sum) + BigInt(count) / 2n) / BigInt(count);

/** A group as callers see it: an empty text was none. */
export function groupOf(key: Readonly<Partial<Record<Dimension, string>>>, row: MeasureRow): AiGroup {
  const fields = Object.entries(key).map(([dimension, text]) => (TIMES.includes(dimension as Dimension) ? ['day', text] : [dimension === 'repository' ? 'repositoryId' : dimension, text === '' ? null : text]));
  return { ...Object.fromEntries(fields), measures: measuresOf(row) } as AiGroup;
}

/** Names a group among those of another period. */
export const groupName = (key: Readonly<Partial<Record<Dimension, string>>>): string => JSON.stringify(key);
