import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Client } from 'pg';
import { accessDocuments, publishSubject } from '@granary/contracts';
import { connectBroker, provision } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { startTestNats, startTestPostgres, temporaryFolder, type TemporaryFolder, type TestNats, type TestPostgres } from '@granary/testing';
import { startEmbedded, type Embedded } from './embedded.client';
import { inspectProcess } from './processes/process.client';
import { PROVISIONER } from './nats/users';
import { ensureRoles } from './postgres/roles.client';

const log = createLogger({ service: 'test', level: 'silent' });
const services = ['audit', 'cache-janitor', 'harvester'];
const start = (dataDir: string, env: NodeJS.ProcessEnv = process.env) => startEmbedded({ dataDir, env, services, log, fast: true });

async function connectAs({ nats }: Embedded, identity: string): Promise<NatsConnection> {
  const { user, password } = nats.credentials(identity);
  return connect({ servers: nats.url, user, pass: password, inboxPrefix: `_INBOX_${identity}` });
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe('broker and database of one machine', () => {
  let folder: TemporaryFolder;
  let embedded: Embedded;
  beforeAll(async () => {
    folder = temporaryFolder();
    embedded = await start(folder.path);
  });
  afterAll(async () => {
    await embedded.stop();
    folder.remove();
  });

  it('let nobody in without an account', async () => {
    await expect(connect({ servers: embedded.nats.url })).rejects.toThrow(/authorization/i);
    const { user } = embedded.nats.credentials('audit');
    await expect(connect({ servers: embedded.nats.url, user, pass: embedded.nats.credentials('harvester').password })).rejects.toThrow(/authorization/i);
    await expect(query(embedded.postgres.url.replace('//', '//audit:wrong@'), 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  });

  it('let each identity publish its own events and no other', async () => {
    const harvester = await connectAs(embedded, 'harvester');
    const refused = async (subject: string) => {
      const seen = (async () => {
        for await (const status of harvester.status()) if (status.type === 'error') return status.error.message;
        return 'nothing';
      })();
      harvester.publish(subject, '{}');
      await harvester.flush();
      return seen;
    };

    harvester.publish(publishSubject('default', 'harvest.started.v1', 'r1'), '{}');
    await harvester.flush();
    expect(await refused(publishSubject('default', 'graph.normalized.v1', 'r1'))).toContain('Permissions Violation for Publish to "in.default.graph.normalized.v1.r1"');
    expect(await refused('ev.1.default.harvest.started.v1')).toContain('Permissions Violation');
    expect(await refused('$JS.API.STREAM.DELETE.EVENTS')).toContain('Permissions Violation');
    await harvester.close();
  });

  it('let nobody read what is meant for another', async () => {
    const operator = await connectAs(embedded, 'operator');
    for (const subject of ['_INBOX_gateway.>', 'in.>', '>']) {
      const refusal = new Promise((resolve) => operator.subscribe(subject, { callback: (error) => resolve(error?.message) }));
      expect(await refusal).toContain(`Permissions Violation for Subscription to "${subject}"`);
    }
    await operator.close();
  });

  it('let the provisioner set up the stream, and do nothing else with it', async () => {
    const broker = await connectBroker({ url: embedded.nats.url, ...embedded.nats.credentials(PROVISIONER), name: PROVISIONER, inboxPrefix: `_INBOX_${PROVISIONER}`, log });
    await provision({ broker, accessDocuments: Object.values(accessDocuments), log });
    const manager = await jetstreamManager(broker.connection, { checkAPI: false });
    expect((await manager.streams.info('EVENTS')).config.subjects).toEqual(['in.*.*.*.*.*']);
    await expect(manager.streams.delete('EVENTS')).rejects.toThrow(/permission/i);
    await expect(manager.streams.add({ name: 'OTHER', subjects: ['other'] })).rejects.toThrow(/permission/i);
    await broker.close();
  });

  it('give each service a schema of its own', async () => {
    const [audit, harvester] = [embedded.postgres.urlFor('audit'), embedded.postgres.urlFor('harvester')];
    await query(audit, 'CREATE TABLE entries (n int)');
    expect(await query(audit, "SELECT table_schema FROM information_schema.tables WHERE table_name = 'entries'")).toEqual([['audit']]);
    await expect(query(harvester, 'SELECT * FROM audit.entries')).rejects.toThrow(/permission denied for schema audit/);
    await expect(query(harvester, 'CREATE TABLE public.entries (n int)')).rejects.toThrow(/permission denied for schema public/);
    await expect(query(harvester.replace('/granary', '/postgres'), 'CREATE SCHEMA mine')).rejects.toThrow(/permission denied/);
    expect(await query(embedded.postgres.urlFor('cache-janitor'), 'SELECT current_schema()')).toEqual([['cache_janitor']]);
  });

  it('let a foreign publisher in with an account of its own, which reaches the admission and nothing else', async () => {
    const [account] = embedded.nats.publishers;
    if (account === undefined) throw new Error('there is no publisher');
    expect(account).toMatchObject({ user: 'default.publisher', inboxPrefix: '_INBOX_TENANTS.default.publisher', subject: 'ingest.default.publisher' });
    const publisher = await connect({ servers: embedded.nats.url, user: account.user, pass: account.password, inboxPrefix: account.inboxPrefix });
    await expect(publisher.request(account.subject, '{}')).rejects.toThrow(/no responders/i);
    await expect(publisher.request('rpc.auth.trust.read', '{}')).rejects.toThrow(/permission/i);
    await publisher.close();
  });

  it('know no password of a stranger', () => {
    expect(() => embedded.nats.credentials('stranger')).toThrow(expect.objectContaining({ code: 'unknown-identity' }));
  });

  it('listen on loopback only, and hide their passwords', async () => {
    expect(new URL(embedded.nats.url).hostname).toBe('127.0.0.1');
    expect(new URL(embedded.postgres.url).hostname).toBe('127.0.0.1');
    expect(statSync(join(folder.path, 'nats', 'nats.conf')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, 'postgres')).mode & 0o777).toBe(0o700);
  });

  it('refuse a second start and say why', async () => {
    await expect(start(folder.path)).rejects.toThrow(`Granary already runs with the data folder ${folder.path}: process ${process.pid}`);
  });

  it('come back in their place after a crash', async () => {
    const { nats, postgres } = embedded;
    const [port, url] = [postgres.server?.current.port, nats.url];
    for (const server of [nats.server, postgres.server]) {
      server?.current.child.signal('SIGKILL');
      await server?.current.child.exited;
      await server?.restart();
    }
    expect(nats.server?.current.url).toBe(url);
    expect(postgres.server?.current.port).toBe(port);
    expect(await query(postgres.urlFor('audit'), 'SELECT count(*)::int FROM entries')).toEqual([[0]]);
  });
});

describe('after a kill', () => {
  // A process of its own, so that it can be killed while its servers live on.
  const STARTER = `
    const { startEmbedded } = require('@granary/embedded');
    const log = Object.fromEntries(['debug', 'info', 'warn', 'error'].map((level) => [level, () => undefined]));
    startEmbedded({ dataDir: process.argv[1], env: process.env, fast: true, services: ${JSON.stringify(services)}, log }).then(({ nats, postgres }) =>
      console.log(JSON.stringify([nats.server.current.child.pid, postgres.server.current.child.pid])));`;

  async function startAndKill(dataDir: string): Promise<number[]> {
    const sources = join(__dirname, '..', '..', 'testing', 'jest', 'sources.cjs');
    const starter = spawn(process.execPath, ['--require', sources, '--eval', STARTER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { value } = (await createInterface(starter.stdout)[Symbol.asyncIterator]().next()) as { value: string };
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    return JSON.parse(value) as number[];
  }

  const setUp = async (embedded: Embedded) => {
    const broker = await connectBroker({ url: embedded.nats.url, ...embedded.nats.credentials(PROVISIONER), name: PROVISIONER, inboxPrefix: `_INBOX_${PROVISIONER}`, log });
    await provision({ broker, accessDocuments: Object.values(accessDocuments), log });
    const stored = (await (await jetstreamManager(broker.connection, { checkAPI: false })).streams.info('EVENTS')).state.messages;
    await broker.close();
    return stored;
  };

  // All with the data of the first start: what makes a new database takes longer than the rest.
  let folder: TemporaryFolder;
  beforeAll(() => (folder = temporaryFolder()));
  afterAll(() => folder.remove());

  it('the next start stops what was left, and what was stored is there', async () => {
    const first = await start(folder.path);
    await setUp(first);
    await query(first.postgres.urlFor('audit'), 'CREATE TABLE kept AS SELECT 42 AS n');
    const harvester = await connectAs(first, 'harvester');
    await jetstream(harvester).publish(publishSubject('default', 'harvest.started.v1', 'r1'), '{}');
    await harvester.close();
    await first.stop();

    const left = await startAndKill(folder.path);
    expect(left.map((pid) => inspectProcess(pid)?.command)).toEqual([expect.stringContaining('nats.conf'), expect.stringContaining('postgres')]);

    const second = await start(folder.path);
    expect(left.map(inspectProcess)).toEqual([null, null]);
    expect(await query(second.postgres.urlFor('audit'), 'SELECT n FROM kept')).toEqual([[42]]);
    expect(await setUp(second)).toBe(1);
    await second.stop();
  });

  it('a start whose servers are gone, too, begins at once', async () => {
    for (const pid of await startAndKill(folder.path)) process.kill(pid, 'SIGKILL');
    const embedded = await start(folder.path);
    expect(await query(embedded.postgres.urlFor('audit'), 'SELECT 1')).toEqual([[1]]);
    await embedded.stop();
  });

  it('a broken program is named, and the database does not stay behind', async () => {
    const program = join(folder.path, 'nats-server');
    writeFileSync(program, '#!/bin/sh\n[ "$1" = --version ] && echo v2.15.1 || exit 7\n', { mode: 0o755 });
    await expect(start(folder.path, { ...process.env, GRANARY_NATS_SERVER: program })).rejects.toThrow(expect.objectContaining({ code: 'nats-start-failed', message: expect.stringContaining('ended (code 7)') }));
    expect(existsSync(join(folder.path, 'postgres', 'PG_VERSION'))).toBe(true);
    expect(existsSync(join(folder.path, 'postgres', 'postmaster.pid'))).toBe(false);
  });
});

describe('when something is wrong', () => {
  let folder: TemporaryFolder;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  it('data of another PostgreSQL is left alone', async () => {
    mkdirSync(join(folder.path, 'postgres'));
    writeFileSync(join(folder.path, 'postgres', 'PG_VERSION'), '16\n');
    await expect(start(folder.path)).rejects.toThrow(expect.objectContaining({ code: 'postgres-data-other-version', message: expect.stringContaining('PostgreSQL 16, the embedded one is 18') }));
  });

  it('the configuration is checked before anything is touched', async () => {
    const dataDir = join(folder.path, 'data');
    await expect(start(dataDir, { GRANARY_NATS_URL: 'http://broker' })).rejects.toThrow(expect.objectContaining({ code: 'bad-configuration' }));
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe('with real servers', () => {
  let folder: TemporaryFolder;
  let nats: TestNats;
  let postgres: TestPostgres;
  beforeAll(async () => {
    folder = temporaryFolder();
    [nats, postgres] = await Promise.all([startTestNats(), startTestPostgres()]);
  });
  afterAll(async () => {
    await Promise.all([nats.stop(), postgres.stop()]);
    folder.remove();
  });

  it('starts none, and makes roles and schemas in the database given', async () => {
    const env = { GRANARY_NATS_URL: nats.url.replace('//', '//admin:admin@'), GRANARY_DATABASE_URL: postgres.adminUrl };
    const embedded = await start(folder.path, env);
    expect([embedded.nats.server, embedded.postgres.server]).toEqual([null, null]);
    expect(embedded.nats).toMatchObject({ url: nats.url });
    expect(embedded.nats.credentials('audit')).toEqual({ user: 'admin', password: 'admin' });
    expect(await query(embedded.postgres.urlFor('audit'), 'SELECT current_user, current_schema()')).toEqual([['audit', 'audit']]);
    await embedded.stop();
    expect(await query(postgres.adminUrl, 'SELECT 1')).toEqual([[1]]);
  });

  it('makes them also as an admin that is no superuser', async () => {
    await query(postgres.adminUrl, "CREATE ROLE half LOGIN CREATEROLE PASSWORD 'half'");
    await query(postgres.adminUrl, 'CREATE DATABASE half OWNER half');
    const url = new URL(postgres.adminUrl);
    Object.assign(url, { username: 'half', password: 'half', pathname: '/half' });
    await ensureRoles(url.href, { roles: [{ name: 'registry', password: 'r' }], exclusive: false });
    Object.assign(url, { username: 'registry', password: 'r' });
    expect(await query(url.href, 'SELECT current_schema()')).toEqual([['registry']]);
  });

  it('takes a password for each identity from a file', async () => {
    const file = join(folder.path, 'nats.json');
    writeFileSync(file, JSON.stringify({ version: 1, nats: { audit: 'audit' }, postgres: {} }));
    const embedded = await start(folder.path, { GRANARY_NATS_URL: nats.url, GRANARY_NATS_CREDENTIALS: file, GRANARY_DATABASE_URL: postgres.adminUrl });
    expect(embedded.nats.credentials('audit')).toEqual({ user: 'audit', password: 'audit' });
    expect(() => embedded.nats.credentials('gateway')).toThrow(expect.objectContaining({ code: 'unknown-identity' }));
    await embedded.stop();
  });

  it('says when the database cannot be prepared', async () => {
    const env = { GRANARY_NATS_URL: nats.url, GRANARY_DATABASE_URL: postgres.adminUrl.replace(/:[^:@]+@/, ':wrong@') };
    await expect(start(folder.path, env)).rejects.toThrow(expect.objectContaining({ code: 'database-setup-failed', message: expect.stringContaining('password authentication failed') }));
  });
});
