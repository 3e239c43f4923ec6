import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createLogger } from '@granary/observability';
import { freshDatabase, temporaryFolder, waitFor, type TemporaryFolder } from '@granary/testing';
import { connect } from '@nats-io/transport-node';
import type { PublisherAccount } from '../nats/publishers';
import { inspectProcess } from '../processes/process.client';
import { readPlatformFile, requirePlatformFile } from './platform-file.store';
import { startPlatform, type PlatformEvent, type PlatformSettings } from './platform.client';
import { changePublishers, listPublishers } from './publishers.client';

// Stands for a service: it answers for its health, says what it was given, and writes down when it was asked to stop.
const SERVICE = `
const { appendFileSync } = require('node:fs');
const { createServer } = require('node:http');
const name = process.env.GRANARY_NATS_USER;
console.log(JSON.stringify({ msg: 'started', name }));
createServer((request, response) => {
  if (request.url === '/crash') process.exit(3);
  response.statusCode = request.url === '/health/ready' ? 200 : 404;
  response.end(JSON.stringify(process.env));
}).listen(Number(process.env.GRANARY_HTTP_PORT), process.env.GRANARY_HTTP_HOST);
process.on('SIGTERM', () => {
  appendFileSync(process.env.STOPS, name + '\\n');
  if (!process.env.STUBBORN) process.exit(0);
});`;

const log = createLogger({ service: 'test', level: 'silent' });
let folder: TemporaryFolder;
let events: PlatformEvent[];
// Setting a database up takes longer than all the rest, so most examples use the one that is there.
let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = (await freshDatabase('unused')).adminUrl;
});
beforeEach(() => {
  folder = temporaryFolder();
  writeFileSync(join(folder.path, 'service.cjs'), SERVICE);
  events = [];
});
afterEach(() => folder.remove());

const path = (name: string) => join(folder.path, name);
const settings = (names: string[], more: Partial<PlatformSettings> = {}): PlatformSettings => ({
  dataDir: path('data'),
  env: { ...process.env, STOPS: path('stops'), GRANARY_DATABASE_URL: databaseUrl },
  services: names.map((name) => ({ name, entry: path('service.cjs') })),
  log,
  fast: true,
  onEvent: (event) => events.push(event),
  ...more,
});
const seen = (type: PlatformEvent['type']) => events.filter((event) => event.type === type);
const namesOf = (type: PlatformEvent['type']) => seen(type).map((event) => ('name' in event ? event.name : ''));

it('brings everything up, says how to reach it, and stops it in order', async () => {
  const platform = await startPlatform(settings(['audit', 'gateway', 'harvester'], { env: { ...process.env, STOPS: path('stops') } }));
  const file = requirePlatformFile(path('data'));
  expect(file).toEqual(platform.describe());
  expect(file).toMatchObject({ pid: process.pid, operator: { user: 'operator', password: expect.stringMatching(/./) }, nats: { url: expect.stringMatching(/^nats:\/\/127\.0\.0\.1:\d+$/) } });
  expect(file.database.url).toMatch(/^postgres:\/\/127\.0\.0\.1:\d+\/granary$/);
  expect(statSync(path('data/platform.json')).mode & 0o777).toBe(0o600);
  expect(namesOf('ready').sort()).toEqual(['audit', 'gateway', 'harvester', 'nats', 'postgres']);

  const answer = await fetch(file.services['audit']?.url ?? '');
  expect(await answer.json()).toMatchObject({ GRANARY_NATS_USER: 'audit', GRANARY_DATABASE_URL: expect.stringContaining('//audit:'), GRANARY_TENANT: 'default' });
  expect(readFileSync(file.services['audit']?.log ?? '', 'utf8')).toBe('{"msg":"started","name":"audit"}\n');

  await Promise.all([platform.stop(), platform.stop()]);
  expect(readFileSync(path('stops'), 'utf8').trim().split('\n')).toEqual(['gateway', 'harvester', 'audit']);
  expect(namesOf('stopped')).toEqual(['gateway', 'harvester', 'audit', 'nats', 'postgres']);
  expect(seen('stopped').map((event) => 'killed' in event && event.killed)).toEqual([false, false, false, false, false]);
  expect(existsSync(path('data/platform.json'))).toBe(false);
  expect(() => requirePlatformFile(path('data'))).toThrow(expect.objectContaining({ code: 'not-running', message: expect.stringContaining('npm start') }));
});

it('lets foreign publishers in and out as they are listed, while it runs and after that', async () => {
  const own: Partial<PlatformSettings> = { env: { ...process.env, GRANARY_DATABASE_URL: databaseUrl, GRANARY_PUBLISHERS: undefined } };
  let platform = await startPlatform(settings([], own));
  const { url } = platform.describe().nats;
  const reach = async ({ user, password, inboxPrefix }: { user: string; password: string; inboxPrefix: string }) => connect({ servers: url, user, pass: password, inboxPrefix, reconnect: false });
  const isLetIn = (account: Parameters<typeof reach>[0]) => reach(account).then(async (connection) => (await connection.close(), true), () => false);
  const [first] = platform.describe().publishers ?? [];
  const [audit, publisher] = await Promise.all([connect({ servers: url, user: 'operator', pass: platform.describe().operator.password }), reach(first as PublisherAccount)]);

  const ci = { tenant: 'acme', name: 'ci' };
  const added = await changePublishers(path('data'), {}, (listed) => [...listed, ci]);
  const account = added.accounts?.find(({ user }) => user === 'acme.ci') as PublisherAccount;
  expect(added.publishers).toEqual([{ tenant: 'default', name: 'publisher' }, ci]);
  await waitFor(() => isLetIn(account), { what: 'the broker to let it in' });
  await changePublishers(path('data'), {}, () => [ci]);
  // Who is no longer listed is out at once, nobody else notices.
  await publisher.closed();
  expect([await isLetIn(first as PublisherAccount), await isLetIn(account), audit.isClosed()]).toEqual([false, true, false]);
  await audit.close();
  await platform.stop();

  expect(listPublishers(path('data'), {})).toEqual({ publishers: [ci], accounts: null });
  expect(await changePublishers(path('data'), {}, () => [])).toEqual({ publishers: [], accounts: null });
  await expect(changePublishers(path('data'), { GRANARY_PUBLISHERS: 'acme.other' }, () => [ci])).rejects.toMatchObject({ code: 'publishers-configured' });
  await changePublishers(path('data'), {}, () => [ci]);
  platform = await startPlatform(settings([], own));
  expect(platform.describe().publishers).toMatchObject([{ user: 'acme.ci', password: expect.stringMatching(/^.{32}$/) }]);
  await platform.stop();
});

it('starts a crashed service and a crashed server again', async () => {
  const platform = await startPlatform(settings(['audit']));
  const before = platform.describe();
  const url = before.services['audit']?.url ?? '';

  await expect(fetch(`${url}/crash`)).rejects.toThrow();
  await waitFor(async () => (await fetch(`${url}/health/ready`)).ok, { what: 'the service to come back' });
  expect(requirePlatformFile(path('data')).services['audit']).toMatchObject({ url, restarts: 1 });
  expect(seen('crashed')).toEqual([{ type: 'crashed', name: 'audit', exit: { code: 3, signal: null }, restarts: 1, restartInMs: 500 }]);

  process.kill(before.nats.pid ?? 0, 'SIGKILL');
  await waitFor(() => ![null, before.nats.pid].includes(platform.describe().nats.pid), { what: 'the broker to come back' });
  expect(platform.describe().nats).toMatchObject({ url: before.nats.url });
  await platform.stop();
});

it('kills what does not stop in time', async () => {
  const platform = await startPlatform(settings(['gateway'], { env: { ...process.env, STOPS: path('stops'), GRANARY_DATABASE_URL: databaseUrl, STUBBORN: '1' } }));
  const pid = platform.describe().services['gateway']?.pid ?? 0;
  const begin = performance.now();
  await platform.stop();
  expect(inspectProcess(pid)).toBeNull();
  expect(performance.now() - begin).toBeLessThan(5_000);
  expect(seen('stopped')[0]).toMatchObject({ name: 'gateway', killed: true });
});

it('gives up a service that cannot start, shows the end of its log, and leaves nothing running', async () => {
  writeFileSync(path('broken.cjs'), "console.log('{\"msg\":\"GRANARY_POLL is not a duration\"}'); process.exit(2);");
  const broken = settings([], { services: [{ name: 'harvester', entry: path('broken.cjs') }, { name: 'audit', entry: path('service.cjs') }] });
  await expect(startPlatform(broken)).rejects.toThrow(
    expect.objectContaining({ code: 'service-start-failed', message: expect.stringMatching(/^harvester ended 3 times before it was ready[^]*GRANARY_POLL is not a duration/) }),
  );
  expect(namesOf('stopped')).toContain('nats');
  expect(readPlatformFile(path('data'))).toBeNull();
});

it.each([
  ['its servers start', 'nats-found'],
  ['its stream is set up', 'ready'],
] as const)('can be interrupted while %s', async (_, moment) => {
  writeFileSync(path('slow.cjs'), 'setInterval(() => {}, 1000);');
  const interruption = new AbortController();
  const services = [{ name: 'auth', entry: path('slow.cjs') }];
  const start = startPlatform(settings([], { services, signal: interruption.signal, onEvent: ({ type }) => void (type === moment && interruption.abort()) }));
  await expect(start).rejects.toThrow(expect.objectContaining({ code: 'interrupted' }));
  expect(readPlatformFile(path('data'))).toBeNull();
});

it('can be interrupted while its services start', async () => {
  writeFileSync(path('slow.cjs'), "require('node:fs').writeFileSync(process.env.STOPS, 'started'); setInterval(() => {}, 1000);");
  const interruption = new AbortController();
  const start = startPlatform(settings([], { services: [{ name: 'auth', entry: path('slow.cjs') }], signal: interruption.signal }));
  const refused = expect(start).rejects.toThrow(expect.objectContaining({ code: 'interrupted' }));
  await waitFor(() => existsSync(path('stops')), { what: 'the service to start' });
  interruption.abort();
  await refused;
  expect(readPlatformFile(path('data'))).toBeNull();
});

it('stops the services that a killed platform left running', async () => {
  const starter = `
    const { startPlatform } = require('@granary/embedded');
    const { createLogger } = require('@granary/observability');
    const [dataDir, entry] = process.argv.slice(1);
    startPlatform({ dataDir, env: process.env, fast: true, services: [{ name: 'audit', entry }], log: createLogger({ service: 'test', level: 'silent' }) })
      .then((platform) => console.log(platform.describe().services.audit.pid));`;
  const sources = join(__dirname, '..', '..', '..', 'testing', 'jest', 'sources.cjs');
  const first = spawn(process.execPath, ['--require', sources, '--eval', starter, path('data'), path('service.cjs')], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, STOPS: path('stops'), GRANARY_DATABASE_URL: databaseUrl } });
  const { value } = (await createInterface(first.stdout)[Symbol.asyncIterator]().next()) as { value: string };
  first.kill('SIGKILL');
  await once(first, 'exit');
  expect(inspectProcess(Number(value))).not.toBeNull();
  expect(readPlatformFile(path('data'))).toBeNull();

  const platform = await startPlatform(settings(['audit']));
  expect(seen('orphan-stopped')).toEqual([{ type: 'orphan-stopped', name: 'audit', pid: Number(value) }]);
  expect(inspectProcess(Number(value))).toBeNull();
  await platform.stop();
});
