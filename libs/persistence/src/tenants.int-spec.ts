import { createLogger } from '@granary/observability';
import type { Cause, DeliveryKey, Lease, UnitOfWork } from '@granary/messaging';
import { freshDatabase, walkTenants } from '@granary/testing';
import type { FreshDatabase } from '@granary/testing';
import { openDatabase } from './database.client';
import type { Database } from './database.client';
import { separateTenants } from './separate-tenants.store';

const log = createLogger({ service: 'test', level: 'silent' });
const of = (tenant: string): Cause => ({ tenant, correlationId: '01936c5e-7a10-7000-8000-0000000000c0' });
const removed = (key: string) => ({ type: 'repository.removed.v1', key, data: { repositoryId: '01936c5e-7a10-7000-8000-00000000000a', name: 'x' } }) as const;

describe('tenants', () => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeAll(async () => {
    fresh = await freshDatabase('normalizer');
    database = await openDatabase({ url: fresh.url, schema: 'normalizer', applicationName: 'normalizer', log });
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  it('are kept apart in the tables of the event path', async () => {
    expect(await walkTenants(fresh, database)).toEqual({ separated: ['held_events', 'inbox', 'outbox'], problems: [] });
  });

  it('are not, says the walk, in a table that nobody separated, nor in one that does not say whose its rows are', async () => {
    await database.dataSource.query('create table careless (tenant text not null, note text not null)');
    await database.dataSource.query('create table strange (note text not null)');
    await database.dataSource.query('create table unforced (tenant text not null, note text not null)');
    await database.dataSource.query('alter table unforced enable row level security');
    const { problems } = await walkTenants(fresh, database);
    await database.dataSource.query('drop table careless, strange, unforced');
    expect(problems.map((problem) => problem.replace(/ \(.*/, ''))).toEqual([
      'strange: whose its rows are is not said',
      ...['careless', 'unforced'].flatMap((table) =>
        [
          'row-level security is not enabled and forced on it, or has no policy',
          'a tenant does not see its own rows, or those of others',
          'a statement of a tenant does not see its own rows, or those of others',
          'a tenant changes rows of others',
          'a tenant removes rows of others',
          'a tenant adds rows for others',
          'rows are seen without a tenant',
          'rows are added without a tenant',
        ].map((problem) => `${table}: ${problem}`),
      ),
    ]);
  });

  it('are not kept apart from a role that no policy binds, and the log says so', async () => {
    const warned: string[] = [];
    const listening = { ...log, warn: (message: unknown) => void warned.push(String(message)) } as typeof log;
    for (const url of [fresh.url, fresh.adminUrl]) await (await openDatabase({ url, schema: 'normalizer', applicationName: 'normalizer', log: listening })).close();
    expect(warned).toEqual([expect.stringContaining('bypasses row-level security')]);
  });

  it.each(['*', '', 'a\0b'])('are not named %j', async (tenant) => {
    await expect(database.transact(of(tenant), async () => undefined)).rejects.toMatchObject({ code: 'no-tenant' });
    expect(() => database.of(tenant)).toThrow('cannot be a tenant');
  });

  it.each([`it's`, 'back\\slash', `'; set granary.tenant = '*`])('may be called %j', async (tenant) => {
    const sight = `select current_setting('granary.tenant') as sight`;
    expect(await database.of(tenant).query(sight)).toEqual([{ sight: tenant }]);
    expect(await database.transact(of(tenant), ({ manager }) => manager.query(sight))).toEqual([{ sight: tenant }]);
  });

  it('leave nothing behind on a connection', async () => {
    const statements = Array.from({ length: 20 }, () => database.of('acme').query('select 1'));
    await Promise.all([...statements, database.transact(of('acme'), ({ manager }) => manager.query('select 1')), database.across.rows.query('select 1')]);
    const seen = await Promise.all(Array.from({ length: 20 }, () => database.dataSource.query<{ sight: string | null }[]>(`select current_setting('granary.tenant', true) as sight`)));
    expect(new Set(seen.map(([row]) => row?.sight ?? ''))).toEqual(new Set(['']));
  });

  it('announce for nobody else', async () => {
    await expect(database.transact(of('acme'), async ({ announce }) => announce({ ...removed('a'), tenant: 'umbra' }))).rejects.toMatchObject({ kind: 'permanent', code: 'foreign-tenant' });
    await database.across.transact(of('_platform'), async ({ announce }) => announce({ ...removed('across'), tenant: 'umbra' }));
    expect(await database.of('umbra').query(`select lane_key from outbox where lane_key like '%.across'`)).toEqual([{ lane_key: 'umbra.across' }]);
  });

  it('have statements of their own that fail and write as others do, but no transaction of several', async () => {
    const acme = database.of('acme');
    await expect(acme.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' });
    await acme.query(`insert into inbox (consumer, run, tenant, source, event_id) values ('c', 'live', 'acme', 's', 'written')`);
    expect(await acme.query(`select tenant from inbox where event_id = 'written'`)).toEqual([{ tenant: 'acme' }]);
    await expect(acme.transaction(async () => undefined)).rejects.toMatchObject({ code: 'statements-only' });
  });

  describe('who share a transaction', () => {
    let lease: Lease;
    beforeAll(async () => {
      lease = (await database.leases.acquire({ consumer: 'c', group: 0 }, 'me', 60_000)) as Lease;
      await database.dataSource.query('create table effects (tenant text not null, name text not null)');
      await database.transact(of('acme'), async ({ manager }) => {
        if (manager.queryRunner) await separateTenants(manager.queryRunner, ['effects']);
      });
    });
    const never = new AbortController().signal;
    const delivery = (tenant: string, eventId: string): DeliveryKey => ({ lease, run: 'live', tenant, source: 's', eventId, heldId: null });
    const once = <R>(tenant: string, eventId: string, work: (unit: UnitOfWork) => Promise<R>) => database.inbox.once(delivery(tenant, eventId), of(tenant), never, work);
    const write = ({ manager }: UnitOfWork, tenant: string, name: string) => manager.query('insert into effects (tenant, name) values ($1, $2)', [tenant, name]);
    const sees = async ({ manager }: UnitOfWork) => (await manager.query<{ name: string }[]>('select name from effects order by name')).map(({ name }) => name);

    it('see their own rows alone, at every statement', async () => {
      const one = async (unit: UnitOfWork, tenant: string, name: string) => {
        await write(unit, tenant, name);
        const before = await sees(unit);
        unit.announce(removed(name));
        return [...before, ...(await sees(unit))];
      };
      const results = await Promise.all(['a', 'b', 'a', 'c', 'b', 'a'].map((tenant, n) => once(tenant, `e${n}`, (unit) => one(unit, tenant, `${tenant}${n}`))));
      expect(results.map((names) => [...new Set((names as string[]).map((name) => name.charAt(0)))].join())).toEqual(['a', 'b', 'a', 'c', 'b', 'a']);
      const [xids] = await database.across.rows.query<{ n: number }[]>('select count(distinct xmin::text)::int as n from effects');
      expect(xids).toEqual({ n: 1 });
      expect(await database.of('b').query(`select lane_key from outbox where lane_key ~ '[.]b[0-9]$' order by id`)).toEqual([{ lane_key: 'b.b1' }, { lane_key: 'b.b4' }]);
      expect(await database.of('b').query(`select event_id from inbox where event_id ~ '^e[0-9]$' order by 1`)).toEqual([{ event_id: 'e1' }, { event_id: 'e4' }]);
    });

    it('fail alone when one of them reaches for what belongs to another', async () => {
      const settled = await Promise.allSettled([
        once('a', 'f0', (unit) => write(unit, 'a', 'good')),
        once('b', 'f1', (unit) => write(unit, 'a', 'stolen')),
        once('b', 'f2', async ({ announce }) => announce({ ...removed('x'), tenant: 'a' })),
      ]);
      expect(settled).toMatchObject([{ status: 'fulfilled' }, { reason: { message: expect.stringContaining('row-level security') as string } }, { reason: { code: 'foreign-tenant' } }]);
      expect(await database.of('a').query(`select name from effects where name in ('good', 'stolen')`)).toEqual([{ name: 'good' }]);
    });
  });
});
