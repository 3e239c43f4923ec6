import type { Position } from '../record/position';
import { MALFORMED } from '../record/row';

/** What to look for; every field given has to match. Times are those at which the stream stored the event. */
export interface SearchFilter {
  /** Any of these. */
  types?: readonly string[];
  tenant?: string;
  key?: string;
  /** Any of these. */
  keys?: readonly string[];
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

/** Positions between which everything lies that was stored at the times asked for; neither is included. */
export interface Window {
  after?: Position;
  before?: Position;
}

export interface Query {
  text: string;
  values: unknown[];
}

export const PAGE_COLUMNS = 'epoch, sequence, stored_at, tenant, type, key, event_id, correlation_id, body';

/** Bytes that the events of one page may take: an answer has to fit a message of the broker (1 MiB by default). */
export const PAGE_BYTES = 512 * 1024;
/** An event is shown as it is; what is none becomes a text in JSON, and at worst each of its bytes a `\u0001`. */
const BYTES = `octet_length(body) * case when type = '${MALFORMED}' then 6 else 1 end`;

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
      `(select *, count(*) over () as found, row_number() over (${order}) as place, sum(${BYTES}) over (${order}) as bytes from ${found} found) page ` +
      `where place = 1 or bytes <= ${PAGE_BYTES} ${order}`,
    values,
  };
}

type Times = Pick<SearchFilter, 'since' | 'until'>;

/**
 * The query that turns times into positions: a few index lookups an epoch instead of walking the log. The stream's clock may
 * step back, so times do not quite grow with the sequence; but no event is older than one before it by more than the epoch's
 * `clock_step_ms`. What is older than `since` by more than that lies before everything asked for, and so at the other end.
 */
export function windowQuery({ since, until }: Times): Query {
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}::timestamptz`;
  const step = `clock_step_ms * interval '1 ms'`;
  const lookUp = (columns: string, condition: string) => `(select ${columns} from event_log where event_log.epoch = log_epoch.epoch and ${condition} limit 1)`;
  const [from, to] = [since && value(since), until && value(until)];
  const after = from ? lookUp('sequence', `stored_at < ${from} - ${step} order by stored_at desc, sequence desc`) : 'null::bigint';
  const before = to ? lookUp('sequence', `stored_at >= ${to} + ${step} order by stored_at, sequence`) : 'null::bigint';
  // Not `exists`: PostgreSQL would make a join of it and, not knowing how few epochs there are, walk the whole log for that.
  const conditions = [...(from ? [lookUp('true', `stored_at >= ${from} order by stored_at desc, sequence desc`)] : []), ...(to ? [lookUp('true', `stored_at < ${to} order by stored_at, sequence`)] : [])];
  return { text: `select epoch, ${after} as after, ${before} as before from log_epoch${where(conditions)} order by epoch`, values };
}

/** Bounds inside of one epoch; null where it has none. */
export interface EpochWindow {
  epoch: number;
  after: number | null;
  before: number | null;
}

/** One window around those of all epochs that have events at the times asked for; null when there is none. */
export function windowOf(epochs: readonly EpochWindow[]): Window | null {
  const [first, last] = [epochs[0], epochs.at(-1)];
  if (first === undefined || last === undefined) return null;
  return {
    after: { epoch: first.epoch, sequence: first.after ?? 0 },
    before: last.before === null ? { epoch: last.epoch + 1, sequence: 0 } : { epoch: last.epoch, sequence: last.before },
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
  if (filter.keys !== undefined) conditions.push(`key = any(${value(filter.keys)})`);
  if (filter.correlationId !== undefined) conditions.push(`correlation_id = ${value(filter.correlationId)}`);
  if (filter.since !== undefined) conditions.push(`stored_at >= ${value(filter.since)}`);
  if (filter.until !== undefined) conditions.push(`stored_at < ${value(filter.until)}`);
  if (filter.after !== undefined) conditions.push(...beyond('>', filter.after, value));
  if (filter.before !== undefined) conditions.push(...beyond('<', filter.before, value));
  if (window.after !== undefined) conditions.push(...beyond('>', window.after, value));
  if (window.before !== undefined) conditions.push(...beyond('<', window.before, value));
  return conditions;
}

/** The greatest number of its column; the log will never have that many epochs. */
const LAST_EPOCH = 2_147_483_647;

/** Said twice: as a row for the index, and spelt out because only that tells the planner which partitions to leave alone. */
function beyond(operator: '>' | '<', { epoch, sequence }: Position, value: Value): string[] {
  const [e, s] = [`${value(Math.min(epoch, LAST_EPOCH))}::integer`, `${value(sequence)}::bigint`];
  return [`(epoch, sequence) ${operator} (${e}, ${s})`, `(epoch ${operator} ${e} or (epoch = ${e} and sequence ${operator} ${s}))`];
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
}
