import { openDatabase, type Database } from '@granary/persistence';
import { createLogger } from '@granary/observability';
import { freshDatabase, walkTenants, type FreshDatabase } from '@granary/testing';
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

it('keeps tenants apart in every table that has them', async () => {
  const { separated, problems } = await walkTenants(fresh, database, ['signing_keys']);
  expect(problems).toEqual([]);
  expect(separated).toEqual(expect.arrayContaining(TABLES));
});

it('finds a principal by its name in the index, whatever the case of its letters', async () => {
  const manager = database.of('acme');
  await manager.query(`insert into principals (principal_id, tenant, kind, name, state, grants, version, created_at) select gen_random_uuid(), 'acme', 'person', 'Name' || n, 'active', '[]', 1, now() from generate_series(1, 2000) as n`);
  await database.dataSource.query('analyze principals');
  expect(await principalStore.find(manager, 'acme', 'nAME1234')).toMatchObject({ name: 'Name1234' });
  const plan = await manager.query(`explain select * from principals where tenant = 'acme' and folded_name = lower('nAME1234')`);
  expect(JSON.stringify(plan)).toMatch(/Index Cond: [^"]*folded_name = 'name1234'/);
});

it('lets no row belong to a principal of another tenant, even where every tenant is seen', async () => {
  const steal = tenancy.across(cause('acme'), ({ manager }) => manager.query(`insert into api_keys (key_id, tenant, principal_id, name, hash, created_at) values ('k', 'acme', '${principals['umbra']}', 'k', 'h', now())`));
  await expect(steal).rejects.toThrow(/foreign key/);
});

it('knows no tenant named *', async () => {
  await expect(tenancy.within(cause('*'), async () => undefined)).rejects.toThrow('cannot be a tenant');
});

it('goes down as it came up', async () => {
  const other = await freshDatabase('auth');
  const opened = await openDatabase({ url: other.url, schema: other.schema, applicationName: 'auth', entities, migrations, log: createLogger({ service: 'test', level: 'silent' }) });
  const tables = async () => (await opened.dataSource.query("select tablename from pg_tables where schemaname = 'auth'")) as { tablename: string }[];
  expect((await tables()).map(({ tablename }) => tablename)).toEqual(expect.arrayContaining([...TABLES, 'signing_keys']));
  const nameIndex = async () => (await opened.dataSource.query<{ indexdef: string }[]>("select indexdef from pg_indexes where indexname = 'principals_by_name'"))[0]?.indexdef;
  expect(await nameIndex()).toContain('(tenant, folded_name)');
  await opened.dataSource.undoLastMigration();
  expect(await nameIndex()).toContain('lower(name)');
  await opened.dataSource.undoLastMigration();
  const left = (await tables()).map(({ tablename }) => tablename);
  expect([...TABLES, 'signing_keys'].filter((table) => left.includes(table))).toEqual([]);
  await opened.dataSource.runMigrations();
  expect((await tables()).map(({ tablename }) => tablename)).toEqual(expect.arrayContaining(TABLES));
  await opened.close();
  await other.drop();
});
