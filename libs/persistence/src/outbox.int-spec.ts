import { setTimeout as delay } from 'node:timers/promises';
import { createLogger } from '@granary/observability';
import { freshDatabase, waitFor } from '@granary/testing';
import type { FreshDatabase } from '@granary/testing';
import { Client } from 'pg';
import type { EntityManager } from 'typeorm';
import { openDatabase } from './database.client';
import type { Database } from './database.client';
import { WAITING } from './outbox.store';
import { pruneInbox } from './prune.store';

const log = createLogger({ service: 'test', level: 'silent' });
const CAUSE = { tenant: 'default', correlationId: '01936c5e-7a10-7000-8000-0000000000c0' };
const DECISION = { tenant: 'default', by: 'operator', correlationId: CAUSE.correlationId };
const removed = (key: string, name: string) => ({ type: 'repository.removed.v1', key, data: { repositoryId: '01936c5e-7a10-7000-8000-00000000000a', name } }) as const;

describe('a database', () => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await freshDatabase('harvester');
    database = await openDatabase({ url: fresh.url, schema: 'harvester', applicationName: 'harvester', log, poolSize: 10 });
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });
  beforeEach(() => database.dataSource.query('truncate outbox'));

  const waitingRows = async () => {
    const leadership = await waitFor(() => database.outbox.lead(), { what: 'the leadership' });
    const rows = await leadership.waiting(1_000);
    await leadership.release();
    return rows;
  };
  const namesOf = (rows: { body: string }[]) => rows.map((row) => (JSON.parse(row.body) as { data: { name: string } }).data.name);

  it('brings its schema up, may be opened twice at once, and takes its migrations back', async () => {
    const again = await Promise.all([1, 2].map(() => openDatabase({ url: fresh.url, schema: 'harvester', applicationName: 'harvester', log })));
    await Promise.all(again.map((other) => other.close()));
    const other = await freshDatabase('normalizer');
    const opened = await openDatabase({ url: other.url, schema: 'normalizer', applicationName: 'normalizer', log });
    const columns = async () => (await opened.dataSource.query<{ name: string }[]>(`select column_name as name from information_schema.columns where table_name = 'outbox' and column_name in ('behind', 'tenant')`)).map(({ name }) => name);
    await opened.transact(CAUSE, async ({ announce }) => announce(removed('a', 'kept')));
    const all = () => opened.dataSource.query('select lane_key from outbox');
    expect(await all()).toEqual([]);
    await opened.dataSource.undoLastMigration();
    expect([await columns(), await all()]).toEqual([['behind'], [{ lane_key: 'default.a' }]]);
    await opened.dataSource.runMigrations();
    expect(await opened.across.rows.query('select tenant from outbox')).toEqual([{ tenant: 'default' }]);
    await opened.dataSource.undoLastMigration();
    await opened.dataSource.undoLastMigration();
    expect(await columns()).toEqual([]);
    await opened.dataSource.undoLastMigration();
    expect(await opened.dataSource.query(`select table_name from information_schema.tables where table_schema = 'normalizer' and table_name <> 'migrations'`)).toEqual([]);
    await opened.close();
    await other.drop();
  });

  it.each([
    ['a database that is not there', (url: URL) => (url.pathname = '/nowhere'), 'database-refused'],
    ['a wrong password', (url: URL) => (url.password = 'wrong'), 'database-refused'],
    ['a server that is not there', (url: URL) => (url.port = '1'), 'database-unreachable'],
  ])('says what is wrong with %s', async (_, spoil, code) => {
    const url = new URL(fresh.url);
    spoil(url);
    await expect(openDatabase({ url: url.href, schema: 'harvester', applicationName: 'harvester', log })).rejects.toMatchObject({ code });
  });

  it('has one relay at a time', async () => {
    const first = await waitFor(() => database.outbox.lead(), { what: 'the leadership' });
    expect(await database.outbox.lead()).toBeNull();
    await first.release();
    const second = await waitFor(() => database.outbox.lead(), { what: 'the leadership' });
    const lost = new Promise((resolve) => second.lost.addEventListener('abort', resolve));
    await database.dataSource.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', ['harvester relay']);
    await lost;
  });

  it('gives ids in commit order for each key under concurrent transactions, one of them idle for long', async () => {
    const idle = new Client({ connectionString: fresh.url });
    await idle.connect();
    await idle.query('begin');
    await idle.query('select pg_current_xact_id()');

    // Each transaction writes its number under the key's row lock, so the numbers are the commit order.
    await database.dataSource.query('create table counters (key text primary key, n int not null)');
    await database.dataSource.query(`insert into counters select 'k' || i, 0 from generate_series(0, 4) i`);
    const one = async (key: string, lingerMs: number) =>
      database.transact(CAUSE, async ({ manager, announce }) => {
        const [[row]] = await manager.query<[[{ n: number }], number]>('update counters set n = n + 1 where key = $1 returning n', [key]);
        announce(removed(key, String(row.n)));
        await delay(lingerMs);
      });
    await Promise.all(Array.from({ length: 100 }, (_, i) => one(`k${i % 5}`, (i * 7) % 5)));

    const rows = await waitingRows();
    expect(rows).toHaveLength(100);
    for (let key = 0; key < 5; key += 1) {
      expect(namesOf(rows.filter((row) => row.laneKey === `default.k${key}`))).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 1)));
    }
    await idle.query('rollback');
    await idle.end();
  });

  it('does not let a transaction of the same key overtake one that has its ids but has not committed', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await database.dataSource.query('create table slow (x int)');
    await database.dataSource.query(`create function wait_on_commit() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(4711); return null; end $$`);
    await database.dataSource.query('create constraint trigger slow_commit after insert on slow deferrable initially deferred for each row execute function wait_on_commit()');
    const blocker = await database.dedicated('test');
    await blocker.query('select pg_advisory_lock(4711)');

    // The first has written its outbox row and hangs in its commit; the second has everything else ready.
    const first = database.transact(CAUSE, async ({ manager, announce }) => {
      announce(removed('a', 'first'));
      await manager.query('insert into slow values (1)');
    });
    await waitFor(async () => (await database.dataSource.query<unknown[]>(`select 1 from pg_locks where locktype = 'advisory' and not granted`)).length === 1, { what: 'the first to hang' });
    const second = database.transact(CAUSE, async ({ announce }) => void announce(removed('a', 'second'))).then(release);
    const other = database.transact(CAUSE, async ({ announce }) => void announce(removed('b', 'other')));
    await other;
    expect(namesOf(await waitingRows())).toEqual(['other']);
    await blocker.query('select pg_advisory_unlock(4711)');
    await blocker.end();
    await Promise.all([first, second, gate]);
    expect(namesOf((await waitingRows()).filter((row) => row.laneKey === 'default.a'))).toEqual(['first', 'second']);
  });

  it('keeps rows behind a dead one of their key and tells how many wait', async () => {
    await database.transact(CAUSE, async ({ announce }) => ['a1', 'a2', 'b1'].forEach((name) => announce(removed(name.charAt(0), name))));
    const leadership = await waitFor(() => database.outbox.lead(), { what: 'the leadership' });
    const [first] = await leadership.waiting(10);
    await leadership.markDead(first?.id ?? '', 'refused');
    expect(namesOf(await leadership.waiting(10))).toEqual(['b1']);
    expect(await leadership.stats()).toMatchObject({ waiting: 2, dead: 1 });
    // Removed by hand: seen when the relay counts the next time.
    await leadership.remove([first?.id ?? '']);
    expect(await leadership.stats()).toMatchObject({ waiting: 2, dead: 0 });
    expect(namesOf(await leadership.waiting(10))).toEqual(['a2', 'b1']);
    await leadership.release();
  });

  it('does not read again what waits behind a dead row, and brings it when that is retried or discarded', async () => {
    await database.transact(CAUSE, async ({ announce }) => ['a1', 'b1', ...Array.from({ length: 30 }, (_, i) => `a${i + 2}`), 'b2'].forEach((name) => announce(removed(name.charAt(0), name))));
    const leadership = await waitFor(() => database.outbox.lead(), { what: 'the leadership' });
    const [first] = await leadership.waiting(1);
    await leadership.markDead(first?.id ?? '', 'refused');
    expect(namesOf(await leadership.waiting(4))).toEqual(['b1']);
    expect(namesOf(await leadership.waiting(40))).toEqual(['b1', 'b2']);
    expect(await database.across.rows.query('select lane_key, count(*)::int from outbox where behind group by lane_key')).toEqual([{ lane_key: 'default.a', count: 30 }]);

    const { dead, next } = await database.outboxDesk.list('default', { limit: 1 });
    expect([dead, next]).toMatchObject([[{ id: first?.id, tenant: 'default', key: 'a', reason: 'refused', behind: 30, messageId: first?.messageId }], null]);
    let woken = 0;
    const forget = database.outbox.onCommit(() => (woken += 1));
    expect(await database.outboxDesk.retry(first?.id ?? '', DECISION)).toMatchObject({ key: 'a', behind: 30 });
    expect(namesOf(await leadership.waiting(3))).toEqual(['a1', 'b1', 'a2']);
    await leadership.markDead(first?.id ?? '', 'refused again');
    await database.transact(CAUSE, async ({ announce }) => announce(removed('a', 'a32')));
    expect(namesOf(await leadership.waiting(40))).toEqual(['b1', 'b2']);
    expect(await database.outboxDesk.show('default', first?.id ?? '')).toMatchObject({ dead: { reason: 'refused again', behind: 31 }, body: first?.body });
    expect(await database.outboxDesk.discard(first?.id ?? '', 'a test', DECISION)).toMatchObject({ dead: { behind: 31 }, body: first?.body });
    expect(namesOf(await leadership.waiting(4))).toEqual(['b1', 'a2', 'a3', 'a4']);
    expect(await leadership.waiting(40)).toHaveLength(33);
    forget();
    expect(woken).toBe(3);
    await leadership.release();
  });

  it('knows of dead rows when it takes the lead', async () => {
    await database.transact(CAUSE, async ({ announce }) => ['a1', 'a2', 'b1'].forEach((name) => announce(removed(name.charAt(0), name))));
    const first = await waitFor(() => database.outbox.lead(), { what: 'the leadership' });
    await first.markDead((await first.waiting(1))[0]?.id ?? '', 'refused');
    await first.release();
    expect(namesOf(await waitingRows())).toEqual(['b1']);
  });

  it('reads by the index of what is ready, however much is not', async () => {
    await database.across.rows.query(`insert into outbox (message_id, lane_key, subject, body, behind) select i::text, 'default.a', 's', '{}', true from generate_series(1, 20000) i`);
    const plan = await database.across.rows.query<{ 'QUERY PLAN': unknown }[]>(`explain (format json) ${WAITING.replace('$1', '500')}`);
    expect(JSON.stringify(plan)).toContain('"Index Name":"outbox_ready"');
  });

  it.each(['999', 'nonsense'])('has no dead row %p', async (id) => {
    await expect(database.outboxDesk.retry(id, DECISION)).rejects.toMatchObject({ kind: 'permanent', code: 'not-found' });
  });

  it('fails a read when the delete before it failed', async () => {
    const leadership = await waitFor(() => database.outbox.lead(), { what: 'the leadership' });
    await leadership.remove(['not a number']);
    await expect(leadership.waiting(1)).rejects.toThrow('not a number');
    await leadership.release();
  });

  it('refuses events that are too large for the stream', async () => {
    const large = { type: 'cycle.appeared.v1', key: 'a', data: { repositoryId: '01936c5e-7a10-7000-8000-00000000000a', commit: 'a'.repeat(40), modules: Array.from({ length: 900 }, (_, i) => `src/${'x'.repeat(80)}/${i}.ts`) } } as const;
    await expect(database.transact(CAUSE, async ({ announce }) => announce(large))).rejects.toMatchObject({ kind: 'permanent', code: 'announcement-too-large' });
  });

  it('lets the manager of a transaction of its own set savepoints', async () => {
    await database.dataSource.query('create table notes (text text not null)');
    await database.transact(CAUSE, async ({ manager, announce }) => {
      await manager.query(`insert into notes values ('before')`);
      await expect(manager.transaction((inner) => inner.query('insert into notes values (null)'))).rejects.toMatchObject({ code: '23502' });
      await manager.transaction((inner) => inner.query(`insert into notes values ('inside')`));
      announce(removed('a', '1'));
    });
    expect(await database.dataSource.query('select text from notes')).toEqual([{ text: 'before' }, { text: 'inside' }]);
    expect(namesOf(await waitingRows())).toEqual(['1']);
  });

  it.each([
    ['its manager', (manager: EntityManager) => manager.queryRunner?.rollbackTransaction()],
    ['a statement of its work', (manager: EntityManager) => manager.query('rollback')],
    ['a statement that failed unseen', (manager: EntityManager) => manager.query('nonsense').catch(() => undefined)],
  ])('does not take a transaction for committed that was undone by %s', async (_, undo) => {
    const undone = database.transact(CAUSE, async ({ manager, announce }) => {
      announce(removed('a', '1'));
      await undo(manager);
    });
    await expect(undone).rejects.toThrow();
    expect(await waitingRows()).toEqual([]);
    expect(await database.dataSource.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('tells listeners of commits that announced something, and of no others', async () => {
    let commits = 0;
    const forget = database.outbox.onCommit(() => (commits += 1));
    await database.transact(CAUSE, async () => 'nothing');
    await database.transact(CAUSE, async ({ announce }) => announce(removed('a', '1')));
    forget();
    await database.transact(CAUSE, async ({ announce }) => announce(removed('a', '2')));
    expect(commits).toBe(1);
  });

  it('forgets inbox rows that nothing can repeat any more', async () => {
    await database.across.rows.query(`insert into inbox (consumer, run, tenant, source, event_id, handled_at) select 'c', 'live', 't', 's', i::text, timestamptz '2026-03-31T12:00:00Z' - i * interval '24 hours' from generate_series(1, 30) i`);
    // The row of exactly 15 days ago stays.
    expect(await pruneInbox(database, new Date('2026-03-31T12:00:00Z'), 15, 4)).toBe(15);
    expect(await database.across.rows.query('select count(*)::int as left from inbox')).toEqual([{ left: 15 }]);
  });
});
