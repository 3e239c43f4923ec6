import { walkTenants } from '@granary/testing';
import type { Position } from '../record/position';
import { NO_CLOCK, readClock } from '../record/clock';
import { MALFORMED, type LogRow } from '../record/row';
import { openLog, type TestLog } from '../../test/log';
import { aRow } from '../../test/row';
import type { Findings } from '../store/event-log.store';
import { PAGE_BYTES, windowQuery, type SearchFilter } from './search';
import { asEvent } from './as-event';
import { migrations } from '../store/migrations';

let log: TestLog;

const minute = (minutes: number) => new Date(Date.parse('2026-03-02T09:00:00Z') + minutes * 60_000);
/** Event n of an epoch: every third is of tenant `other`, types and keys alternate, ten share a correlation id. */
const row = (epoch: number, sequence: number, minutes: number, changes: Partial<LogRow> = {}): LogRow =>
  aRow({
    sequence,
    storedAt: minute(minutes).toISOString(),
    tenant: sequence % 3 === 0 ? 'other' : 'default',
    type: sequence % 2 === 0 ? 'graph.normalized.v1' : 'harvest.completed.v1',
    key: `key-${sequence % 4}`,
    eventId: `${epoch}-${sequence}`,
    correlationId: `correlation-${Math.floor(sequence / 10)}`,
    body: JSON.stringify({ id: `${epoch}-${sequence}` }),
    ...changes,
  });
const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Writes rows into partitions of fifty, in an epoch that it opens when there is something to say about it. */
async function write(epoch: number, rows: readonly LogRow[], { from, opens, findings }: { from: readonly number[]; opens?: { previousEpoch: number | null }; findings?: Findings }) {
  const writer = await log.writer();
  if (opens) await writer.openEpoch(epoch, { ...opens, from });
  else await writer.addPartitions(epoch, from);
  await writer.append(epoch, rows, findings);
  await writer.close();
}

beforeAll(async () => {
  log = await openLog();
  // Epoch 1 ends with sequence 100 at minute 100; epoch 2 begins again with sequence 1 at minute 101. Minute by minute.
  await write(1, range(1, 100).map((sequence) => row(1, sequence, sequence)), { from: [0, 50, 100], opens: { previousEpoch: null } });
  const large = row(2, 100, 200, { tenant: 'big', body: JSON.stringify({ id: '2-100', text: 'x'.repeat(90_000) }) });
  await write(2, [...range(1, 99).map((sequence) => row(2, sequence, 100 + sequence)), large], { from: [0, 50, 100], opens: { previousEpoch: 1 } });
});
afterAll(() => log.close());

const page = async (filter: Partial<SearchFilter>) => {
  const { messages, next } = await log.search.pageAcross({ order: 'asc', limit: 500, ...filter });
  return { found: messages.map(({ eventId }) => eventId), next };
};
const found = async (filter: Partial<SearchFilter>) => (await page(filter)).found;
const at = (epoch: number, sequence: number): Position => ({ epoch, sequence });

/** Walks all pages; each position given is where a page ended. */
async function walk(filter: Partial<SearchFilter> & { limit: number }): Promise<{ found: string[]; pages: number }> {
  const all: string[] = [];
  let from: Partial<SearchFilter> = {};
  for (let pages = 1; ; pages += 1) {
    const { found: some, next } = await page({ ...filter, ...from });
    expect(some.length).toBeLessThanOrEqual(filter.limit);
    all.push(...some);
    if (next === null) return { found: all, pages };
    from = filter.order === 'desc' ? { before: next } : { after: next };
  }
}

const everything = [...range(1, 100).map((n) => `1-${n}`), ...range(1, 100).map((n) => `2-${n}`)];

describe('a search', () => {
  it('without conditions finds everything, epoch by epoch', async () => {
    expect(await found({})).toEqual(everything);
    expect(await found({ order: 'desc' })).toEqual([...everything].reverse());
  });

  it('finds by tenant and type', async () => {
    expect(await found({ tenant: 'other', types: ['graph.normalized.v1'], limit: 3 })).toEqual(['1-6', '1-12', '1-18']);
    expect(await found({ tenant: 'other', types: ['graph.normalized.v1', 'harvest.completed.v1'], limit: 3 })).toEqual(['1-3', '1-6', '1-9']);
    expect(await found({ tenant: 'nobody' })).toEqual([]);
    expect(await found({ types: ['harvest.failed.v1'] })).toEqual([]);
  });

  it('of several types without a tenant keeps the order', async () => {
    expect(await found({ types: ['graph.normalized.v1', 'harvest.completed.v1'], order: 'desc', limit: 3 })).toEqual(['2-100', '2-99', '2-98']);
  });

  it('finds by key, across epochs', async () => {
    expect(await found({ key: 'key-0', after: at(1, 90), before: at(2, 10) })).toEqual(['1-92', '1-96', '1-100', '2-4', '2-8']);
  });

  it('finds by correlation id', async () => {
    expect(await found({ correlationId: 'correlation-3' })).toEqual([...range(30, 39).map((n) => `1-${n}`), ...range(30, 39).map((n) => `2-${n}`)]);
    expect(await found({ correlationId: 'correlation-3', types: ['graph.normalized.v1'], tenant: 'other' })).toEqual(['1-30', '1-36', '2-30', '2-36']);
  });

  it('finds by the time at which the stream stored, from the first time and before the second', async () => {
    expect(await found({ since: minute(40), until: minute(43) })).toEqual(['1-40', '1-41', '1-42']);
    expect(await found({ since: minute(99), until: minute(103) })).toEqual(['1-99', '1-100', '2-1', '2-2']);
    expect(await found({ since: minute(199) })).toEqual(['2-99', '2-100']);
    expect(await found({ until: minute(3), order: 'desc' })).toEqual(['1-2', '1-1']);
    expect(await found({ since: minute(500) })).toEqual([]);
    expect(await found({ until: minute(0) })).toEqual([]);
    expect(await found({ since: minute(50), until: minute(40) })).toEqual([]);
  });

  it('reads on behind a position and up to one, without them', async () => {
    expect(await found({ after: at(1, 98), limit: 3 })).toEqual(['1-99', '1-100', '2-1']);
    expect(await found({ before: at(2, 2), order: 'desc', limit: 3 })).toEqual(['2-1', '1-100', '1-99']);
    expect(await found({ after: at(2, 98), before: at(2, 100) })).toEqual(['2-99']);
    expect(await found({ after: at(2, 100) })).toEqual([]);
  });
});

describe('a search with what cannot be', () => {
  it('knows nothing behind an epoch beyond all epochs, and everything before it', async () => {
    const beyond = at(Number.MAX_SAFE_INTEGER, 1);

    expect(await found({ after: beyond })).toEqual([]);
    expect(await found({ before: beyond })).toEqual(everything);
  });

  it('takes the first and the last time that can be written', async () => {
    const [first, last] = [new Date('0000-01-01T00:00:00+23:59'), new Date('9999-12-31T23:59:59-23:59')];

    expect(await found({ since: first, until: last })).toEqual(everything);
    expect(await found({ until: first })).toEqual([]);
    expect(await found({ since: last })).toEqual([]);
  });

  it('finds no event by an id that no event can have', async () => {
    expect(await log.search.byEventId('default', '1-\0')).toBeNull();
  });
});

describe('pages', () => {
  it.each(['asc', 'desc'] as const)('join without gap or repeat, across epochs (%s)', async (order) => {
    const walked = await walk({ order, limit: 7 });

    expect(walked.found).toEqual(order === 'asc' ? everything : [...everything].reverse());
    expect(walked.pages).toBe(29);
  });

  it('join under conditions too', async () => {
    const conditions = { tenant: 'default', types: ['harvest.completed.v1', 'graph.normalized.v1'], since: minute(50), until: minute(150) };
    const expected = await found(conditions);

    expect(expected.length).toBeGreaterThan(60);
    expect((await walk({ ...conditions, order: 'asc', limit: 10 })).found).toEqual(expected);
    expect((await walk({ ...conditions, order: 'desc', limit: 10 })).found).toEqual(expected.reverse());
  });

  it('stay as they are while the log grows behind them', async () => {
    const conditions = { tenant: 'growing', order: 'desc', limit: 10 } as const;
    await write(2, range(3_000, 3_019).map((sequence) => row(2, sequence, 300, { tenant: 'growing' })), { from: [3_000] });
    const newest = await page(conditions);
    await write(2, range(3_020, 3_029).map((sequence) => row(2, sequence, 301, { tenant: 'growing' })), { from: [] });
    const older = await page({ ...conditions, before: newest.next as Position });

    expect([...newest.found, ...older.found]).toEqual(range(3_000, 3_019).map((sequence) => `2-${sequence}`).reverse());
    expect((await walk({ tenant: 'growing', order: 'asc', limit: 7 })).found).toHaveLength(30);
  });

  it('end with null exactly when nothing follows', async () => {
    expect((await page({ correlationId: 'correlation-9', limit: 20 })).next).toBeNull();
    expect((await page({ correlationId: 'correlation-9', limit: 19 })).next).toEqual(at(2, 98));
  });
});

describe('large events', () => {
  it('make pages shorter, so that an answer fits a message', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(90_000) });
    await write(2, range(1_000, 1_019).map((sequence) => row(2, sequence, 300, { tenant: 'large', body })), { from: [1_000] });

    const first = await page({ tenant: 'large' });
    expect(first.found).toHaveLength(5);
    expect(first.next).toEqual(at(2, 1_004));
    expect((await walk({ tenant: 'large', order: 'desc', limit: 500 })).found).toHaveLength(20);
  });

  it('do so by what they take in the answer, where a message that is no event is a text that has to be escaped', async () => {
    const body = '\u0001'.repeat(90_000);
    await write(2, range(2_000, 2_003).map((sequence) => row(2, sequence, 300, { tenant: 'escaped', type: MALFORMED, body })), { from: [2_000] });

    const { messages, next } = await log.search.pageAcross({ tenant: 'escaped', order: 'asc', limit: 500 });
    expect(Buffer.byteLength(JSON.stringify(messages.map(asEvent)))).toBeLessThan(PAGE_BYTES + 96 * 1_024);
    expect(next).toEqual(at(2, 2_000));
    expect((await walk({ tenant: 'escaped', limit: 500 })).found).toHaveLength(4);
  });
});

describe('one event', () => {
  it('is found by its id', async () => {
    expect(await log.search.byEventId('default', '2-7')).toMatchObject({ position: at(2, 7), tenant: 'default', type: 'harvest.completed.v1', key: 'key-3', correlationId: 'correlation-0', storedAt: minute(107), body: '{"id":"2-7"}' });
    expect(await log.search.byEventId('default', '3-1')).toBeNull();
  });
});

describe('a stream whose clock stepped back', () => {
  it('is searched by time all the same', async () => {
    const minutes = [400, 410, 405, 406, 411, 420];
    const rows = minutes.map((at, index) => row(3, index + 1, at, { tenant: 'stepped' }));
    await write(3, rows, { from: [0], opens: { previousEpoch: 2 }, findings: { clockStepMs: readClock(NO_CLOCK, rows).stepMs } });

    for (const since of range(399, 421)) {
      for (const until of range(since, 421)) {
        const expected = minutes.flatMap((at, index) => (at >= since && at < until ? [`3-${index + 1}`] : []));
        expect(await found({ tenant: 'stepped', since: minute(since), until: minute(until) })).toEqual(expected);
      }
    }
  });
});

it('leaves partitions alone that cannot hold what is asked for', async () => {
  const plan = await log.rows(
    `explain select body from event_log where (epoch, sequence) > (2::integer, 60::bigint) and (epoch > 2::integer or (epoch = 2::integer and sequence > 60::bigint)) order by epoch, sequence limit 10`,
  );
  const text = plan.map((line) => line['QUERY PLAN'] as string).join('\n');

  expect(text).toContain('event_log_2_50');
  expect(text).not.toContain('event_log_1_');
  expect(text).not.toContain('event_log_2_0');
});

const OF_NOBODY = ['ai_cursor', 'export_day', 'retired_until', 'checkpoint', 'checkpoint_key', 'comparison', 'log_epoch', 'log_hole', 'log_partition', 'tree_epoch', 'tree_state', 'tree_tile'];

it('takes its tables away again and can bring them back, and keeps tenants apart meanwhile', async () => {
  const other = await openLog();
  const writer = await other.writer();
  await writer.openEpoch(1);
  await writer.close();
  expect(await walkTenants(other.fresh, other.database, OF_NOBODY)).toEqual({ separated: ['ai_budget', 'ai_budget_passed', 'ai_day', 'ai_dirty_day', 'ai_label', 'ai_record', 'ai_repricing', 'event_log', 'held_events', 'inbox', 'outbox', 'price_table', 'replay_failure', 'replay_job', 'replay_part'], problems: [] });
  const separated = () => other.rows(`select relname as name, relrowsecurity and relforcerowsecurity as forced from pg_class where relname ~ '^event_log(_1_0)?$' and relrowsecurity order by 1`);
  expect(await separated()).toEqual([{ name: 'event_log', forced: true }, { name: 'event_log_1_0', forced: false }]);
  const { dataSource } = other.database;
  const tables = async () => (await other.rows(`select tablename from pg_tables where schemaname = 'audit' and tablename ~ '^(event_log|log_)' order by 1`)).map(({ tablename }) => tablename);

  expect(await tables()).toEqual(['event_log', 'event_log_1_0', 'log_epoch', 'log_hole', 'log_partition']);
  const undo = async (name: string) => {
    for (let last = migrations.length - 1; migrations[last + 1]?.name !== name; last -= 1) await dataSource.undoLastMigration();
  };
  await undo('TenantRows1780000000000');
  expect([await separated(), await dataSource.query('select count(*)::int as kept from event_log')]).toEqual([[], [{ kept: 2 }]]);
  await dataSource.runMigrations();
  expect([await separated(), await dataSource.query('select count(*)::int as seen from event_log')]).toMatchObject([{ length: 2 }, [{ seen: 0 }]]);
  await undo('EventLog1760000000001');
  expect([await tables(), await other.rows(`select 1 from pg_tables where schemaname = 'audit' and tablename = any($1)`, [OF_NOBODY])]).toEqual([[], []]);
  await dataSource.runMigrations();
  expect(await tables()).toHaveLength(4);
  await other.close();
});

it('turns times into positions by looking up, and never by joining the epochs with the whole log', async () => {
  const { text, values } = windowQuery({ since: minute(3), until: minute(7) });
  const plan = (await log.rows(`explain ${text}`, values)).map((line) => line['QUERY PLAN']).join('\n');
  expect(plan).not.toMatch(/Join/);
});
