import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { Controller, Get, Inject } from '@nestjs/common';
import type { AccessDocument } from '@granary/contracts';
import { on, serve, type RpcClient } from '@granary/messaging';
import { ADMIN, exampleEvent, freshDatabase, startTestAuth, startTestNats, waitFor, type FreshDatabase, type TestAuth, type TestNats } from '@granary/testing';
import { integer } from './config/settings';
import type { Host, ServiceDefinition, Wired } from './definition';
import { launchService } from './host.module';
import { IDENTITY_CALLS, hostService, type HostedService } from './index';

const access: AccessDocument = {
  identity: 'normalizer',
  produces: ['harvest.completed.v1', 'graph.normalized.v1', 'consumer.held.v1'],
  consumes: [{ consumer: 'normalizer', types: ['harvest.completed.v1'], start: 'first', groups: 1, replayable: 'never' }],
  serves: ['normalizer.graph.cycles', 'normalizer.held.list'],
  calls: [...IDENTITY_CALLS],
};

const edgeAccess: AccessDocument = { identity: 'gateway', produces: [], consumes: [], serves: [], calls: [...IDENTITY_CALLS] };

interface Settings {
  readonly width: number;
}

@Controller('widths')
class WidthController {
  constructor(@Inject('width') private readonly width: number) {}

  @Get()
  show() {
    return { width: this.width };
  }
}

let nats: TestNats;
let database: FreshDatabase;
let rpc: RpcClient;
let auth: TestAuth;

beforeAll(async () => {
  nats = await startTestNats({ accessDocuments: [access, edgeAccess] });
  database = await freshDatabase('normalizer');
  auth = await startTestAuth(nats, { accessDocuments: [access, edgeAccess] });
  rpc = await auth.rpc({ role: 'operator' }, ADMIN);
});
afterAll(async () => {
  await auth.stop();
  await nats.stop();
  await database.drop();
});

const environment = () => ({
  GRANARY_NATS_URL: nats.url,
  GRANARY_NATS_USER: 'normalizer',
  GRANARY_NATS_PASSWORD: 'normalizer',
  GRANARY_DATABASE_URL: database.url,
  GRANARY_WIDTH: '7',
});

function definition(wire: (host: Host<Settings>) => Wired): ServiceDefinition<Settings> {
  return { name: 'normalizer', access, config: { width: integer('GRANARY_WIDTH', 'what it is for', { min: 1 }) }, wire };
}

const cycles = serve('normalizer.graph.cycles', ({ repository }) => Promise.resolve({ cycles: [[repository]] }));
const ignore = on('harvest.completed.v1', () => Promise.resolve());

/** Log lines of a hosted service, and the option that collects them. */
function journal() {
  const lines: { level: string; msg: string; part?: string }[] = [];
  return { lines, destination: { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) } };
}

const json = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

/** Another address of a server, to which everything takes a while. */
async function longWayTo(url: string, delayMs: number): Promise<{ url: string; cut: () => void; close: () => void }> {
  const { hostname, port } = new URL(url);
  const ends = new Set<Socket>();
  const way = createServer((near) => {
    ends.add(near);
    const far = connect(Number(port), hostname);
    near.on('data', (bytes) => void setTimeout(() => far.write(bytes), delayMs)).on('error', () => undefined).on('close', () => far.destroy());
    far.on('error', () => undefined).on('close', () => near.destroy()).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(way, 'listening');
  return { url: `nats://127.0.0.1:${(way.address() as AddressInfo).port}`, cut: () => ends.forEach((end) => end.destroy()), close: () => void way.close() };
}

/** Wired so late that nothing but the broker is waited for afterwards. */
async function onceAuthHasTold({ broker }: Host<Settings>): Promise<Wired> {
  for (let turn = 0; turn < 5; turn += 1) await broker.connection.flush();
  return { rpcs: [cycles], subscriptions: [ignore] };
}

describe('a service', () => {
  it('answers calls, applies events once and announces, serves its routes, and stops in order', async () => {
    const story: string[] = [];
    const handled = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const { lines, destination } = journal();

    const hosted: HostedService<Settings> = await hostService(
      definition((host) => ({
        rpcs: [cycles],
        subscriptions: [
          on('harvest.completed.v1', async (event, context) => {
            story.push(`event ${event.data.jobId}`);
            handled.resolve();
            await finish.promise;
            await context.once(async ({ announce }) => void announce({ type: 'graph.normalized.v1', key: event.partitionkey, data: exampleEvent('graph.normalized.v1').data }));
            story.push('event applied');
          }),
        ],
        tasks: [
          { name: 'first', start: async () => void story.push('first started'), stop: async () => void story.push('first stopped') },
          { name: 'second', start: async () => void story.push('second started'), stop: async () => void story.push('second stopped') },
        ],
        checks: [{ name: 'disk', critical: false, check: () => Promise.resolve({ state: 'degraded', detail: 'nearly full' }) }],
        controllers: [WidthController],
        providers: [{ provide: 'width', useValue: host.config.width }],
      })),
      environment(),
      { destination },
    );

    expect(await json(`${hosted.url}/health/ready`)).toEqual({ status: 200, body: { status: 'ready' } });
    expect((await json(`${hosted.url}/health/status`)).body).toMatchObject({
      status: 'degraded',
      service: 'normalizer',
      phase: { state: 'ready' },
      checks: [
        { name: 'broker', state: 'healthy', facts: { server: expect.stringMatching(/^2\./) as string } },
        { name: 'database', state: 'healthy', facts: { server: expect.stringMatching(/^\d/) as string, pending: [], ahead: [] } },
        { name: 'auth', state: 'healthy' },
        { name: 'disk', state: 'degraded', detail: 'nearly full' },
      ],
    });
    expect((await json(`${hosted.url}/widths`)).body).toEqual({ width: 7 });
    expect(await rpc.call('normalizer.graph.cycles', { repository: 'a' })).toEqual({ cycles: [['a']] });
    expect(await rpc.call('normalizer.held.list', {})).toEqual({ held: [], next: null });
    const page = await (await fetch(`${hosted.url}/metrics`)).text();
    expect(page).toMatch(/^granary_service_ready\{service="normalizer"\} 1$/m);
    expect(page).toMatch(/^granary_events_settled_total\{type="harvest.completed.v1",outcome="done",service="normalizer"\} 0$/m);

    const { data } = exampleEvent('harvest.completed.v1');
    await hosted.host.database.transact({ tenant: 'default', correlationId: 'c-1' }, async ({ announce }) => void announce({ type: 'harvest.completed.v1', key: data.repositoryId, data }));
    await handled.promise;

    const stopped = hosted.stop();
    expect(await json(`${hosted.url}/health/ready`)).toEqual({ status: 503, body: { status: 'stopping' } });
    expect(await json(`${hosted.url}/health/live`)).toEqual({ status: 200, body: { status: 'live' } });
    expect(story).toEqual(['first started', 'second started', `event ${data.jobId}`]);
    finish.resolve();
    await stopped;

    expect(story.slice(3)).toEqual(['event applied', 'second stopped', 'first stopped']);
    expect(lines.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['service starting', 'schema brought up to date', 'service ready', 'service stopping', 'service stopped']) as string[]);
    await expect(fetch(`${hosted.url}/health/live`)).rejects.toThrow('fetch failed');
    // The relay's last flush has sent what the drained handler announced.
    const stored = await (await nats.connect('admin')).connection.request('$JS.API.STREAM.INFO.EVENTS', JSON.stringify({ subjects_filter: '>' }));
    expect(Object.keys(stored.json<{ state: { subjects: object } }>().state.subjects).map((subject) => subject.split('.').slice(3).join('.'))).toEqual(
      expect.arrayContaining(['graph.normalized.v1', 'harvest.completed.v1']) as string[],
    );
  });

  it('is ready only when the broker knows what it answers', async () => {
    const far = await longWayTo(nats.url, 200);
    const hosted = await hostService({ ...definition(() => ({})), wire: onceAuthHasTold }, { ...environment(), GRANARY_NATS_URL: far.url });
    try {
      expect(await rpc.call('normalizer.graph.cycles', { repository: 'shop' })).toEqual({ cycles: [['shop']] });
    } finally {
      await hosted.stop();
      far.close();
    }
  });

  it('starts all the same when the broker is gone at that moment', async () => {
    const far = await longWayTo(nats.url, 200);
    const wire = async (host: Host<Settings>): Promise<Wired> => {
      const wired = await onceAuthHasTold(host);
      // While the broker is asked whether it knows them.
      setTimeout(far.cut, 100);
      return wired;
    };
    const hosted = await hostService({ ...definition(() => ({})), wire }, { ...environment(), GRANARY_NATS_URL: far.url });
    try {
      await waitFor(() => rpc.call('normalizer.graph.cycles', { repository: 'shop' }), { what: 'an answer' });
    } finally {
      await hosted.stop();
      far.close();
    }
  });

  it('lives before broker and database are there, and says what it waits for', async () => {
    const gate = await closedGate(new URL(database.url));
    const url = new URL(database.url);
    url.port = String(gate.port);
    await nats.kill();
    const { lines, destination } = journal();
    const launch = launchService(definition(() => ({ rpcs: [cycles], subscriptions: [ignore] })), { ...environment(), GRANARY_DATABASE_URL: url.href }, { destination });
    const address = await launch.url;

    const waiting = await waitFor(async () => ((body) => (JSON.stringify(body).includes('broker') && JSON.stringify(body).includes('database') ? body : null))(await json(`${address}/health/ready`)), { what: 'both reasons' });
    expect(waiting.status).toBe(503);
    expect((waiting.body['waitingFor'] as string[]).sort()).toEqual([
      expect.stringMatching(/^broker: no NATS server answers at the address in GRANARY_NATS_URL/),
      expect.stringMatching(/^database: no PostgreSQL answers at the address in GRANARY_DATABASE_URL/),
    ]);
    expect((await json(`${address}/health/live`)).status).toBe(200);
    expect(await json(`${address}/health/status`)).toMatchObject({ status: 503, body: { status: 'unhealthy', checks: [{ name: 'broker', detail: 'not connected yet' }, { name: 'database', detail: 'not connected yet' }] } });
    expect((await json(`${address}/health`)).status).toBe(503);

    await gate.open();
    await nats.restart();
    await launch.ready;
    expect((await json(`${address}/health/ready`)).status).toBe(200);
    expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['the broker is there', 'the database is there']) as string[]);
    expect(lines.filter(({ msg }) => msg.startsWith('waiting for the database')).length).toBeLessThanOrEqual(2);
    expect(await launch.stop()).toMatchObject({ unfinished: [] });
    await gate.close();
  });

  it('can be stopped while it waits', async () => {
    const url = new URL(database.url);
    const gate = await closedGate(url);
    url.port = String(gate.port);
    const launch = launchService(definition(() => ({})), { ...environment(), GRANARY_DATABASE_URL: url.href }, journal());
    launch.ready.catch(() => undefined);
    await waitFor(async () => JSON.stringify(await json(`${await launch.url}/health/ready`)).includes('database: '), { what: 'it to wait' });
    expect(await launch.stop()).toMatchObject({ unfinished: [] });
    await expect(launch.ready).rejects.toThrow();
  });

  it('names what does not stop in its time', async () => {
    const { lines, destination } = journal();
    const hosted = await hostService(
      definition(() => ({ rpcs: [cycles], subscriptions: [ignore], tasks: [{ name: 'stuck', start: () => Promise.resolve(), stop: () => new Promise(() => undefined) }] })),
      { ...environment(), GRANARY_SHUTDOWN_TIMEOUT: '2s' },
      { destination },
    );
    await expect(hosted.stop()).rejects.toThrow('not stopped in time: task stuck');
    expect(lines.at(-1)).toMatchObject({ level: 'error', msg: 'service stopped without waiting any longer for: task stuck', unfinished: ['task stuck'] });
  });
});

describe('a service that knows who calls', () => {
  const MINUTE = 60_000;

  it('is not ready, and refuses for the moment, before auth has said whom to believe', async () => {
    await auth.stop();
    const { lines, destination } = journal();
    const launch = launchService(definition(() => ({ rpcs: [cycles], subscriptions: [ignore] })), environment(), { destination });
    const address = await launch.url;
    const waiting = await waitFor(async () => ((answer) => (JSON.stringify(answer).includes('auth: ') ? answer : null))(await json(`${address}/health/ready`)), { what: 'the reason' });
    expect(waiting).toMatchObject({ status: 503, body: { waitingFor: [expect.stringMatching(/^auth: no auth service answers auth\./)] } });
    expect((await json(`${address}/health/status`)).body).toMatchObject({ status: 'degraded', checks: expect.arrayContaining([expect.objectContaining({ name: 'auth', state: 'unhealthy', detail: expect.stringContaining('all calls are refused') as string })]) as unknown });
    await expect(rpc.call('normalizer.graph.cycles', { repository: 'a' })).rejects.toMatchObject({ kind: 'transient', code: 'trust-outdated', message: expect.stringContaining('has just started') as string });

    auth = await startTestAuth(nats, { accessDocuments: [access, edgeAccess] });
    rpc = await auth.rpc({ role: 'operator' }, ADMIN);
    await launch.ready;
    expect(await rpc.call('normalizer.graph.cycles', { repository: 'a' })).toEqual({ cycles: [['a']] });
    expect(lines.filter(({ msg }) => msg.startsWith('waiting for the auth')).length).toBeLessThanOrEqual(2);
    await launch.stop();
  });

  it('learns of a new key at once, renews its own token, and believes nobody when auth is silent for a minute', async () => {
    let ahead = 0;
    const now = () => new Date(Date.now() + ahead);
    const hosted = await hostService(definition(() => ({ rpcs: [cycles], subscriptions: [ignore] })), environment(), { ...journal(), now });
    const outcome = (client: RpcClient) => client.call('normalizer.graph.cycles', { repository: 'a' }).then(() => 'ok', ({ code }: { code: string }) => code);
    expect(await outcome(rpc)).toBe('ok');

    // Another auth, with another key, as after a rotation.
    await auth.stop();
    auth = await startTestAuth(nats, { accessDocuments: [access, edgeAccess], now });
    rpc = await auth.rpc({ role: 'operator' }, ADMIN);
    expect(await outcome(rpc)).toBe('ok');

    await auth.stop();
    ahead = MINUTE - 10_000;
    expect(await outcome(rpc)).toBe('ok');
    ahead = MINUTE + 1_000;
    expect(await outcome(rpc)).toBe('trust-outdated');
    expect((await json(`${hosted.url}/health/status`)).body).toMatchObject({ checks: expect.arrayContaining([expect.objectContaining({ name: 'auth', detail: expect.stringMatching(/^auth has not answered for \d+ s/) as string })]) as unknown });
    await hosted.stop();
    auth = await startTestAuth(nats, { accessDocuments: [access, edgeAccess] });
    rpc = await auth.rpc({ role: 'operator' }, ADMIN);
  });

  it('counts what it refuses, and tells auth, without anything of the request', async () => {
    const hosted = await hostService(definition(() => ({ rpcs: [cycles], subscriptions: [ignore] })), environment(), journal());
    const sub = '019b2d3e-7a10-7b54-8c1d-2f9a6e4b7d01';
    const reader = await auth.rpc({ role: 'publisher', sub }, ADMIN);
    for (const client of [reader, reader]) await expect(client.call('normalizer.graph.cycles', { repository: 'a-secret-name' }, { correlationId: 'c-9' })).rejects.toMatchObject({ kind: 'permanent', code: 'permission-missing' });
    await expect(rpc.call('normalizer.graph.cycles', { repository: 'a-secret-name' }, { token: 'x' })).rejects.toMatchObject({ code: 'token-malformed' });
    await waitFor(() => auth.refused.length === 2, { what: 'the report' });
    expect(auth.refused).toEqual([
      { operation: 'normalizer.graph.cycles', permission: 'graph:read', reason: 'permission-missing', tenant: 'default', by: sub, correlationId: 'c-9' },
      { operation: 'normalizer.graph.cycles', permission: null, reason: 'token-malformed', tenant: '_platform', by: null, correlationId: expect.any(String) as string },
    ]);
    const page = await (await fetch(`${hosted.url}/metrics`)).text();
    expect(page).toContain('granary_rpc_refused_total{code="permission-missing",service="normalizer"} 2');
    expect(page).toContain('granary_rpc_refused_total{code="token-expired",service="normalizer"} 0');
    await hosted.stop();
  });

  it('needs the calls for that in its access document', async () => {
    await expect(hostService({ ...definition(() => ({})), access: { ...access, calls: ['auth.trust.read'] } }, environment(), journal())).rejects.toMatchObject({ kind: 'permanent', code: 'no-access-to-auth', message: expect.stringContaining('auth.service-token.issue, auth.refusal.report') as string });
  });
});

describe('a service that cannot start', () => {
  it('reports all that is wrong with its environment', async () => {
    await expect(hostService(definition(() => ({})), { GRANARY_NATS_URL: nats.url, GRANARY_HTTP_PORT: '80a', GRANARY_WIDTH: '0' })).rejects.toMatchObject({
      code: 'invalid-config',
      message: [
        'normalizer cannot start: 3 settings are wrong',
        "  GRANARY_HTTP_PORT is '80a': it must be a port from 0 to 65535 (0: any free one)",
        '  GRANARY_DATABASE_URL is not set: it must be a URL that begins with postgres:// or postgresql://, such as postgres://role:password@127.0.0.1:5432/granary',
        "  GRANARY_WIDTH is '0': it must be a whole number, at least 1",
      ].join('\n'),
    });
  });

  it.each([
    ['a password that the broker refuses', { GRANARY_NATS_PASSWORD: 'wrong' }, {}, 'broker-refused'],
    ['a password that the database refuses', { GRANARY_DATABASE_URL: 'wrong password' }, {}, 'database-refused'],
    ['a granted event type without a handler', {}, { rpcs: [cycles] }, 'subscriptions-differ'],
    ['a granted operation without a handler', {}, { subscriptions: [ignore] }, 'rpcs-differ'],
  ])('%s', async (_, changes, wired, code) => {
    const wrong = new URL(database.url);
    wrong.password = 'wrong';
    const env = { ...environment(), ...changes, ...('GRANARY_DATABASE_URL' in changes ? { GRANARY_DATABASE_URL: wrong.href } : {}) };
    await expect(hostService(definition(() => wired), env, journal())).rejects.toMatchObject({ code });
  });

  it('a name that has no access document', async () => {
    await expect(hostService({ name: 'nobody', config: {}, wire: () => ({}) }, environment(), journal())).rejects.toMatchObject({ code: 'no-access-document' });
  });
});

describe('a service that consumes nothing', () => {
  const quiet: ServiceDefinition = { name: 'normalizer', access: { ...access, consumes: [], serves: [] }, config: {}, wire: () => ({}) };

  it('keeps to the times that its database may take', async () => {
    const times = { GRANARY_DATABASE_STATEMENT_TIMEOUT: '7s', GRANARY_DATABASE_LOCK_TIMEOUT: '3s', GRANARY_DATABASE_IDLE_TIMEOUT: '11s' };
    const hosted = await hostService(quiet, { ...environment(), ...times }, journal());
    const [row] = await hosted.host.database.dataSource.query<object[]>(`select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock, current_setting('idle_in_transaction_session_timeout') as idle`);
    await hosted.stop();
    expect(row).toEqual({ statement: '7s', lock: '3s', idle: '11s' });
  });

  it('notices that its broker is gone and back', async () => {
    const hosted = await hostService(quiet, environment(), journal());
    await nats.kill();
    await waitFor(async () => (await json(`${hosted.url}/health`)).status === 503, { what: 'it to notice' });
    expect((await json(`${hosted.url}/health/status`)).body).toMatchObject({ status: 'unhealthy', checks: [{ name: 'broker', state: 'unhealthy' }, { name: 'database', state: 'healthy' }, { name: 'auth', state: 'healthy' }] });
    await nats.restart();
    await waitFor(async () => (await json(`${hosted.url}/health`)).status === 200, { what: 'it to recover' });
    await hosted.stop();
  });
});

describe('a service that stores nothing', () => {
  const edge: ServiceDefinition = { name: 'gateway', access: edgeAccess, database: 'none', config: {}, wire: () => ({}) };

  it('needs no database', async () => {
    const env = { ...environment(), GRANARY_NATS_USER: 'gateway', GRANARY_NATS_PASSWORD: 'gateway', GRANARY_DATABASE_URL: undefined };
    const hosted = await hostService(edge, env, journal());
    expect((await json(`${hosted.url}/health/status`)).body).toMatchObject({ status: 'healthy', checks: [{ name: 'broker', state: 'healthy' }, { name: 'auth', state: 'healthy' }] });
    expect(() => hosted.host.database).toThrow("gateway is defined with database: 'none'");
    await hosted.stop();
  });
});

/** A port that refuses connections until it is opened, and then leads to a server. */
async function closedGate(target: URL): Promise<{ port: number; open(): Promise<void>; close(): Promise<void> }> {
  const gate: Server = createServer((client) => {
    const server = connect({ host: target.hostname, port: Number(target.port) });
    client.on('error', () => server.destroy()).pipe(server);
    server.on('error', () => client.destroy()).pipe(client);
  });
  const listen = (port: number) => new Promise<void>((resolve) => gate.listen(port, '127.0.0.1', resolve));
  const close = () => new Promise<void>((resolve) => gate.close(() => resolve()));
  await listen(0);
  const { port } = gate.address() as AddressInfo;
  await close();
  return { port, open: () => listen(port), close };
}
