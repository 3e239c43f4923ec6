import { randomUUID } from 'node:crypto';
import { checkRpc, eventExamples, type Envelope, type EventType, type RpcOperation } from '@granary/contracts';
import type { Lease, RpcContext } from '@granary/messaging';
import { createMetrics } from '@granary/observability';
import { waitFor } from '@granary/testing';
import { openLog, type TestLog } from '../../test/log';
import { aRow } from '../../test/row';
import type { LogRow } from '../record/row';
import { AiReadStore } from '../store/ai-read.store';
import { AiWriteStore } from '../store/ai-write.store';
import { BudgetStore } from '../store/budget.store';
import { PriceStore } from '../store/price.store';
import { judgeAiHealth } from './ai-health';
import { aiMeters } from './ai-meters';
import { listBudgets, removeBudget, setBudget } from './budgets.handler';
import { listPrices, setPrices, showPrices } from './prices.handler';
import { AiProjector } from './projector.worker';
import { searchRecords, showRecord } from './records.handler';
import { showReport } from './report.handler';
import { recordQuery } from './search-records';
import { showSummary } from './summary.handler';
import { sumsOf } from './sums';

const [SHOP, OTHER] = ['01976c2e-8a00-7b3c-9d4e-5f60718293a4', '01976c2e-8a00-7b3c-9d4e-5f60718293a5'];
const KEEP_MS = 400 * 86_400_000;
const now = () => new Date('2026-03-20T12:00:00Z');

let log: TestLog;
let projector: AiProjector;
const metrics = createMetrics('audit');

/** The example of a type as a row of the log; the data of the example with changes. */
function row(sequence: number, type: EventType, day: string, data: object, changes: Partial<LogRow> = {}): LogRow {
  const example = eventExamples[type] as Envelope;
  const { eventId = `event-${sequence}`, source = 'urn:agents:review-team' } = changes;
  const event = { ...example, id: example.id, source, data: { ...(example.data as object), ...data } };
  return aRow({ sequence, storedAt: `2026-${day}T10:00:00.000Z`, type, eventId, source, body: JSON.stringify(event), ...changes });
}
const call = (sequence: number, day: string, data: object = {}, changes: Partial<LogRow> = {}) => row(sequence, 'ai.model-invoked.v1', day, { provider: 'acme', model: 'large-1', usage: { input: 1_000, output: 100 }, invocationId: `call-${sequence}`, cost: undefined, context: { repositoryId: SHOP }, ...data }, changes);

const ROWS = [
  call(2, '02-10'),
  call(3, '03-02'),
  call(4, '03-02', { model: 'small-1', context: undefined, cost: { nanoDollars: 7, priceTable: 'theirs' } }),
  call(5, '03-03', { status: 'timeout', usage: {} }),
  // The same event once more, and the same id of somebody else.
  call(6, '03-03', {}, { eventId: 'event-3' }),
  call(7, '03-03', { context: { repositoryId: OTHER } }, { eventId: 'event-3', source: 'urn:agents:other' }),
  row(8, 'safety.checked.v1', '03-03', { invocationId: 'call-3', risk: 'high', verdict: 'blocked', score: 0.2, context: { repositoryId: SHOP } }),
  row(9, 'safety.checked.v1', '03-04', { invocationId: 'call-4', context: undefined }),
  row(10, 'pii.handled.v1', '03-04', { invocationId: 'call-3', context: { repositoryId: SHOP } }),
  row(11, 'ai.output-rejected.v1', '03-04', { provider: 'acme', model: 'large-1', invocationId: 'call-3', context: { repositoryId: OTHER } }),
  row(12, 'ai-usage.assessed.v1', '03-05', { repositoryId: SHOP }, { source: 'granary/harvester' }),
  row(13, 'harvest.blocked.v1', '03-05', { repositoryId: SHOP }, { source: 'granary/harvester' }),
  row(14, 'safety.checked.v1', '03-05', { score: 7 }),
  row(15, 'harvest.requested.v1', '03-05', {}),
  call(16, '03-06', {}, { tenant: 'acme' }),
  call(17, '03-06', { model: 'large-9', usage: { input: 10, output: 0, 'audio.input': 3 } }),
];
const LAST = 17;

const context = (changes: Partial<RpcContext> = {}): RpcContext => ({ tenant: 'default', correlationId: randomUUID(), caller: null, token: null, access: null, repositories: 'all', ...changes });
const deps = () => {
  const { database } = log;
  return { database, read: new AiReadStore(database), prices: new PriceStore(database), budgets: new BudgetStore(database), now, keepMs: KEEP_MS, wake: () => projector.wake() };
};
/** As it would leave the service. */
function fit<O extends RpcOperation, A>(operation: O, answer: A): A {
  expect(checkRpc(operation, 'response', answer, 'strict')).toMatchObject({ ok: true });
  return answer;
}
const search = async (request: object, changes: Partial<RpcContext> = {}) => fit('audit.record.search', await searchRecords(deps())(request, context(changes)));
const found = async (request: object, changes: Partial<RpcContext> = {}) => (await search(request, changes)).records.map(({ position }) => position.sequence);
const show = async (eventId: string, changes: Partial<RpcContext> = {}) => fit('audit.record.show', await showRecord(deps())({ eventId }, context(changes)));
const summary = async (request: object, changes: Partial<RpcContext> = {}) => fit('audit.summary.show', await showSummary(deps())({ from: '2026-03-01', to: '2026-03-31', ...request }, context(changes)));
const announced = async (type: string, tenant = 'default') => (await log.rows(`select body::json -> 'data' as data from outbox where subject like $1 order by id`, [`in.${tenant}.${type}.%`])).map(({ data }) => data);
const settled = () => waitFor(async () => (await log.rows('select 1 from ai_repricing union all select 1 from ai_dirty_day')).length === 0, { what: 'everything to be reckoned' });
/** What the sums say, and what the records themselves add up to. */
const inBoth = () =>
  log.rows(`select (select row(sum(events), sum(cost), sum(unpriced), sum(items))::text from ai_day) as sums,
    (select row(count(*), sum(coalesce(cost, 0)), count(unpriced), sum(coalesce(items, 0)))::text from ai_record) as records`);

beforeAll(async () => {
  log = await openLog();
  const writer = await log.writer();
  await writer.openEpoch(1);
  await writer.append(1, ROWS);
  await writer.close();
  const { database } = log;
  projector = new AiProjector({ store: new AiWriteStore(database), leases: database.leases, meters: aiMeters(metrics), log: log.log, owner: randomUUID(), newId: randomUUID, now, leaseTtlMs: 5_000, keepMs: KEEP_MS, everyMs: 20 });
  await projector.start();
  await waitFor(async () => (await new AiWriteStore(database).cursor()).sequence === LAST, { what: 'the log to be read' });
  await settled();
});
afterAll(async () => {
  await projector.stop();
  await log.close();
});

describe('what the log tells of AI', () => {
  it('is there once, by tenant, source and id, the newest first', async () => {
    expect(await found({})).toEqual([17, 13, 12, 11, 10, 9, 8, 7, 5, 4, 3, 2]);
    expect(await found({}, { tenant: 'acme' })).toEqual([16]);
    expect(await found({}, { tenant: 'nobody' })).toEqual([]);
    expect(await inBoth()).toEqual([{ sums: expect.any(String), records: expect.any(String) }]);
    const [{ sums, records } = {}] = await inBoth();
    expect(sums).toBe(records);
  });

  it.each<[object, number[]]>([
    [{ kind: 'invocation' }, [17, 7, 5, 4, 3, 2]],
    [{ kind: 'safety-check' }, [9, 8]],
    [{ risk: 'high' }, [13, 8]],
    [{ outcome: 'timeout' }, [5]],
    [{ provider: 'acme', model: 'small-1' }, [4]],
    [{ repository: OTHER }, [11, 7]],
    [{ invocation: 'call-3' }, [11, 10, 8, 3]],
    [{ since: '2026-03-03T10:00:00Z', until: '2026-03-04T00:00:00Z' }, [8, 7, 5]],
    [{ unpriced: true, kind: 'invocation' }, [17, 7, 5, 4, 3, 2]],
    [{ unpriced: false, model: 'small-1' }, [4]],
  ])('is found by %j', async (request, expected) => {
    expect(await found(request)).toEqual(expected);
  });

  it('is found by an index, also by what is rare', async () => {
    const { text, values } = recordQuery('default', { provider: 'nobody', among: null }, { limit: 50, after: null });
    const plan = await log.database.dataSource.transaction(async (one) => {
      // So few rows would be read as they lie.
      await one.query('set local enable_seqscan = off');
      return JSON.stringify(await one.query(`explain ${text}`, values));
    });
    expect(plan).toContain('ai_record_provider');
  });

  it('is found page by page, without gap or repeat', async () => {
    const pages: number[][] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await search({ limit: 5, ...(cursor !== undefined && { cursor }) });
      pages.push(page.records.map(({ position }) => position.sequence));
      cursor = page.next;
    }
    expect(pages).toEqual([[17, 13, 12, 11, 10], [9, 8, 7, 5, 4], [3, 2]]);
    await expect(search({ cursor: 'x' })).rejects.toMatchObject({ code: 'bad-cursor' });
    await expect(search({ cursor: Buffer.from('2026-99-01T00:00:00.000Z 1 1').toString('base64url') })).rejects.toMatchObject({ code: 'bad-cursor' });
  });

  it('shows one with what else is about its call', async () => {
    const shown = await show('event-8');
    expect(shown).toMatchObject({ record: { kind: 'safety-check', score: 0.2, risk: 'high', cost: null, repositoryId: SHOP }, costs: [], detail: { checker: 'guard 2.1' } });
    expect(shown.related.map(({ position }) => position.sequence)).toEqual([3, 10, 11]);
    await expect(show('event-15')).rejects.toMatchObject({ code: 'not-found' });
    await expect(show('a\0b')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is kept from those who may see other repositories only', async () => {
    const some = { repositories: new Set([SHOP]) };
    expect(await found({}, some)).toEqual([17, 13, 12, 10, 8, 5, 3, 2]);
    expect(await found({ repository: OTHER }, some)).toEqual([]);
    expect((await show('event-8', some)).related.map(({ position }) => position.sequence)).toEqual([3, 10]);
    await expect(show('event-11', some)).rejects.toMatchObject({ code: 'not-found' });
    await expect(show('event-4', some)).rejects.toMatchObject({ code: 'not-found' });
    expect((await summary({}, some)).total).toMatchObject({ events: 7, calls: 3 });
  });

  it('is counted: what could not be read, and what came twice', async () => {
    const page = await metrics.metrics();
    expect(page).toContain('granary_ai_audit_unreadable_total{service="audit"} 1');
    expect(page).toContain('granary_ai_audit_repeats_total{service="audit"} 1');
    expect(page).toContain('granary_ai_audit_records_total{kind="invocation",service="audit"} 7');
    expect(page).toContain('granary_ai_audit_unpriced_total{reason="no-price-table",service="audit"} 7');
    expect(judgeAiHealth(projector.state())).toEqual({ state: 'healthy', detail: 'read up to 1:17' });
  });
});

describe('prices', () => {
  const january = { version: '2026-01', effectiveFrom: '2026-01-01T00:00:00Z', models: [{ provider: 'acme', model: 'large-*', prices: { input: '2', output: '10' } }] };
  const march = { version: '2026-03', effectiveFrom: '2026-03-03T00:00:00Z', models: [{ provider: 'acme', model: 'large-1', prices: { input: '4', output: '20' } }, { provider: 'acme', model: 'large-9', prices: { input: '1', output: '1' } }] };
  const set = async (request: typeof january, changes: Partial<RpcContext> = {}) => fit('audit.price.set', await setPrices(deps())(request, context(changes)));

  it('are loud where there are none', async () => {
    const { tables, inEffect, unpriced } = fit('audit.price.list', await listPrices(deps())({}, context()));
    expect([tables, inEffect]).toEqual([[], null]);
    expect(unpriced).toEqual([{ provider: 'acme', model: 'large-1', reason: 'no-price-table', calls: 3 }, { provider: 'acme', model: 'large-9', reason: 'no-price-table', calls: 1 }, { provider: 'acme', model: 'small-1', reason: 'no-price-table', calls: 1 }]);
    expect((await summary({})).total).toMatchObject({ calls: 5, unpriced: 5, nanoDollars: '0', reportedNanoDollars: '7' });
  });

  it('give calls of before their cost, each by the table of its time', async () => {
    expect(await set(january)).toMatchObject({ created: true, table: { version: '2026-01', models: 1, by: null } });
    await settled();
    expect((await show('event-3')).record.cost).toEqual({ nanoDollars: '3000000', priceTable: '2026-01', unpriced: null, reportedNanoDollars: null });
    expect(await set(march)).toMatchObject({ created: true });
    await settled();
    const costs = await log.rows(`select sequence::int, cost, unpriced, price_table from ai_record where tenant = 'default' and kind = 'invocation' order by sequence`);
    expect(costs.map(({ sequence, cost, unpriced, price_table }) => [sequence, cost ?? unpriced, price_table])).toEqual([
      [2, '3000000', '2026-01'],
      [3, '3000000', '2026-01'],
      [4, 'unknown-model', '2026-01'],
      [5, 'usage-not-reported', '2026-03'],
      [7, '6000000', '2026-03'],
      [17, 'unknown-kind', '2026-03'],
    ]);
    const [{ sums, records } = {}] = await inBoth();
    expect(sums).toBe(records);
  });

  it('are announced, listed and shown, with what they do not cover', async () => {
    expect(await announced('audit.prices-set.v1')).toMatchObject([{ version: '2026-01', models: 1, by: null }, { version: '2026-03', models: 2 }]);
    expect(await listPrices(deps())({}, context())).toMatchObject({
      tables: [{ version: '2026-03' }, { version: '2026-01' }],
      inEffect: '2026-03',
      unpriced: [{ model: 'large-9', reason: 'unknown-kind', calls: 1 }, { model: 'small-1', reason: 'unknown-model', calls: 1 }, { model: 'large-1', reason: 'usage-not-reported', calls: 1 }],
    });
    expect(fit('audit.price.show', await showPrices(deps())({ version: '2026-03' }, context())).models).toEqual(march.models);
    await expect(showPrices(deps())({ version: '2026-03' }, context({ tenant: 'acme' }))).rejects.toMatchObject({ code: 'not-found' });
    expect((await show('event-2')).costs).toEqual([{ kind: 'input', tokens: 1_000, dollarsPerMillion: '2' }, { kind: 'output', tokens: 100, dollarsPerMillion: '10' }]);
  });

  it('never change once they are set', async () => {
    expect(await set({ ...january, models: [...january.models] })).toMatchObject({ created: false });
    await expect(set({ ...january, effectiveFrom: '2026-01-02T00:00:00Z' })).rejects.toMatchObject({ code: 'version-taken' });
    await expect(set({ ...march, version: '2026-01' })).rejects.toMatchObject({ code: 'version-taken' });
    await expect(set({ ...march, version: 'new', models: [...march.models, ...march.models] })).rejects.toMatchObject({ code: 'bad-prices', message: expect.stringContaining('models[2] repeats') as string });
    expect(await announced('audit.prices-set.v1')).toHaveLength(2);
  });
});

describe('sums', () => {
  it('are told by what is asked for, what costs most first', async () => {
    const { groups, total, more } = await summary({ by: ['model', 'repository'], kind: 'invocation' });
    expect(groups.map(({ model, repositoryId, measures }) => [model, repositoryId, measures.calls, measures.nanoDollars, measures.unpriced])).toEqual([
      ['large-1', OTHER, 1, '6000000', 0],
      ['large-1', SHOP, 2, '3000000', 1],
      ['large-9', SHOP, 1, '0', 1],
      ['small-1', null, 1, '0', 1],
    ]);
    expect([more, total]).toMatchObject([false, { calls: 5, nanoDollars: '9000000', unpriced: 3, tokens: [{ kind: 'input', tokens: 3_010 }, { kind: 'output', tokens: 300 }], latencyMs: 2_140, longestLatencyMs: 2_140 }]);
    expect((await summary({ by: ['model'], limit: 1 })).more).toBe(true);
  });

  it('are told in the order of time', async () => {
    expect((await summary({ by: ['day'] })).groups.map(({ day, measures }) => [day, measures.events])).toEqual([['2026-03-02', 2], ['2026-03-03', 3], ['2026-03-04', 3], ['2026-03-05', 2], ['2026-03-06', 1]]);
    expect((await summary({ by: ['week', 'kind'], kind: 'invocation' })).groups).toMatchObject([{ day: '2026-03-02', kind: 'invocation', measures: { calls: 5 } }]);
    expect((await summary({ by: ['month'], from: '2026-02-01' })).groups.map(({ day, measures }) => [day, measures.nanoDollars])).toEqual([['2026-02-01', '3000000'], ['2026-03-01', '9000000']]);
  });

  it('know scores and risks', async () => {
    expect((await summary({ by: ['risk', 'outcome'], kind: 'safety-check' })).groups).toMatchObject([{ risk: 'high', outcome: 'blocked', measures: { score: 0.2, lowestScore: 0.2 } }, { risk: 'low', outcome: 'allowed', measures: { score: 0.94 } }]);
    expect((await summary({ kind: 'safety-check' })).total).toMatchObject({ score: 0.57, lowestScore: 0.2, latencyMs: 85 });
  });

  it('are compared with the time before', async () => {
    const { groups, before } = await summary({ by: ['model'], kind: 'invocation', from: '2026-02-20', to: '2026-03-11', compare: true });
    expect(groups.map(({ model, before: earlier }) => [model, earlier])).toEqual([['large-1', { events: 1, nanoDollars: '3000000' }], ['large-9', { events: 0, nanoDollars: '0' }], ['small-1', { events: 0, nanoDollars: '0' }]]);
    expect(before).toMatchObject({ calls: 1, nanoDollars: '3000000' });
    await expect(summary({ by: ['day'], compare: true })).rejects.toMatchObject({ code: 'bad-range' });
    await expect(summary({ from: '2026-04-01' })).rejects.toMatchObject({ code: 'bad-range' });
  });

  it('are those of the last thirty days when nothing else is asked for', async () => {
    expect(fit('audit.summary.show', await showSummary(deps())({}, context()))).toMatchObject({ from: '2026-02-19', to: '2026-03-20', groups: [{ measures: { events: 11 } }], before: null, readUpTo: '2026-03-06T10:00:00.000Z' });
  });
});

describe('budgets', () => {
  const set = async (request: object) => fit('audit.budget.set', await setBudget(deps())({ name: 'team', period: 'month', limitNanoDollars: '10000000', ...request } as never, context()));
  const list = async () => fit('audit.budget.list', await listBudgets(deps())({}, context())).budgets;
  const thresholds = async () => (await announced('audit.budget-passed.v1')).map((data) => (data as { threshold: number }).threshold);

  it('say once when a part of them is passed', async () => {
    expect(await set({})).toMatchObject({ budget: { name: 'team', thresholds: [50, 80, 100], provider: null } });
    await settled();
    expect(await announced('audit.budget-passed.v1')).toMatchObject([
      { threshold: 50, from: '2026-03-01', to: '2026-03-31', spentNanoDollars: '9000000', unpriced: 3, budget: { name: 'team' } },
      { threshold: 80 },
    ]);
    await set({ name: 'small', model: 'small-1', thresholds: [100, 1, 100] });
    await settled();
    expect(await thresholds()).toEqual([50, 80]);
    expect(await list()).toMatchObject([
      { budget: { name: 'small', thresholds: [1, 100] }, spentNanoDollars: '0', passed: [] },
      { budget: { name: 'team' }, spentNanoDollars: '9000000', unpriced: 3, forecastNanoDollars: '14307692', passed: [{ threshold: 50, spentNanoDollars: '9000000' }, { threshold: 80 }] },
    ]);
  });

  it('are looked at when calls cost more, by new calls and by new prices', async () => {
    const writer = await log.writer();
    await writer.append(1, [call(18, '03-19', {}, { tenant: 'acme' }), call(19, '03-20', { context: { repositoryId: OTHER } })]);
    await writer.close();
    await waitFor(async () => (await thresholds()).length === 3, { what: 'the third threshold' });
    expect(await thresholds()).toEqual([50, 80, 100]);
    await set({ name: 'other', period: 'day', repository: OTHER, limitNanoDollars: '12000000', thresholds: [50, 100] });
    await settled();
    expect((await list()).map(({ budget, from, spentNanoDollars, passed }) => [budget.name, from, spentNanoDollars, passed.map(({ threshold }) => threshold)])).toEqual([['other', '2026-03-20', '6000000', [50]], ['small', '2026-03-01', '0', []], ['team', '2026-03-01', '15000000', [50, 80, 100]]]);
    await setPrices(deps())({ version: '2026-03-b', effectiveFrom: '2026-03-20T00:00:00Z', models: [{ provider: 'acme', model: 'large-1', prices: { input: '10', output: '20' } }] }, context());
    await settled();
    expect((await list())[0]).toMatchObject({ spentNanoDollars: '12000000', passed: [{ threshold: 50 }, { threshold: 100 }] });
    // Only what had a price when it was read.
    expect(await metrics.metrics()).toContain('granary_ai_audit_cost_dollars_total{service="audit"} 0.006\n');
    expect(await announced('audit.budget-passed.v1', 'acme')).toEqual([]);
  });

  it('begin anew when they are replaced, and go when they are taken away', async () => {
    expect(await set({ limitNanoDollars: '100000000' })).toMatchObject({ budget: { name: 'team', limitNanoDollars: '100000000' } });
    await settled();
    expect((await list()).at(-1)).toMatchObject({ budget: { limitNanoDollars: '100000000' }, passed: [] });
    expect(fit('audit.budget.remove', await removeBudget(deps())({ name: 'small' }, context()))).toMatchObject({ budget: { name: 'small' } });
    await expect(removeBudget(deps())({ name: 'small' }, context())).rejects.toMatchObject({ code: 'not-found' });
    expect((await announced('audit.budget-set.v1')).length).toBe(4);
    expect(await announced('audit.budget-removed.v1')).toEqual([{ name: 'small', by: null }]);
  });
});

it('reports a month', async () => {
  const { report, markdown } = fit('audit.report.show', await showReport(deps())({ month: '2026-03', format: 'markdown' }, context()));
  expect(report).toMatchObject({
    tenant: 'default', month: '2026-03', complete: false, readUpTo: '2026-03-20T10:00:00.000Z',
    total: { calls: 6, unpriced: 3, nanoDollars: '21000000' },
    before: { calls: 1, nanoDollars: '3000000' },
    models: [{ model: 'large-1' }, { model: 'large-9' }, { model: 'small-1' }],
    statuses: [{ label: 'ok', count: 5 }, { label: 'timeout', count: 1 }],
    priceTables: [{ version: '2026-03-b' }, { version: '2026-03' }, { version: '2026-01' }],
    budgets: [{ budget: { name: 'team' }, spentNanoDollars: '21000000' }],
    safety: { checks: 2, verdicts: [{ label: 'allowed', count: 1 }, { label: 'blocked', count: 1 }], stages: [{ label: 'response', count: 2 }], callsChecked: 2 },
    personalData: { occasions: 1, items: 3, handled: [{ label: 'email masked', count: 2 }, { label: 'phone removed', count: 1 }] },
    rejected: { answers: 1, reasons: [{ label: 'schema missing-field', count: 1 }], actions: [{ label: 'retried', count: 1 }] },
    harvests: { assessments: 1, withheld: 1 },
  });
  expect(report.attention.map(({ code }) => code)).toEqual(expect.arrayContaining(['incomplete', 'unpriced-calls', 'unchecked-calls', 'blocked', 'high-risk', 'withheld']));
  expect(markdown).toContain('# AI compliance report, 2026-03');
  expect((await showReport(deps())({ month: '2026-02' }, context())).report).toMatchObject({ complete: true, total: { calls: 1 }, priceTables: [{ version: '2026-01' }], safety: { callsChecked: 0 } });
  expect((await showReport({ ...deps(), keepMs: 1 })({ month: '2026-02' }, context())).report.safety.callsChecked).toBeNull();
  await expect(showReport(deps())({ month: '2026-04' }, context())).rejects.toMatchObject({ code: 'bad-range' });
});

it('writes nothing for who has lost the lease, and nothing twice', async () => {
  const store = new AiWriteStore(log.database);
  const stale: Lease = { consumer: 'ai-audit', group: 0, owner: 'somebody', epoch: 0, unclean: false };
  const before = await inBoth();
  await expect(store.append(stale, [], sumsOf, { epoch: 9, sequence: 9, readUpTo: null }, 'correlation')).rejects.toMatchObject({ code: 'lease-lost' });
  await expect(store.forget(stale, now(), 10, 'correlation')).rejects.toMatchObject({ code: 'lease-lost' });
  await projector.stop();
  // As if the cursor had been lost with a crash: everything is read again.
  await log.rows('update ai_cursor set epoch = 0, sequence = 0');
  projector = new AiProjector({ store, leases: log.database.leases, meters: aiMeters(createMetrics('audit')), log: log.log, owner: randomUUID(), newId: randomUUID, now, leaseTtlMs: 5_000, keepMs: 18 * 86_400_000, everyMs: 20 });
  await projector.start();
  await waitFor(async () => (await store.cursor()).sequence === 19, { what: 'the log to be read again' });
  // Records from before the second of March are not kept; their sums are.
  await waitFor(async () => (await log.rows('select 1 from ai_record where sequence = 2')).length === 0, { what: 'old records to be forgotten' });
  expect((await log.rows('select sum(events)::int as events, sum(cost)::text as cost from ai_day'))[0]).toEqual({ events: 15, cost: expect.any(String) });
  expect((await inBoth())[0]?.['sums']).toBe(before[0]?.['sums']);
});
