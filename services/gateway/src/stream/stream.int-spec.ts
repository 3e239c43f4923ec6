import { request as rawRequest, type IncomingMessage } from 'node:http';
import { setImmediate as breathe } from 'node:timers/promises';
import { rpcExamples, type Job } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { serve } from '@granary/messaging';
import type { HostedService } from '@granary/service-host';
import { waitFor } from '@granary/testing';
import { serveEventLog, type TestEventLog } from '../../test/event-log';
import { openStream, type StreamClient } from '../../test/stream-client';
import { startWorld, type World } from '../../test/world';

const SETTINGS = { GRANARY_GATEWAY_PUBLIC_RATE: '0', GRANARY_GATEWAY_RATE: '0', GRANARY_GATEWAY_LOG_POLL: '200ms', GRANARY_GATEWAY_JOB_POLL: '50ms', GRANARY_GATEWAY_STREAM_RETRY: '20ms' };
const REPOSITORY = '01976c2e-8a00-7b3c-9d4e-5f60718293a4';
const JOB = rpcExamples['harvester.job.show'].response.job;

let world: World;
let log: TestEventLog;
let gateway: HostedService;
let token: string;
let job: Job | null;
const shown: { tenant: string; token: string | null }[] = [];
const clients: StreamClient[] = [];
const answered = new Set<string>();

beforeAll(async () => {
  world = await startWorld();
  log = await serveEventLog(world);
  await world.serve('harvester', [
    serve('harvester.job.show', async ({ jobId }, context) => {
      shown.push({ tenant: context.tenant, token: context.token });
      if (job === null || jobId !== JOB.jobId || context.tenant !== 'acme') throw Fault.permanent('job-not-found', `there is no job ${jobId}`);
      return { job };
    }),
  ]);
  gateway = await world.host(SETTINGS);
  token = await world.token();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => world.stop());

/** Opens a stream of any gateway, and notes how it was answered. */
async function openAt(base: string, path: string, options: Partial<Parameters<typeof openStream>[1]> = {}): Promise<StreamClient> {
  const client = await openStream(`${base}${path}`, { token, ...options });
  const route = path.startsWith('/v1/jobs') ? '/v1/jobs/{jobId}/progress' : '/v1/events/tail';
  answered.add(`${route} ${client.status} ${client.headers.get('content-type')?.split(';')[0] ?? 'nothing'}`);
  clients.push(client);
  return client;
}
const open = (path: string, options: Parameters<typeof openAt>[2] = {}) => openAt(gateway.url, path, options);
const tail = (query = '', options: Parameters<typeof open>[1] = {}) => open(`/v1/events/tail${query}`, options);
const idsOf = (client: StreamClient) => client.events.map(({ id }) => id);
const problem = async (client: StreamClient | Promise<StreamClient>) => {
  const { status, text } = await client;
  return { status, ...(JSON.parse(await text()) as { code: string; detail: string; errors?: unknown }) };
};

describe('the tail of the event log', () => {
  it('shows what is logged from now on, as the log has it, to those whose it is', async () => {
    log.grow([{}, {}]);
    const before = log.end();
    const client = await tail();
    expect([client.status, ...['content-type', 'cache-control', 'x-accel-buffering', 'x-content-type-options'].map((name) => client.headers.get(name)), client.headers.has('x-request-id')]).toEqual([
      200, 'text/event-stream; charset=utf-8', 'no-store, no-transform', 'no', 'nosniff', true,
    ]);
    await waitFor(() => client.lastId() === before, { what: 'the beginning' });
    log.grow([{}, { tenant: 'umbra' }, { type: 'graph.normalized.v1', gap: 3 }, { epoch: true }]);

    const events = await client.got(3);
    expect(events.map(({ id, event }) => [id, event])).toEqual([['1:3', 'harvest.requested.v1'], ['1:8', 'graph.normalized.v1'], ['2:1', 'harvest.requested.v1']]);
    expect(JSON.parse(events[0]?.data ?? '')).toEqual(log.entries[2]?.event);
    expect(events[0]?.data).not.toContain('\n');
  });

  it('comes without a signal, too', async () => {
    const client = await tail();
    log.grow([{}], { silently: true });
    expect((await client.got(1)).map(({ id }) => id)).toEqual([log.end()]);
  });

  it('shows what was asked for, and of a tenant only the repositories that somebody may see', async () => {
    const narrow = await world.token({ grants: [{ role: 'operator', repositories: [REPOSITORY] }] });
    const byType = await tail('?types=graph.normalized.v1&types=cycle.appeared.v1');
    const byKey = await tail(`?key=${REPOSITORY}`);
    const byRequest = await tail('?correlationId=another-request');
    const narrowed = await tail('', { token: narrow });
    const other = await tail('', { token: await world.token({ tid: 'umbra' }) });
    const growth = [{ type: 'graph.normalized.v1' }, { key: REPOSITORY }, { correlationId: 'another-request' }, { tenant: 'umbra', key: REPOSITORY, type: 'graph.normalized.v1', correlationId: 'another-request' }];
    const first = log.entries.length;
    log.grow(growth);
    await Promise.all([byType, byKey, byRequest, narrowed, other].map((client) => client.got(1)));
    // What is behind shows that nothing else has come.
    log.grow([{ type: 'cycle.appeared.v1', key: REPOSITORY, correlationId: 'another-request' }, { tenant: 'umbra' }]);
    await Promise.all([byType, byKey, byRequest, narrowed, other].map((client) => client.got(2)));

    const at = (...indices: number[]) => indices.map((index) => log.ids('acme').concat(log.ids('umbra')).find((id) => id === `2:${(log.entries[first + index]?.position.sequence ?? 0)}`));
    expect([byType, byKey, byRequest, narrowed, other].map(idsOf)).toEqual([at(0, 4), at(1, 4), at(2, 4), at(1, 4), at(3, 5)]);
    // What was missed is narrowed the same way.
    const again = await tail('?after=0:0', { token: narrow });
    expect((await again.got(2)).map(({ id }) => id)).toEqual(at(1, 4));
  });

  it.each([
    ['?after=1-2', {}, 400, 'invalid-request', [{ in: 'query', pointer: '/after' }]],
    ['', { lastEventId: '1:-2' }, 400, 'invalid-request', [{ in: 'header', pointer: '/Last-Event-ID' }]],
    ['?types=Harvest&key=a.b&tenant=umbra', {}, 400, 'invalid-request', [{ in: 'query', pointer: '/tenant' }]],
    ['?types=Harvest&key=a.b', {}, 400, 'invalid-request', [{ pointer: '/types/0' }, { pointer: '/key' }]],
    ['', { lastEventId: '9:1' }, 410, 'position-gone', undefined],
    ['', { lastEventId: '2:999999' }, 410, 'position-gone', undefined],
    ['', { accept: 'application/json' }, 406, 'not-acceptable', undefined],
    ['', { token: 'nonsense' }, 401, 'token-malformed', undefined],
  ])('refuses %j with %j before it begins', async (query, options, status, code, errors) => {
    expect(await problem(tail(query, options))).toMatchObject({ status, code, ...(errors && { errors }) });
  });

  it('refuses those who may not see events, or not these', async () => {
    const reader = await world.token({ grants: [{ role: 'reader', repositories: 'all' }] });
    const narrow = await world.token({ grants: [{ role: 'operator', repositories: [REPOSITORY] }] });
    expect(await problem(tail('', { token: reader }))).toMatchObject({ status: 403, code: 'permission-missing' });
    expect(await problem(tail('?key=another', { token: narrow }))).toMatchObject({ status: 403, code: 'permission-missing' });
  });

  it('answers HEAD without a stream', async () => {
    const response = await fetch(`${gateway.url}/v1/events/tail`, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  });

  it('tells a quiet client that it is still there, and how far', async () => {
    const own = await world.host({ ...SETTINGS, GRANARY_GATEWAY_STREAM_HEARTBEAT: '100ms' });
    const client = await openAt(own.url, '/v1/events/tail?types=repository.removed.v1');
    await waitFor(() => client.comments.length > 0, { what: 'a heartbeat' });
    log.grow([{}]);
    await waitFor(() => client.lastId() === log.end(), { what: 'a bookmark' });
    expect([client.events, client.comments[0]]).toEqual([[], 'still here']);
    client.close();
    await own.stop();
  });
});

it('stands still while the log cannot be read, and goes on then', async () => {
  const client = await tail();
  // Its page is asked for in vain, too.
  const resumed = await tail('', { lastEventId: '0:0' });
  const back = log.away();
  log.grow([{}]);
  const own = await world.host(SETTINGS);
  expect(await problem(openAt(own.url, '/v1/events/tail'))).toMatchObject({ status: 503, code: 'service-unavailable' });
  back();
  expect((await client.got(1)).map(({ id }) => id)).toEqual([log.end()]);
  expect((await resumed.got(log.ids().length)).map(({ id }) => id)).toEqual(log.ids());
  await own.stop();
});

describe('a client that comes back', () => {
  it('misses nothing and gets nothing twice while events come fast, signals get lost and the gateway is restarted', async () => {
    const from = log.end();
    const start = log.entries.at(-1)?.position;
    let own = await world.host({ ...SETTINGS, GRANARY_GATEWAY_STREAM_WINDOW: '40KiB' });
    const received: { all: string[]; few: string[]; last: Record<'all' | 'few', string>; connects: number } = { all: [], few: [], last: { all: from, few: from }, connects: 0 };
    const stop = new AbortController();
    const follow = async (name: 'all' | 'few', query: string) => {
      while (!stop.signal.aborted) {
        // Connections that are refused while the gateway is away are tried again, as a browser does.
        const client = await openStream(`${own.url}/v1/events/tail${query}`, { token, lastEventId: received.last[name] }).catch(() => null);
        if (client?.status !== 200) {
          await breathe();
          continue;
        }
        received.connects += 1;
        const end = () => client.close();
        stop.signal.addEventListener('abort', end);
        await client.ended;
        stop.signal.removeEventListener('abort', end);
        received[name].push(...(idsOf(client) as string[]));
        received.last[name] = client.lastId() ?? received.last[name];
      }
    };
    const follows = [follow('all', ''), follow('few', '?types=graph.normalized.v1')];

    const write = async (commits: number) => {
      for (let commit = 0; commit < commits; commit += 1) {
        const growth = Array.from({ length: 1 + (commit % 7) }, (_, i) => ({ tenant: i === 3 ? 'umbra' : 'acme', type: (commit + i) % 5 === 0 ? 'graph.normalized.v1' : 'harvest.requested.v1', gap: commit % 11 === 0 ? 1 : 0, epoch: commit === 50 && i === 0 }));
        log.grow(growth, { silently: commit % 3 === 0 });
        await breathe();
      }
    };
    await waitFor(() => received.connects === 2, { what: 'both streams' });
    await write(150);
    const stopped = own.stop();
    await write(100);
    await stopped;
    own = await world.host({ ...SETTINGS, GRANARY_GATEWAY_STREAM_WINDOW: '40KiB' });
    await write(150);
    const expected = log.ids('acme', start);
    const expectedFew = log.entries.slice(log.entries.findIndex(({ position }) => position === start) + 1).filter(({ tenant, type }) => tenant === 'acme' && type === 'graph.normalized.v1').map(({ position }) => `${position.epoch}:${position.sequence}`);
    // One more of each kind, to know that everything before has come.
    log.grow([{ type: 'graph.normalized.v1' }]);
    const last = log.end();
    const probe = await openAt(own.url, '/v1/events/tail', { lastEventId: from });
    await probe.got(expected.length + 1);
    await own.stop();
    stop.abort();
    await Promise.all(follows);
    probe.close();

    expect(expected.length).toBeGreaterThan(1_000);
    expect(received.connects).toBeGreaterThanOrEqual(4);
    expect(idsOf(probe)).toEqual([...expected, last]);
    const upTo = (ids: string[], got: string[]) => [...ids, last].slice(0, got.length);
    expect(received.all).toEqual(upTo(expected, received.all));
    expect(received.few).toEqual(upTo(expectedFew, received.few));
    expect([received.all.length, received.few.length]).toEqual([expected.length + 1, expectedFew.length + 1]);
  });

  it('that did not read is let go, and goes on where it was', async () => {
    const own = await world.host({ ...SETTINGS, GRANARY_GATEWAY_STREAM_STALL: '300ms', GRANARY_GATEWAY_STREAM_WINDOW: '1MiB' });
    const start = log.end();
    const startPosition = log.entries.at(-1)?.position;
    const slow = await new Promise<IncomingMessage>((resolve, reject) => rawRequest(`${own.url}/v1/events/tail`, { headers: { authorization: `Bearer ${token}` } }, resolve).on('error', reject).end());
    slow.pause();
    const open = async () => Number(/^granary_gateway_streams\{.*\} (\d+)$/m.exec(await (await fetch(`${own.url}/metrics`)).text())?.[1]);
    expect(await open()).toBe(1);
    // More than the sockets of both sides hold.
    for (let commit = 0; commit < 40; commit += 1) log.grow(Array.from({ length: 5 }, () => ({ bytes: 60_000 })));
    await waitFor(async () => (await open()) === 0, { what: 'the stream to be ended' });
    expect(await (await fetch(`${own.url}/metrics`)).text()).toMatch(/^granary_gateway_streams_ended_total\{why="too-slow",.*\} 1$/m);

    const text = await new Promise<string>((resolve) => {
      const chunks: Buffer[] = [];
      slow.on('data', (chunk: Buffer) => chunks.push(chunk)).on('close', () => resolve(Buffer.concat(chunks).toString())).resume();
    });
    const seen = [...text.matchAll(/^id: (\S+)$/gm)].map(([, id]) => id as string).slice(1);
    // The last one may be cut in the middle: a client only counts what an empty line has ended.
    const whole = text.endsWith('\n\n') ? seen : seen.slice(0, -1);
    const client = await tail('', { lastEventId: whole.at(-1) ?? start });
    const ids = log.ids('acme', startPosition);
    await client.got(ids.length - whole.length);
    expect([...whole, ...idsOf(client)]).toEqual(ids);
    expect(whole.length).toBeLessThan(ids.length);
    await own.stop();
  });
});

describe('a stream ends', () => {
  it('when its session does', async () => {
    const ended = await tail('', { token: await world.token({ sid: 'ends-soon' }) });
    const stays = await tail();
    world.revoked.add('ends-soon');
    expect(await ended.ended).toBe('token-revoked');
    log.grow([{}]);
    await stays.got(1);
    expect([ended.events, ended.lastId()]).toEqual([[], stays.ids[0]]);
  });

  it('when its token has expired, and goes on behind its last event with a new one', async () => {
    let aheadMs = 0;
    const own = await world.host(SETTINGS, () => new Date(Date.now() + aheadMs));
    const old = await world.token({ issuedAt: new Date(Date.now() - 570_000) });
    job = { ...JOB, repositoryId: REPOSITORY, state: 'parsing' };
    const [client, progress] = await Promise.all([openAt(own.url, '/v1/events/tail', { token: old }), openAt(own.url, `/v1/jobs/${JOB.jobId}/progress`, { token: old })]);
    log.grow([{}]);
    await client.got(1);
    // A little more than it has left and clocks may differ by; less than what auth said is believed for.
    aheadMs = 40_000;
    expect(await Promise.all([client.ended, progress.ended])).toEqual(['token-expired', 'token-expired']);
    log.grow([{}]);
    expect(await problem(openAt(own.url, '/v1/events/tail', { token: old, lastEventId: client.lastId() }))).toMatchObject({ status: 401, code: 'token-expired' });
    const next = await openAt(own.url, '/v1/events/tail', { lastEventId: client.lastId() });
    expect((await next.got(1)).map(({ id }) => id)).toEqual([log.end()]);
    next.close();
    await own.stop();
  });

  it('when the gateway stops, with a word', async () => {
    const own = await world.host(SETTINGS);
    const client = await openAt(own.url, '/v1/events/tail');
    await own.stop();
    expect(await client.ended).toBe('stopping');
  });
});

it('gives nobody more streams than a share, and all together no more than it takes', async () => {
  const own = await world.host({ ...SETTINGS, GRANARY_GATEWAY_STREAMS: '3', GRANARY_GATEWAY_STREAMS_EACH: '2' });
  const other = await world.token({ sub: '0195d0a0-0000-7000-8000-00000000000b' });
  const at = (shown: string) => openAt(own.url, '/v1/events/tail', { token: shown });
  const mine = await Promise.all([at(token), at(token)]);
  const third = await at(token);
  expect([await problem(third), third.headers.get('retry-after')]).toMatchObject([{ status: 429, code: 'too-many-streams' }, '1']);
  await at(other);
  expect(await problem(at(other))).toMatchObject({ status: 503, code: 'streams-full' });
  mine[0]?.close();
  await waitFor(async () => (await at(token)).status === 200, { what: 'the place to be free again' });
  await own.stop();
});

describe('the progress of a job', () => {
  const at = (state: Job['state'], done: number): Job => ({ ...JOB, repositoryId: REPOSITORY, state, progress: { done, total: 212 } });
  const path = `/v1/jobs/${JOB.jobId}/progress`;
  const told = (client: StreamClient) => client.events.map(({ event, data }) => [event, (JSON.parse(data) as Job).state, (JSON.parse(data) as Job).progress.done]);

  it('is told from where it stands until it ends, whoever listens and however many', async () => {
    job = at('parsing', 40);
    shown.length = 0;
    const client = await open(path);
    await client.got(1);
    expect(shown.at(0)).toEqual({ tenant: 'acme', token });
    job = at('parsing', 80);
    await client.got(2);
    const late = await open(path);
    await late.got(1);
    job = at('completed', 212);
    log.grow([{ type: 'harvest.completed.v1', key: REPOSITORY }]);

    expect([await client.ended, await late.ended]).toEqual(['job-ended', 'job-ended']);
    expect(told(client)).toEqual([['progress', 'parsing', 40], ['progress', 'parsing', 80], ['progress', 'completed', 212]]);
    expect(told(late)).toEqual([['progress', 'parsing', 80], ['progress', 'completed', 212]]);
    const again = await open(path, { lastEventId: client.lastId() });
    expect([again.status, await again.text()]).toEqual([204, '']);
    const anew = await open(path);
    expect([await anew.ended, told(anew)]).toEqual(['job-ended', [['progress', 'completed', 212]]]);
  });

  it('ends when the job is gone', async () => {
    job = at('parsing', 40);
    const client = await open(path);
    await client.got(1);
    job = null;
    expect(await client.ended).toBe('job-not-found');
  });

  it('is refused to those who may not see the job, as the harvester says', async () => {
    expect(await problem(open(path, { token: await world.token({ tid: 'umbra' }) }))).toMatchObject({ status: 404, code: 'job-not-found' });
  });
});

it('is answered as the document of the API says', async () => {
  const { paths } = (await (await fetch(`${gateway.url}/v1/openapi.json`)).json()) as { paths: Record<string, { get: { responses: Record<string, { content?: Record<string, unknown> }> } }> };
  const documented = ['/v1/events/tail', '/v1/jobs/{jobId}/progress'].flatMap((path) =>
    Object.entries(paths[path]?.get.responses ?? {}).flatMap(([status, { content = { nothing: {} } }]) => Object.keys(content).map((type) => `${path} ${status} ${type}`)),
  );
  const tailed = (one: string) => one.startsWith('/v1/events/tail') && !/ (default|504) /.test(one);
  expect([...answered].filter((one) => !documented.includes(one))).toEqual([]);
  expect(documented.filter(tailed).filter((one) => !answered.has(one))).toEqual([]);
});
