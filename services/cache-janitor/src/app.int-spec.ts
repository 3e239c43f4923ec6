import { createLogger } from '@granary/observability';
import { openDatabase } from '@granary/persistence';
import { hostService } from '@granary/service-host';
import { freshDatabase, startTestAuth, startTestNats, walkTenants, type FreshDatabase, type TestAuth, type TestNats } from '@granary/testing';
import { cacheJanitor } from './app.module';

let nats: TestNats;
let auth: TestAuth;
let database: FreshDatabase;
beforeAll(async () => {
  [nats, database] = await Promise.all([startTestNats(), freshDatabase('cache_janitor')]);
  auth = await startTestAuth(nats);
});
afterAll(async () => {
  await auth.stop();
  await Promise.all([nats.stop(), database.drop()]);
});

it('starts with its own identity and schema, and says that it is well', async () => {
  const identity = { GRANARY_NATS_USER: 'cache-janitor', GRANARY_NATS_PASSWORD: nats.credentials('cache-janitor').password };
  const hosted = await hostService(cacheJanitor, { ...identity, GRANARY_NATS_URL: nats.url, GRANARY_DATABASE_URL: database.url, GRANARY_LOG_LEVEL: 'silent' });
  const response = await fetch(`${hosted.url}/health/status`);
  const well = { state: 'healthy' };
  expect(await response.json()).toMatchObject({ status: 'healthy', service: 'cache-janitor', phase: { state: 'ready' }, checks: [{ name: 'broker', ...well }, { name: 'database', ...well }, { name: 'auth', ...well }, { name: 'caches', ...well }] });
  await hosted.stop();
});

it('keeps tenants apart in every table, and undoes its migrations', async () => {
  const { migrations = [] } = cacheJanitor;
  const opened = await openDatabase({ url: database.url, schema: 'cache_janitor', applicationName: 'test', migrations, log: createLogger({ service: 'test', level: 'silent' }) });
  expect((await walkTenants(database, opened, ['backup_runs'])).problems).toEqual([]);
  for (let undone = 0; undone < migrations.length; undone += 1) await opened.dataSource.undoLastMigration();
  await opened.dataSource.runMigrations();
  await opened.close();
});
