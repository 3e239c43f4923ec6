import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectKeys } from '@granary/embedded';
import { openDatabase } from '@granary/persistence';
import { freshDatabase, startTestNats } from '@granary/testing';
import { Client } from 'pg';
import { fill, log, Ratings1800000000000, SCHEMAS, Shop1790000000000, startWorld, type World } from '../test/world';
import { createBackup, describeBackup, listBackups, readBackup, removeBackup, restoreBackup, verifyBackup, type ListedBackup, type RestoreOptions } from './index';

let world: World;
let backup: ListedBackup;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

let second = 0;
const create = () =>
  createBackup({ root: world.root, databaseUrl: world.adminUrl, schemas: SCHEMAS, broker: world.broker, streams: ['KV_gateway-answers'], granary: '0.1.0', now: () => new Date(Date.UTC(2026, 2, 2, 9, 14, second++)) });
const verify = (one: ListedBackup) => verifyBackup(one, { scratch: world.scratch, env: process.env, log, now: () => new Date('2026-03-02T10:00:00Z') });

async function asAdmin<R>(work: (client: Client) => Promise<R>): Promise<R> {
  const client = new Client({ connectionString: world.adminUrl });
  await client.connect();
  return work(client).finally(() => client.end());
}

it('takes rows and messages in one cut, while others write, and finds them again in scratch servers', async () => {
  await fill(world, 200);
  await world.publish(0, 400);
  mkdirSync(join(world.root, '.2026-03-02T09-00-00-000Z.draft'), { recursive: true });
  const announce = (id: number) => asAdmin((client) => client.query(`insert into backup_shop.outbox (message_id, lane_key, subject, body) values ($1, 'default.a', 's', '{}')`, [`m${id}`]));
  // One that the stream has, and the relay had no time to cross out; and one that is still to be published.
  await announce(17);
  await announce(9_999);

  const busy = new Client({ connectionString: world.adminUrl });
  await busy.connect();
  await busy.query('begin');
  await busy.query(`insert into backup_mail.outbox (message_id, lane_key, subject, body) values ('open', 'default.b', 's', '{}')`);
  const under = create();
  await world.publish(400, 10);
  await busy.query('commit');
  await busy.end();
  backup = await under;
  await world.publish(500, 10);

  expect(readdirSync(world.root)).toEqual([backup.name]);
  const { postgres, streams, consumers, rows } = backup.manifest;
  const count = (schema: string, table: string) => postgres.schemas.find((one) => one.schema === schema)?.tables.find((one) => one.table === table)?.rows;
  expect([count('backup_shop', 'shops'), count('backup_shop', 'goods'), count('backup_shop', 'sales_1'), count('backup_shop', 'sales_2'), count('backup_shop', 'nothing'), count('backup_mail', 'outbox')]).toEqual([200, 600, 999, 501, 0, 1]);
  // The transaction that had announced was waited for, so what was published meanwhile is in.
  expect(streams.map(({ record }) => [record.stream, record.state.messages])).toEqual([['EVENTS', 410], ['KV_gateway-answers', 0]]);
  expect(consumers.find(({ name }) => name === 'audit-log')).toMatchObject({ floor: 0 });

  const verification = await verify(backup);
  expect(verification).toMatchObject({ verifiedAt: '2026-03-02T10:00:00.000Z', rows, messages: 410 });
  expect(existsSync(world.scratch)).toBe(false);
  expect(describeBackup({ ...backup, verification })).toMatchObject({ rows, messages: 410, sequence: 410, verifiedAt: '2026-03-02T10:00:00.000Z' });
  expect((await listBackups(world.root)).backups).toEqual([{ ...backup, verification }]);
});

it('names what is damaged, truncated or gone, and restores nothing of it', async () => {
  const bytes = (path: string) => readFileSync(join(backup.folder, path));
  const tampered = async (path: string, change: (path: string, content: Buffer) => void) => {
    const content = bytes(path);
    change(join(backup.folder, path), content);
    const outcome = await readBackup(backup.folder).then(verify).then(() => 'verified', (error: Error & { code: string }) => `${error.code} ${error.message}`);
    writeFileSync(join(backup.folder, path), content);
    return outcome;
  };
  const flip = (path: string, content: Buffer) => {
    const changed = Buffer.from(content);
    changed[changed.length - 20] = (changed[changed.length - 20] ?? 0) ^ 1;
    writeFileSync(path, changed);
  };
  expect(await tampered('postgres/backup_shop.goods.copy.zst', flip)).toMatch(/^backup-damaged .*goods\.copy\.zst is damaged: its digest/);
  expect(await tampered('streams/EVENTS.snapshot', (path, content) => truncateSync(path, Math.floor(content.length / 2)))).toMatch(/^backup-damaged .*EVENTS\.snapshot is damaged: it has \d+ bytes instead of/);
  expect(await tampered('manifest.json', flip)).toMatch(/^backup-damaged .*manifest\.json is damaged: its digest/);
  expect(await tampered('manifest.sha256', (path) => writeFileSync(path, ''))).toMatch(/^backup-damaged /);
  await expect(readBackup(join(world.root, 'nowhere'))).rejects.toMatchObject({ code: 'backup-not-found' });
});

it('finds out that a backup says something else than what was restored', async () => {
  const { manifest } = backup;
  const schemas = manifest.postgres.schemas.map((schema) => ({ ...schema, tables: schema.tables.map((table) => (table.table === 'nothing' ? { ...table, rows: 1 } : table)) }));
  await expect(verify({ ...backup, manifest: { ...manifest, postgres: { ...manifest.postgres, schemas } } })).rejects.toMatchObject({ code: 'backup-differs', message: expect.stringContaining('backup_shop.nothing should have 1 rows, and has 0') });
});

it('fills real servers that are empty, and makes the data folder that belongs to them', async () => {
  const target = await startTestNats({ provisioned: false });
  const empty = await freshDatabase('unused');
  const dataDir = join(world.root, '..', 'restored');
  const env = { GRANARY_DATABASE_URL: empty.adminUrl, GRANARY_NATS_URL: target.url.replace('//', '//admin:admin@') };
  const keys = { version: 1, files: { 'auth/auth.key': Buffer.from('sealed').toString('base64') }, credentials: { auth: { adminPassword: 'p', key: 'k', platformKey: 'q' } }, listed: ['default.ci'] };
  const restore = (some: Partial<RestoreOptions> = {}) => restoreBackup(backup, { dataDir, services: ['backup-mail'], keys, env, log, ...some });
  try {
    await expect(restore({ dataDir: world.root })).rejects.toMatchObject({ kind: 'permanent', code: 'folder-not-empty', message: expect.stringContaining('never writes over anything') });
    await expect(restore({ keys: { version: 1, files: { '../../etc/x.key': '' }, credentials: {} } })).rejects.toMatchObject({ code: 'bad-keys' });
    mkdirSync(join(`${dataDir}.restoring`, 'postgres'), { recursive: true });
    const steps: string[] = [];
    await restore({ onStep: (step) => steps.push(step) });
    expect(steps).toEqual(['checking', 'starting', 'loading']);
    expect(existsSync(`${dataDir}.restoring`)).toBe(false);
    expect(readFileSync(join(dataDir, 'services', 'auth', 'auth.key'), 'utf8')).toBe('sealed');
    expect(collectKeys(dataDir)).toMatchObject(keys);

    const client = new Client({ connectionString: empty.adminUrl });
    await client.connect();
    const ask = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows;
    // The one that the stream had is not announced again; the other is.
    expect(await ask('select message_id from backup_shop.outbox')).toEqual([{ message_id: 'm9999' }]);
    // Ids go on behind those that there were, generated columns are there again, triggers work, and each tenant sees its own.
    await client.query(`insert into backup_shop.goods (shop_id) select shop_id from backup_shop.shops limit 1`);
    expect(await ask('select max(good_id)::int as id from backup_shop.goods')).toEqual([{ id: 100 + 10 * 600 }]);
    await client.query(`set role backup_shop; set granary.tenant = 't1'; insert into backup_shop.shops (tenant, name) values ('t1', 'NEW')`);
    expect(await ask(`select name, letters, tenant from backup_shop.shops where name = 'new'`)).toEqual([{ name: 'new', letters: 3, tenant: 't1' }]);
    expect(await ask('select count(*)::int as count from backup_shop.shops')).toEqual([{ count: 68 }]);
    await client.query('reset role');
    // A newer version goes on from the migrations that the backup has seen.
    const newer = await openDatabase({ url: empty.adminUrl, schema: 'backup_shop', applicationName: 'newer', migrations: [Shop1790000000000, Ratings1800000000000], poolSize: 2, log });
    await newer.close();
    expect(await ask('select distinct rating from backup_shop.shops')).toEqual([{ rating: 3 }]);
    await client.end();

    await expect(restore({ dataDir: `${dataDir}-2` })).rejects.toMatchObject({ code: 'database-not-empty', message: expect.stringContaining('backup_mail.') });
    await empty.drop();
    const other = await freshDatabase('unused');
    await expect(restore({ dataDir: `${dataDir}-2`, env: { ...env, GRANARY_DATABASE_URL: other.adminUrl } })).rejects.toMatchObject({ code: 'stream-exists' });
    expect(existsSync(`${dataDir}-2`)).toBe(false);
    await other.drop();
  } finally {
    await target.stop();
  }
});

it('refuses what it cannot take, leaves nothing behind, and removes a backup at once', async () => {
  await asAdmin((client) => client.query('create view backup_shop.opened as select 1 as one'));
  await expect(create()).rejects.toMatchObject({ code: 'backup-unknown-object', message: expect.stringContaining('the view backup_shop.opened') });
  await asAdmin((client) => client.query('drop view backup_shop.opened'));
  expect(readdirSync(world.root)).toEqual([backup.name]);
  await expect(createBackup({ root: world.root, databaseUrl: world.adminUrl.replace(/:\d+\//, ':1/'), schemas: SCHEMAS, broker: world.broker, streams: [], granary: '0.1.0', now: () => new Date() })).rejects.toMatchObject({ code: 'database-unreachable' });

  const stopped = new AbortController();
  stopped.abort();
  await expect(createBackup({ root: world.root, databaseUrl: world.adminUrl, schemas: SCHEMAS, broker: world.broker, streams: [], granary: '0.1.0', now: () => new Date(), signal: stopped.signal })).rejects.toThrow('aborted');
  expect(readdirSync(world.root)).toEqual([backup.name]);
  writeFileSync(join(world.root, 'stray'), '');
  mkdirSync(join(world.root, '2026-01-01T00-00-00-000Z'));
  expect(await listBackups(world.root)).toMatchObject({ backups: [{ name: backup.name }], unreadable: [{ name: '2026-01-01T00-00-00-000Z', why: expect.stringContaining('is no backup') }] });
  await removeBackup(world.root, backup.name);
  expect(readdirSync(world.root)).toEqual(['2026-01-01T00-00-00-000Z', 'stray']);
  expect(await listBackups(join(world.root, 'none'))).toEqual({ backups: [], unreadable: [] });
});
