import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostService, type HostedService } from '@granary/service-host';
import { freshDatabase, startTestAuth, startTestNats, temporaryFolder, waitFor, type FreshDatabase, type TestAuth, type TestNats } from '@granary/testing';
import { Client } from 'pg';
import { cacheJanitor } from '../app.module';

let nats: TestNats;
let auth: TestAuth;
let database: FreshDatabase;
const folder = temporaryFolder();
const root = join(folder.path, 'backups');
beforeAll(async () => {
  [nats, database] = await Promise.all([startTestNats(), freshDatabase('cache_janitor')]);
  auth = await startTestAuth(nats);
});
afterAll(async () => {
  await auth.stop();
  await Promise.all([nats.stop(), database.drop()]);
  folder.remove();
});

function host(settings: Record<string, string> = {}): Promise<HostedService> {
  const { user, password } = nats.credentials('cache-janitor');
  const place = { GRANARY_NATS_URL: nats.url, GRANARY_NATS_USER: user, GRANARY_NATS_PASSWORD: password, GRANARY_DATABASE_URL: database.url, GRANARY_DATA: folder.path, GRANARY_LOG_LEVEL: 'silent' };
  const tools = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...(process.env['GRANARY_NATS_SERVER'] && { GRANARY_NATS_SERVER: process.env['GRANARY_NATS_SERVER'] }) };
  return hostService(cacheJanitor, { ...place, ...tools, ...settings });
}

const rpc = () => auth.rpc({ tenant: '_platform', role: 'owner' });
const list = async () => (await rpc()).call('cache-janitor.backup.list', {});
const ended = () => waitFor(async () => {
  const { runs } = await list();
  return runs.length > 0 && runs.every(({ state }) => state === 'done' || state === 'failed');
}, { what: 'the runs to end', timeoutMs: 60_000 });

async function rows<R extends object>(sql: string): Promise<R[]> {
  const client = new Client({ connectionString: database.adminUrl });
  await client.connect();
  return client.query<R>(sql).then((answer) => answer.rows).finally(() => client.end());
}

it('makes a backup when it is asked to, proves it, removes what is not kept, and says so everywhere', async () => {
  mkdirSync(join(root, '2020-01-01T00-00-00-000Z'), { recursive: true });
  const service = await host({ GRANARY_BACKUP_DATABASE_URL: database.adminUrl, GRANARY_BACKUP_DAILY: '1', GRANARY_BACKUP_WEEKLY: '0', GRANARY_BACKUP_MONTHLY: '0' });
  const metrics = async () => (await fetch(`${service.url}/metrics`)).text();
  expect(await metrics()).toMatch(/granary_backup_verified_age_seconds\{[^}]*\} \+Inf/);
  const { run } = await (await rpc()).call('cache-janitor.backup.create', {});
  expect(run).toMatchObject({ kind: 'create', backup: null, state: 'waiting' });
  await ended();
  const { backups: [first], runs } = await list();
  expect(runs.map(({ kind, state, code }) => [kind, state, code])).toEqual([['verify', 'done', null], ['create', 'done', null]]);
  expect(first).toMatchObject({ granary: '0.1.0', verifiedAt: expect.any(String) });

  await (await rpc()).call('cache-janitor.backup.create', {});
  await ended();
  const { backups, unreadable, folder: place } = await list();
  // The second one of the day stands for it.
  expect(backups.map(({ name }) => name)).toEqual(readdirSync(root).filter((name) => name !== '2020-01-01T00-00-00-000Z'));
  expect(backups[0]?.name).not.toBe(first?.name);
  expect([unreadable, place]).toEqual([[{ name: '2020-01-01T00-00-00-000Z', why: expect.stringContaining('is no backup') }], root]);
  await waitFor(async () => /granary_backup_runs_total\{[^}]*kind="verify",outcome="done"[^}]*\} 2/.test(await metrics()), { what: 'the metric' });
  await waitFor(async () => /granary_backup_verified_age_seconds\{[^}]*\} [0-9.]+\n/.test(await metrics()), { what: 'the age' });

  writeFileSync(join(root, backups[0]?.name ?? '', 'streams', 'EVENTS.snapshot'), 'damaged');
  await (await rpc()).call('cache-janitor.backup.verify', {});
  await ended();
  expect((await list()).runs[0]).toMatchObject({ kind: 'verify', state: 'failed', code: 'backup-damaged', message: expect.stringContaining('EVENTS.snapshot') });
  expect(await (await fetch(`${service.url}/health/status`)).json()).toMatchObject({ status: 'degraded' });
  await expect((await rpc()).call('cache-janitor.backup.verify', { backup: '2021-01-01T00-00-00-000Z' })).rejects.toMatchObject({ code: 'backup-not-found' });
  await expect((await auth.rpc({ tenant: 'default', role: 'owner' })).call('cache-janitor.backup.list', {})).rejects.toMatchObject({ code: 'permission-missing' });
  await service.stop();
});

it('gives up what another process began and did not end, and makes none where it has no right to read', async () => {
  await rows(`update cache_janitor.backup_runs set state = 'running', ended_at = null where run_id = (select run_id from cache_janitor.backup_runs where kind = 'create' limit 1)`);
  mkdirSync(join(folder.path, 'scratch'), { recursive: true });
  const service = await host({ GRANARY_BACKUP_DATABASE_URL: database.adminUrl });
  await ended();
  expect(await rows(`select kind, code from cache_janitor.backup_runs where code = 'interrupted'`)).toEqual([{ kind: 'create', code: 'interrupted' }]);
  expect(existsSync(join(folder.path, 'scratch'))).toBe(false);
  await service.stop();

  const off = await host();
  await expect((await rpc()).call('cache-janitor.backup.create', {})).rejects.toMatchObject({ kind: 'permanent', code: 'backups-off' });
  await off.stop();
});
