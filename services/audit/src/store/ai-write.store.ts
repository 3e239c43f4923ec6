import type { BudgetState, ModelPrices } from '@granary/contracts';
import { fence } from '@granary/persistence';
import type { Database } from '@granary/persistence';
import type { Lease, UnitOfWork } from '@granary/messaging';
import type { EntityManager } from 'typeorm';
import type { AiFact, LoggedRow } from '../models/ai-record';
import { AI_TYPES } from '../models/ai-record';
import { periodFrom } from '../models/period';
import type { UnpricedReason, Usage } from '../models/price';
import { priceBook, type PriceBook, type PriceTableOf } from '../models/price-book';
import { TOKEN_KINDS, type DaySum, type PricedFact, type Sums } from '../models/sums';
import type { Position } from '../record/position';
import { asBudget, BUDGET_COLUMNS, type BudgetRow } from './budget-row';

/** How far the log was read: behind that position, and everything stored until that time. */
export interface Cursor extends Position {
  readUpTo: Date | null;
}

/** What was in one stretch of the log. */
export interface Stretch {
  readonly rows: readonly LoggedRow[];
  readonly end: Cursor;
}

/** Calls whose cost is to be reckoned again. */
export interface Repricing {
  readonly tenant: string;
  readonly number: string;
  readonly fromAt: Date;
  readonly untilAt: Date | null;
  readonly after: { readonly storedAt: Date; readonly position: Position } | null;
}

export interface PassedBudget {
  readonly tenant: string;
  readonly budget: BudgetState['budget'];
  readonly from: string;
  readonly to: string;
  readonly threshold: number;
  readonly spent: bigint;
  readonly unpriced: bigint;
}

interface LogRowRead {
  epoch: number;
  sequence: string;
  stored_at: Date;
  tenant: string;
  type: string;
  key: string;
  event_id: string;
  source: string;
  correlation_id: string;
  body: string;
}

/** Writes the AI audit of all tenants, each transaction fenced by the lease of whoever reads the log for it. */
export class AiWriteStore {
  constructor(private readonly database: Database) {}

  async cursor(): Promise<Cursor> {
    const [row] = await this.database.dataSource.query<{ epoch: number; sequence: string; read_up_to: Date | null }[]>('select epoch, sequence, read_up_to from ai_cursor');
    return { epoch: row?.epoch ?? 0, sequence: Number(row?.sequence ?? 0), readUpTo: row?.read_up_to ?? null };
  }

  /** Up to `scan` rows of the log behind a position, and what of them the AI audit is about; null when there is nothing behind it. */
  async read(after: Position, scan: number, most: number): Promise<Stretch | null> {
    const end = await this.endOf(after, scan);
    if (end === null) return null;
    const found = await this.database.across.rows.query<LogRowRead[]>(
      `select epoch, sequence, stored_at, tenant, type, key, event_id, source, correlation_id, body from event_log
       where ${beyond('>', 1)} and ${beyond('<=', 3)} and type = any($5) order by epoch, sequence limit $6`,
      [after.epoch, after.sequence, end.epoch, end.sequence, AI_TYPES, most],
    );
    const rows = found.map(asLoggedRow);
    const last = rows.length < most ? undefined : rows.at(-1);
    return { rows, end: last === undefined ? end : { ...last.position, readUpTo: last.storedAt } };
  }

  /** The price tables of these tenants. */
  async books(tenants: readonly string[]): Promise<Map<string, PriceBook>> {
    const rows = await this.database.across.rows.query<{ tenant: string; version: string; effective_from: Date; models: ModelPrices[] }[]>(
      'select tenant, version, effective_from, models from price_table where tenant = any($1) order by number',
      [tenants],
    );
    const tables = Map.groupBy(rows, ({ tenant }) => tenant);
    return new Map(tenants.map((tenant) => [tenant, priceBook((tables.get(tenant) ?? []).map(({ version, effective_from, models }): PriceTableOf => ({ version, effectiveFrom: effective_from, models })))]));
  }

  /** Keeps records and adds them to their sums; those that are known already change nothing. Answers which were new. */
  async append(lease: Lease, facts: readonly PricedFact[], sumsOf: (facts: readonly PricedFact[]) => Sums, end: Cursor, correlationId: string): Promise<PricedFact[]> {
    return this.fenced(lease, correlationId, async ({ manager }) => {
      const fresh = await insertNew(manager, facts);
      await addSums(manager, sumsOf(fresh));
      await manager.query('update ai_cursor set epoch = $1, sequence = $2, read_up_to = greatest(read_up_to, $3)', [end.epoch, end.sequence, end.readUpTo]);
      return fresh;
    });
  }

  async nextRepricing(): Promise<Repricing | null> {
    const [row] = await this.database.across.rows.query<{ tenant: string; number: string; from_at: Date; until_at: Date | null; after_at: Date | null; after_epoch: number | null; after_sequence: string | null }[]>(
      'select tenant, number, from_at, until_at, after_at, after_epoch, after_sequence from ai_repricing order by number limit 1',
    );
    if (row === undefined) return null;
    const after = row.after_at === null ? null : { storedAt: row.after_at, position: { epoch: row.after_epoch ?? 0, sequence: Number(row.after_sequence) } };
    return { tenant: row.tenant, number: row.number, fromAt: row.from_at, untilAt: row.until_at, after };
  }

  /** The next calls of a repricing, with the cost that they have. */
  async calls({ tenant, fromAt, untilAt, after }: Repricing, limit: number): Promise<PricedFact[]> {
    const rows = await this.database.of(tenant).query<CallRow[]>(
      `select epoch, sequence, stored_at, provider, model, outcome, repository_id, risk, usage, cost, unpriced, price_table from ai_record
       where tenant = $1 and kind = 'invocation' and stored_at >= $2 and ($3::timestamptz is null or stored_at < $3)
         and ($4::timestamptz is null or (stored_at, epoch, sequence) > ($4, $5, $6)) order by stored_at, epoch, sequence limit $7`,
      [tenant, fromAt, untilAt, after?.storedAt ?? null, after?.position.epoch ?? null, after?.position.sequence ?? null, limit],
    );
    return rows.map((row) => asCall(tenant, row));
  }

  /** Gives calls another cost, and ends the repricing when no more follow. */
  async reprice(lease: Lease, { tenant, number }: Repricing, changed: readonly PricedFact[], sums: Sums, last: PricedFact | null, correlationId: string): Promise<void> {
    await this.fenced(lease, correlationId, async ({ manager }) => {
      await updateCosts(manager, changed);
      await addSums(manager, sums);
      if (last === null) await manager.query('delete from ai_repricing where tenant = $1 and number = $2', [tenant, number]);
      else await manager.query('update ai_repricing set after_at = $3, after_epoch = $4, after_sequence = $5 where tenant = $1 and number = $2', [tenant, number, last.storedAt, last.position.epoch, last.position.sequence]);
    });
  }

  /** Looks at the budgets of all days whose costs have changed, and announces the thresholds that were passed, each once a period. */
  async passBudgets(lease: Lease, now: Date, correlationId: string): Promise<PassedBudget[]> {
    const [dirty] = await this.database.across.rows.query<unknown[]>('select 1 from ai_dirty_day limit 1');
    if (dirty === undefined) return [];
    return this.fenced(lease, correlationId, async ({ manager, announce }) => {
      const rows = await manager.query<PassedRow[]>(PASS_BUDGETS, [now]);
      const passed = rows.map(asPassed);
      for (const { tenant, budget, from, to, threshold, spent, unpriced } of passed) {
        announce({ type: 'audit.budget-passed.v1', key: budget.name, tenant, data: { budget, from, to, threshold, spentNanoDollars: String(spent), unpriced: Number(unpriced) } });
      }
      return passed;
    });
  }

  /** Forgets records that were stored before a moment, up to `most`; their sums stay. */
  async forget(lease: Lease, before: Date, most: number, correlationId: string): Promise<number> {
    return this.fenced(lease, correlationId, async ({ manager }) => {
      const [row] = await manager.query<{ gone: string }[]>(
        `with gone as (delete from ai_record where (epoch, sequence) in (select epoch, sequence from ai_record where stored_at < $1 limit $2) returning 1) select count(*) as gone from gone`,
        [before, most],
      );
      return Number(row?.gone ?? 0);
    });
  }

  private async endOf(after: Position, scan: number): Promise<Cursor | null> {
    const values = [after.epoch, after.sequence];
    const at = (order: string) => this.database.across.rows.query<{ epoch: number; sequence: string; stored_at: Date }[]>(`select epoch, sequence, stored_at from event_log where ${beyond('>', 1)} order by ${order} limit 1`, values);
    const [last] = await at('epoch desc, sequence desc');
    if (last === undefined) return null;
    // The log mostly has no gaps: only a long way is worth finding its middle.
    const [middle] = last.epoch === after.epoch && Number(last.sequence) - after.sequence <= scan ? [] : await at(`epoch, sequence offset ${scan - 1}`);
    const { epoch, sequence, stored_at } = middle ?? last;
    return { epoch, sequence: Number(sequence), readUpTo: stored_at };
  }

  private fenced<R>(lease: Lease, correlationId: string, work: (unit: UnitOfWork) => Promise<R>): Promise<R> {
    return this.database.across.transact({ tenant: '_platform', correlationId }, async (unit) => {
      await fence((sql, values) => unit.manager.query(sql, values), lease);
      return work(unit);
    });
  }
}

/** Said twice: as a row for the index, and spelt out for the choice of partitions. */
function beyond(operator: '>' | '<=', first: number): string {
  const [e, s] = [`$${first}::integer`, `$${first + 1}::bigint`];
  return `(epoch, sequence) ${operator} (${e}, ${s}) and (epoch ${operator[0]} ${e} or (epoch = ${e} and sequence ${operator} ${s}))`;
}

function asLoggedRow({ epoch, sequence, stored_at, tenant, type, key, event_id, source, correlation_id, body }: LogRowRead): LoggedRow {
  return { position: { epoch, sequence: Number(sequence) }, storedAt: stored_at, tenant, type, key, eventId: event_id, source, correlationId: correlation_id, body };
}

const RECORD_COLUMNS: Readonly<Record<string, readonly [type: string, value: (fact: PricedFact) => unknown]>> = {
  epoch: ['integer', ({ position }) => position.epoch],
  sequence: ['bigint', ({ position }) => position.sequence],
  tenant: ['text', ({ tenant }) => tenant],
  stored_at: ['timestamptz', ({ storedAt }) => storedAt.toISOString()],
  source: ['text', ({ source }) => source],
  event_id: ['text', ({ eventId }) => eventId],
  type: ['text', ({ type }) => type],
  kind: ['text', ({ kind }) => kind],
  key: ['text', ({ key }) => key],
  correlation_id: ['text', ({ correlationId }) => correlationId],
  provider: ['text', ({ provider }) => provider],
  model: ['text', ({ model }) => model],
  operation: ['text', ({ operation }) => operation],
  outcome: ['text', ({ outcome }) => outcome],
  risk: ['text', ({ risk }) => risk],
  score: ['double precision', ({ score }) => score],
  repository_id: ['text', ({ repositoryId }) => repositoryId],
  invocation_id: ['text', ({ invocationId }) => invocationId],
  latency_ms: ['bigint', ({ latencyMs }) => latencyMs],
  items: ['bigint', ({ items }) => items],
  usage: ['jsonb', ({ usage }) => JSON.stringify(usage)],
  cost: ['numeric', costText],
  unpriced: ['text', unpricedText],
  price_table: ['text', ({ priceTable }) => priceTable],
  reported: ['numeric', ({ reportedNanoDollars }) => reportedNanoDollars?.toString() ?? null],
  detail: ['jsonb', ({ detail }) => JSON.stringify(detail)],
};

function costText({ cost }: PricedFact): string | null {
  return cost?.state === 'priced' ? String(cost.nanoDollars) : null;
}

function unpricedText({ cost }: PricedFact): UnpricedReason | null {
  return cost?.state === 'unpriced' ? cost.reason : null;
}

async function insertNew(manager: EntityManager, facts: readonly PricedFact[]): Promise<PricedFact[]> {
  if (facts.length === 0) return [];
  const columns = Object.entries(RECORD_COLUMNS);
  const kept = await manager.query<{ epoch: number; sequence: string }[]>(
    `insert into ai_record (${columns.map(([name]) => name).join(', ')})
     select * from unnest(${columns.map(([, [type]], at) => `$${at + 1}::${type}[]`).join(', ')})
     on conflict do nothing returning epoch, sequence`,
    columns.map(([, [, value]]) => facts.map(value)),
  );
  const positions = new Set(kept.map(({ epoch, sequence }) => `${epoch}:${sequence}`));
  return facts.filter(({ position }) => positions.has(`${position.epoch}:${position.sequence}`));
}

const SUM_COLUMNS: Readonly<Record<string, (sum: DaySum) => bigint>> = {
  events: ({ events }) => events,
  unpriced: ({ unpriced }) => unpriced,
  cost: ({ cost }) => cost,
  reported: ({ reported }) => reported,
  input_tokens: ({ tokens }) => tokens[TOKEN_KINDS[0]],
  output_tokens: ({ tokens }) => tokens[TOKEN_KINDS[1]],
  cache_read_tokens: ({ tokens }) => tokens[TOKEN_KINDS[2]],
  cache_write_tokens: ({ tokens }) => tokens[TOKEN_KINDS[3]],
  reasoning_tokens: ({ tokens }) => tokens[TOKEN_KINDS[4]],
  timed: ({ timed }) => timed,
  latency: ({ latency }) => latency,
  scored: ({ scored }) => scored,
  score: ({ score }) => score,
  items: ({ items }) => items,
};

const SUM_NAMES = Object.keys(SUM_COLUMNS);
const SUM_KEYS = ['tenant', 'day', 'kind', 'provider', 'model', 'repository_id', 'risk', 'outcome'];

const ADD_DAYS = `
  insert into ai_day (${[...SUM_KEYS, ...SUM_NAMES, 'longest', 'lowest'].join(', ')})
  select * from unnest($1::text[], $2::date[], ${[3, 4, 5, 6, 7, 8].map((at) => `$${at}::text[]`).join(', ')}, ${[...SUM_NAMES, 'longest', 'lowest'].map((_, at) => `$${at + 9}::numeric[]`).join(', ')})
  on conflict (${SUM_KEYS.join(', ')}) do update set ${SUM_NAMES.map((name) => `${name} = ai_day.${name} + excluded.${name}`).join(', ')},
    longest = greatest(ai_day.longest, excluded.longest), lowest = least(ai_day.lowest, excluded.lowest)`;

const ADD_LABELS = `
  insert into ai_label (tenant, day, kind, repository_id, label, count) select * from unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::text[], $6::numeric[])
  on conflict (tenant, day, kind, repository_id, label) do update set count = ai_label.count + excluded.count`;

async function addSums(manager: EntityManager, { days, labels }: Sums): Promise<void> {
  if (days.length > 0) {
    const keys = [days.map(({ tenant }) => tenant), days.map(({ day }) => day), days.map(({ kind }) => kind), days.map(({ provider }) => provider), days.map(({ model }) => model), days.map(({ repositoryId }) => repositoryId), days.map(({ risk }) => risk), days.map(({ outcome }) => outcome)];
    const sums = Object.values(SUM_COLUMNS).map((value) => days.map((day) => value(day).toString()));
    await manager.query(ADD_DAYS, [...keys, ...sums, days.map(({ longest }) => longest?.toString() ?? null), days.map(({ lowest }) => lowest?.toString() ?? null)]);
    const spent = [...new Map(days.filter(({ kind }) => kind === 'invocation').map(({ tenant, day }) => [`${day} ${tenant}`, { tenant, day }])).values()];
    await markDirty(manager, spent);
  }
  if (labels.length > 0) {
    await manager.query(ADD_LABELS, [labels.map(({ tenant }) => tenant), labels.map(({ day }) => day), labels.map(({ kind }) => kind), labels.map(({ repositoryId }) => repositoryId), labels.map(({ label }) => label), labels.map(({ count }) => count.toString())]);
  }
}

/** Has the budgets of these days looked at. */
export async function markDirty(manager: EntityManager, days: readonly { readonly tenant: string; readonly day: string }[]): Promise<void> {
  await manager.query('insert into ai_dirty_day (tenant, day) select * from unnest($1::text[], $2::date[]) on conflict do nothing', [days.map(({ tenant }) => tenant), days.map(({ day }) => day)]);
}

interface CallRow {
  epoch: number;
  sequence: string;
  stored_at: Date;
  provider: string;
  model: string;
  outcome: string;
  repository_id: string | null;
  risk: AiFact['risk'];
  usage: Usage;
  cost: string | null;
  unpriced: UnpricedReason | null;
  price_table: string | null;
}

/** As much of a call as its cost and its sums need. */
function asCall(tenant: string, row: CallRow): PricedFact {
  return {
    tenant, position: { epoch: row.epoch, sequence: Number(row.sequence) }, storedAt: row.stored_at, kind: 'invocation', provider: row.provider, model: row.model, outcome: row.outcome, repositoryId: row.repository_id, risk: row.risk, usage: row.usage,
    cost: row.unpriced === null ? { state: 'priced', nanoDollars: BigInt(row.cost ?? 0), charges: [] } : { state: 'unpriced', reason: row.unpriced },
    priceTable: row.price_table,
    type: 'ai.model-invoked.v1', key: '', eventId: '', source: '', correlationId: '', operation: null, score: null, invocationId: null, latencyMs: null, items: null, reportedNanoDollars: null, labels: [], detail: {},
  };
}

async function updateCosts(manager: EntityManager, facts: readonly PricedFact[]): Promise<void> {
  if (facts.length === 0) return;
  await manager.query(
    `update ai_record set cost = changed.cost, unpriced = changed.unpriced, price_table = changed.price_table
     from unnest($1::integer[], $2::bigint[], $3::numeric[], $4::text[], $5::text[]) as changed (epoch, sequence, cost, unpriced, price_table)
     where ai_record.epoch = changed.epoch and ai_record.sequence = changed.sequence`,
    [facts.map(({ position }) => position.epoch), facts.map(({ position }) => position.sequence), facts.map(costText), facts.map(unpricedText), facts.map(({ priceTable }) => priceTable)],
  );
}

// The periods that the changed days lie in, what was spent in each, and the thresholds that this is enough for.
const PASS_BUDGETS = `
  with dirty as (delete from ai_dirty_day returning tenant, day),
  periods as (
    select distinct budget.*, case budget.period when 'day' then dirty.day else date_trunc('month', dirty.day)::date end as from_day,
      case budget.period when 'day' then dirty.day else (date_trunc('month', dirty.day) + interval '1 month - 1 day')::date end as to_day
    from dirty join ai_budget budget using (tenant)),
  spent as (
    select periods.*, sum(ai_day.cost) as spent, sum(ai_day.unpriced) as unpriced_calls
    from periods join ai_day on ai_day.tenant = periods.tenant and ai_day.day between from_day and to_day and ai_day.kind = 'invocation'
      and (periods.provider is null or ai_day.provider = periods.provider) and (periods.model is null or ai_day.model = periods.model) and (periods.repository_id is null or ai_day.repository_id = periods.repository_id)
    group by ${['tenant', 'name', 'period', 'limit_nano', 'thresholds', 'provider', 'model', 'repository_id', 'updated_at', 'updated_by', 'from_day', 'to_day'].map((column) => `periods.${column}`).join(', ')}),
  passed as (
    insert into ai_budget_passed (tenant, name, from_day, threshold, spent, passed_at)
    select tenant, name, from_day, threshold, spent, $1::timestamptz from spent, unnest(thresholds) as threshold where spent > 0 and spent * 100 >= limit_nano * threshold
    on conflict do nothing returning tenant, name, from_day, threshold)
  select ${BUDGET_COLUMNS.split(', ').map((column) => `spent.${column}`).join(', ')}, spent.tenant, spent.from_day::text as from_day, passed.threshold, spent.spent, spent.unpriced_calls
  from passed join spent using (tenant, name, from_day) order by spent.tenant, spent.name, from_day, passed.threshold`;

interface PassedRow extends BudgetRow {
  tenant: string;
  from_day: string;
  threshold: number;
  spent: string;
  unpriced_calls: string;
}

function asPassed(row: PassedRow): PassedBudget {
  const budget = asBudget(row);
  return { tenant: row.tenant, budget, ...periodFrom(budget.period, row.from_day), threshold: row.threshold, spent: BigInt(row.spent), unpriced: BigInt(row.unpriced_calls) };
}
