import type { Position } from '../record/position';

/** What to look for; every field given has to match. Times are those at which the stream stored the event. */
export interface SearchFilter {
  /** Any of these. */
  types?: readonly string[];
  tenant?: string;
  key?: string;
  correlationId?: string;
  /** Stored at this time or later. */
  since?: Date;
  /** Stored before this time. */
  until?: Date;
  /** Behind this position, which is not included. */
  after?: Position;
  /** Before this position, which is not included. */
  before?: Position;
  order: 'asc' | 'desc';
  limit: number;
}

/** Positions outside of which no event has a stored time that is asked for; both are included. */
export interface Window {
  from?: Position;
  to?: Position;
}

export interface Query {
  text: string;
  values: unknown[];
}

export const PAGE_COLUMNS = 'epoch, sequence, stored_at, tenant, type, key, event_id, body';

/** Text of bodies that one page may carry: an answer has to fit a message of the broker (1 MiB by default). */
export const PAGE_BYTES = 512 * 1024;

/**
 * The query of one page. It reads one row more than the page has, cuts the page where it grows beyond `PAGE_BYTES`
 * (never before its first row), and says in `found` how many rows it read, so that the caller knows whether more follow.
 */
export function searchQuery(filter: SearchFilter, window: Window = {}): Query {
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}`;
  const order = `order by epoch ${filter.order}, sequence ${filter.order}`;
  const limit = value(filter.limit + 1);
  const shared = sharedConditions(filter, window, value);
  const branches = typeConditions(filter, value).map((type) => `(select ${PAGE_COLUMNS} from event_log${where([...type, ...shared])} ${order} limit ${limit})`);
  const found = branches.length === 1 ? (branches[0] as string) : `(select * from (${branches.join(' union all ')}) branch ${order} limit ${limit})`;
  return {
    text:
      `select ${PAGE_COLUMNS}, found from ` +
      `(select *, count(*) over () as found, sum(octet_length(body)) over (${order}) - octet_length(body) as bytes_before from ${found} found) page ` +
      `where bytes_before < ${PAGE_BYTES} ${order}`,
    values,
  };
}

/**
 * Clocks of brokers may step back, so that a later position has an earlier time. Windows are wider than the times asked
 * for by this much; the times themselves are then compared exactly.
 */
export const CLOCK_STEP_MS = 10 * 60 * 1000;

/** The query that turns times into positions: two index lookups an epoch instead of walking the log. */
export function windowQuery({ since, until }: Pick<SearchFilter, 'since' | 'until'>): Query {
  const values: unknown[] = [];
  const bound = (operator: string, date: Date, direction: string) => {
    values.push(date);
    return `(select sequence from event_log where event_log.epoch = log_epoch.epoch and stored_at ${operator} $${values.length} order by stored_at ${direction} limit 1)`;
  };
  const low = since ? bound('>=', new Date(since.getTime() - CLOCK_STEP_MS), 'asc') : 'null::bigint';
  const high = until ? bound('<', new Date(until.getTime() + CLOCK_STEP_MS), 'desc') : 'null::bigint';
  return { text: `select epoch, ${low} as low, ${high} as high from log_epoch order by epoch`, values };
}

export interface EpochWindow {
  epoch: number;
  low: number | null;
  high: number | null;
}

/** One window around those of all epochs; null when no epoch has an event at the times asked for. */
export function windowOf(epochs: readonly EpochWindow[], { since, until }: Pick<SearchFilter, 'since' | 'until'>): Window | null {
  const inside = epochs.filter((epoch) => (since === undefined || epoch.low !== null) && (until === undefined || epoch.high !== null));
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return null;
  return {
    ...(since === undefined || first.low === null ? {} : { from: { epoch: first.epoch, sequence: first.low } }),
    ...(until === undefined || last.high === null ? {} : { to: { epoch: last.epoch, sequence: last.high } }),
  };
}

type Value = (given: unknown) => string;

/**
 * A tenant's events of one type lie in order in the index; those of several types do only type by type. So each type
 * becomes a branch that reads a page at most, unless something rarer (key, correlation id) leads the way.
 */
function typeConditions({ types, tenant, key, correlationId }: SearchFilter, value: Value): string[][] {
  if (types === undefined || types.length === 0) return [[]];
  const distinct = [...new Set(types)];
  if (distinct.length === 1) return [[`type = ${value(distinct[0])}`]];
  const branched = tenant !== undefined && key === undefined && correlationId === undefined && distinct.length <= 32;
  return branched ? distinct.map((type) => [`type = ${value(type)}`]) : [[`type = any(${value(distinct)})`]];
}

function sharedConditions(filter: SearchFilter, window: Window, value: Value): string[] {
  const conditions: string[] = [];
  if (filter.tenant !== undefined) conditions.push(`tenant = ${value(filter.tenant)}`);
  if (filter.key !== undefined) conditions.push(`key = ${value(filter.key)}`);
  if (filter.correlationId !== undefined) conditions.push(`correlation_id = ${value(filter.correlationId)}`);
  if (filter.since !== undefined) conditions.push(`stored_at >= ${value(filter.since)}`);
  if (filter.until !== undefined) conditions.push(`stored_at < ${value(filter.until)}`);
  if (filter.after !== undefined) conditions.push(...beyond('>', filter.after, value));
  if (filter.before !== undefined) conditions.push(...beyond('<', filter.before, value));
  if (window.from !== undefined) conditions.push(...beyond('>=', window.from, value));
  if (window.to !== undefined) conditions.push(...beyond('<=', window.to, value));
  return conditions;
}

/** Said twice: as a row for the index, and spelt out because only that tells the planner which partitions to leave alone. */
function beyond(operator: '>' | '>=' | '<' | '<=', { epoch, sequence }: Position, value: Value): string[] {
  const [e, s] = [`${value(epoch)}::integer`, `${value(sequence)}::bigint`];
  const strict = operator.charAt(0);
  return [`(epoch, sequence) ${operator} (${e}, ${s})`, `(epoch ${strict} ${e} or (epoch = ${e} and sequence ${operator} ${s}))`];
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
}
