import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Client } from 'pg';
import { publishSubject } from '@granary/contracts';
import { exampleEvent } from './event';
import { sweepServerFolders } from './server-folder.store';
import { ADMIN, startTestNats } from './test-nats.client';
import { freshDatabase, startTestPostgres } from './test-postgres.client';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe('a broker of its own', () => {
  it('has the stream, the identities, and somebody who may look at everything', async () => {
    const nats = await startTestNats();
    const event = exampleEvent('harvest.started.v1');
    const harvester = await nats.connect('harvester');
    await jetstream(harvester.connection).publish(publishSubject(event.tenantid, event.type, event.partitionkey), JSON.stringify(event));

    const admin = await nats.connect(ADMIN);
    const stored = await (await jetstreamManager(admin.connection)).streams.getMessage('EVENTS', { seq: 1 });
    expect(stored?.subject).toMatch(/^ev\.\d+\.default\.harvest\.started\.v1$/);
    expect(stored?.json()).toEqual(event);
    await nats.stop();
  });

  it('keeps what was acknowledged when it is killed', async () => {
    const nats = await startTestNats({ syncAlways: true });
    const harvester = await nats.connect('harvester');
    const back = new Promise<void>((resolve) => harvester.onReconnect(resolve));
    await jetstream(harvester.connection).publish(publishSubject('default', 'harvest.started.v1', 'r1'), '{}');
    const { pid } = nats;
    await nats.kill();
    await nats.restart();
    await back;

    expect(nats.pid).not.toBe(pid);
    const { seq } = await jetstream(harvester.connection).publish(publishSubject('default', 'harvest.started.v1', 'r1'), '{}');
    expect(seq).toBe(2);
    await nats.stop();
  });

  it('can be left as it is after the start', async () => {
    const nats = await startTestNats({ accessDocuments: [], provisioned: false });
    const admin = await nats.connect(ADMIN);
    expect(await (await jetstreamManager(admin.connection)).streams.names().next()).toEqual([]);
    await nats.stop();
  });
});

describe('a database of its own', () => {
  it('is empty, and its role owns one schema and nothing else', async () => {
    const [one, two] = await Promise.all([freshDatabase('audit'), freshDatabase('audit')]);
    await query(one.url, 'CREATE TABLE entries (n int)');
    expect(await query(one.adminUrl, 'SELECT count(*)::int FROM audit.entries')).toEqual([[0]]);
    await expect(query(two.url, 'SELECT * FROM entries')).rejects.toThrow(/does not exist/);
    await expect(query(one.url, 'CREATE TABLE public.entries (n int)')).rejects.toThrow(/permission denied/);
    await Promise.all([one.drop(), two.drop()]);
    await expect(query(one.adminUrl, 'SELECT 1')).rejects.toThrow(/does not exist/);
  });

  it('needs a server', async () => {
    await expect(freshDatabase('audit', '')).rejects.toThrow('name the file *.int-spec.ts');
  });

  it('keeps what was committed when its server is killed', async () => {
    const postgres = await startTestPostgres();
    await query(postgres.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS n');
    const { pid } = postgres;
    await postgres.kill();
    await postgres.restart();
    expect(postgres.pid).not.toBe(pid);
    expect(await query(postgres.adminUrl, 'SELECT n FROM kept')).toEqual([[42]]);
    await postgres.stop();
  });
});

it('folders of killed runs are swept, those of others are not', async () => {
  const [left, used] = [mkdtempSync(join(tmpdir(), 'granary-test-')), mkdtempSync(join(tmpdir(), 'granary-test-'))];
  mkdirSync(join(left, 'nats'));
  writeFileSync(join(left, 'nats', 'nats.pid'), '1\n');
  writeFileSync(join(left, 'lock.json'), JSON.stringify({ pid: process.pid, birth: 'another-boot/1', since: '2026-03-01T10:00:00.000Z' }));
  const nats = await startTestNats({ provisioned: false });

  await sweepServerFolders();
  expect([existsSync(left), existsSync(used)]).toEqual([false, true]);
  rmSync(used, { recursive: true });
  expect((await nats.connect(ADMIN)).connected()).toBe(true);
  await nats.stop();
});
