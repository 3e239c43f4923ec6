import { openDatabase, type Database } from '@granary/persistence';
import { createLogger } from '@granary/observability';
import { freshDatabase, type FreshDatabase } from '@granary/testing';
import { Client } from 'pg';
import { v7 } from 'uuid';
import { entities, migrations } from '../app.module';
import { principalStore } from './principal.store';
import { createTenancy, type Tenancy } from './tenancy.store';
import { trustStore } from './trust.store';

let fresh: FreshDatabase;
let database: Database;
let tenancy: Tenancy;
const now = new Date('2026-03-02T09:14:02.117Z');
const cause = (tenant: string) => ({ tenant, correlationId: 'c1' });
const principals: Record<string, string> = {};

beforeAll(async () => {
  fresh = await freshDatabase('auth');
  database = await openDatabase({ url: fresh.url, schema: fresh.schema, applicationName: 'auth', entities, migrations, log: createLogger({ service: 'test', level: 'silent' }) });
  tenancy = createTenancy(database);
  for (const tenant of ['acme', 'umbra']) {
    await tenancy.within(cause(tenant), async ({ manager }) => {
      await principalStore.addTenant(manager, { tenant, name: tenant, createdAt: now });
      const principalId = (principals[tenant] = v7());
      await principalStore.add(manager, { principalId, tenant, kind: 'person', name: 'ada', state: 'active', grants: [], version: 1, createdAt: now, lastSeenAt: null });
      await principalStore.savePassword(manager, { principalId, tenant, phc: '$', changedAt: now });
      await manager.query(`insert into api_keys (key_id, tenant, principal_id, name, hash, created_at) values ('${tenant}-key', '${tenant}', '${principalId}', 'k', 'h', now())`);
      await manager.query(`insert into sessions (sid, tenant, principal_id, family_hash, current_hash, created_at, last_used_at, refresh_until) values ('${v7()}', '${tenant}', '${principalId}', 'h', 'h', now(), now(), now())`);
      await trustStore.revoke(manager, { sid: tenant, tenant, until: now });
      await manager.query(`insert into login_failures (tenant, subject, failures, since, locks, last_at) values ('${tenant}', 'x', 1, now(), 0, now())`);
    });
  }
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const TABLES = ['tenants', 'principals', 'passwords', 'api_keys', 'sessions', 'revocations', 'login_failures'];

it('binds every table that has a tenant, also for the role that owns it', async () => {
  const admin = new Client({ connectionString: fresh.adminUrl });
  await admin.connect();
  const { rows } = await admin.query(`
    select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as bound
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant'
    where c.relnamespace = 'auth'::regnamespace and c.relkind = 'r'
      and c.relname not in ('inbox', 'outbox', 'held_events', 'partition_leases', 'consumer_replicas', 'crash_suspects')
    order by 1`);
  await admin.end();
  expect(rows).toEqual(TABLES.toSorted().map((name) => ({ name, bound: true })));
});

describe.each(TABLES)('%s', (table) => {
  const tenantsSeen = (rows: unknown) => (rows as { tenant: string }[]).map(({ tenant }) => tenant).sort();
  const select = `select tenant from ${table}`;

  it('shows a unit of work the rows of its own tenant alone', async () => {
    expect(tenantsSeen(await tenancy.within(cause('acme'), ({ manager }) => manager.query(select)))).toEqual(['acme']);
    expect(tenantsSeen(await tenancy.within(cause('acme'), ({ manager }) => manager.query(`${select} where tenant = 'umbra'`)))).toEqual([]);
    expect(tenantsSeen(await tenancy.across(cause('acme'), ({ manager }) => manager.query(select)))).toEqual(['acme', 'umbra']);
  });

  it('shows nothing to who says no tenant, also on a connection that said one before', async () => {
    expect(await database.transact(cause('acme'), ({ manager }) => manager.query(select))).toEqual([]);
    expect(await database.dataSource.query(select)).toEqual([]);
  });

  it('lets nobody change, remove or take a row of another tenant', async () => {
    const changed = await tenancy.within(cause('acme'), ({ manager }) => manager.query(`with changed as (update ${table} set tenant = tenant where tenant = 'umbra' returning 1) select count(*)::int as n from changed`));
    const removed = await tenancy.within(cause('acme'), ({ manager }) => manager.query(`with removed as (delete from ${table} where tenant = 'umbra' returning 1) select count(*)::int as n from removed`));
    expect([changed, removed]).toEqual([[{ n: 0 }], [{ n: 0 }]]);
    await expect(tenancy.within(cause('acme'), ({ manager }) => manager.query(`update ${table} set tenant = 'umbra'`))).rejects.toThrow(/row-level security/);
  });
});

it('lets nobody add a row for another tenant, or without one', async () => {
  const add = (tenant: string) => ({ principalId: v7(), tenant, kind: 'person' as const, name: 'eve', state: 'active' as const, grants: [], version: 1, createdAt: now, lastSeenAt: null });
  await expect(tenancy.within(cause('acme'), ({ manager }) => principalStore.add(manager, add('umbra')))).rejects.toThrow(/row-level security/);
  await expect(database.transact(cause('acme'), ({ manager }) => principalStore.add(manager, add('acme')))).rejects.toThrow(/row-level security/);
});

it('lets no row belong to a principal of another tenant, even where every tenant is seen', async () => {
  const steal = tenancy.across(cause('acme'), ({ manager }) => manager.query(`insert into api_keys (key_id, tenant, principal_id, name, hash, created_at) values ('k', 'acme', '${principals['umbra']}', 'k', 'h', now())`));
  await expect(steal).rejects.toThrow(/foreign key/);
});

it('knows no tenant named *', async () => {
  await expect(tenancy.within(cause('*'), async () => undefined)).rejects.toThrow('cannot be named');
});

it('goes down as it came up', async () => {
  const other = await freshDatabase('auth');
  const opened = await openDatabase({ url: other.url, schema: other.schema, applicationName: 'auth', entities, migrations, log: createLogger({ service: 'test', level: 'silent' }) });
  const tables = async () => (await opened.dataSource.query("select tablename from pg_tables where schemaname = 'auth'")) as { tablename: string }[];
  expect((await tables()).map(({ tablename }) => tablename)).toEqual(expect.arrayContaining([...TABLES, 'signing_keys']));
  await opened.dataSource.undoLastMigration();
  const left = (await tables()).map(({ tablename }) => tablename);
  expect([...TABLES, 'signing_keys'].filter((table) => left.includes(table))).toEqual([]);
  await opened.dataSource.runMigrations();
  expect((await tables()).map(({ tablename }) => tablename)).toEqual(expect.arrayContaining(TABLES));
  await opened.close();
  await other.drop();
});
