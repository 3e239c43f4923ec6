import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { eventExamples, type Job, type LoggedEvent, type RpcOperation, type RpcShapes, rpcExamples } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { serve, serveRpcs } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { startTestNats, type TestNats, waitFor } from '@granary/testing';
import { readArtifact } from './artifact.client';
import { type Client, connectClient } from './connect.client';
import { allEvents, latestEvents, tailEvents } from './event-log.client';
import { waitForEventLog, waitForGraph, waitForJob } from './wait.client';

const OPERATIONS = {
  harvester: ['harvester.job.show', 'harvester.artifact.read'],
  normalizer: ['normalizer.graph.summary', 'normalizer.artifact.read'],
  audit: ['audit.events.search', 'audit.log.status'],
  auth: ['auth.key.exchange'],
} as const satisfies Record<string, readonly RpcOperation[]>;

type Handle<O extends RpcOperation> = (request: RpcShapes[O]['request']) => RpcShapes[O]['response'];

let nats: TestNats;
let client: Client;
let asked: { operation: RpcOperation; request: unknown; tenant: string; caller: string | null; token?: string | null }[] = [];
const handlers = new Map<RpcOperation, (request: never) => unknown>();
const close: (() => Promise<void>)[] = [];

/** What an operation answers in this test; the contract's example when nothing is said. */
function answer<O extends RpcOperation>(operation: O, handle: Handle<O>): void {
  handlers.set(operation, handle);
}

beforeAll(async () => {
  nats = await startTestNats();
  for (const [service, operations] of Object.entries(OPERATIONS)) {
    const broker = await nats.connect(service);
    const served = operations.map((operation: RpcOperation) =>
      serve(operation, async (request, { tenant, caller, token }) => {
        asked.push({ operation, request, tenant, caller, token });
        const handle = handlers.get(operation);
        return handle ? (handle(request as never) as never) : rpcExamples[operation].response;
      }),
    );
    const server = serveRpcs({ broker, service, handlers: served, log: createLogger({ service, level: 'silent' }) });
    close.push(() => server.stop());
    await broker.connection.flush();
  }
  client = await connectClient({ url: nats.url, ...nats.credentials('operator') });
});
afterAll(async () => {
  await client.close();
  for (const stop of close) await stop();
  await nats.stop();
});
beforeEach(() => {
  handlers.clear();
  asked = [];
});

describe('connectClient', () => {
  it('calls as its identity, for its tenant', async () => {
    expect(await client.call('harvester.job.show', rpcExamples['harvester.job.show'].request)).toEqual(rpcExamples['harvester.job.show'].response);
    expect(asked).toEqual([{ operation: 'harvester.job.show', request: rpcExamples['harvester.job.show'].request, tenant: 'default', caller: 'operator', token: null }]);

    const named = await connectClient({ url: nats.url, ...nats.credentials('operator'), name: 'report', tenant: 'acme' });
    await named.call('audit.log.status', {});
    expect(asked.at(-1)).toMatchObject({ tenant: 'acme', caller: 'report' });
    await named.close();
  });

  it('sends an access token: a given one, or that of an API key, exchanged when it is needed', async () => {
    const given = await connectClient({ url: nats.url, ...nats.credentials('operator'), token: 'a-token' });
    await given.call('audit.log.status', {});
    expect(asked).toMatchObject([{ operation: 'audit.log.status', token: 'a-token' }]);
    await given.close();

    const expiresAt = [new Date(Date.now() + 20_000), new Date(Date.now() + 600_000)];
    answer('auth.key.exchange', ({ key }) => ({ ...rpcExamples['auth.key.exchange'].response, accessToken: `${key}-${asked.length}`, expiresAt: (expiresAt.shift() ?? new Date()).toISOString() }));
    asked = [];
    const keyed = await connectClient({ url: nats.url, ...nats.credentials('operator'), key: 'gran_k' });
    await Promise.all([keyed.call('audit.log.status', {}), keyed.call('audit.log.status', {})]);
    await keyed.call('audit.log.status', {});
    await keyed.call('audit.log.status', {});
    // The first token was about to end.
    expect(asked.map(({ operation, token }) => `${operation} ${token}`)).toEqual([
      'auth.key.exchange null', 'audit.log.status gran_k-1', 'audit.log.status gran_k-1', 'auth.key.exchange null', 'audit.log.status gran_k-4', 'audit.log.status gran_k-4',
    ]);
    await keyed.close();
  });

  it('throws the faults of a service as they are', async () => {
    answer('harvester.job.show', () => {
      throw Fault.permanent('not-found', 'there is no such job');
    });

    await expect(client.call('harvester.job.show', rpcExamples['harvester.job.show'].request)).rejects.toMatchObject({ kind: 'permanent', code: 'not-found', message: 'there is no such job' });
  });

  it('says so when the broker refuses or is not there', async () => {
    await expect(connectClient({ url: nats.url, user: 'operator', password: 'wrong' })).rejects.toMatchObject({ code: 'broker-refused' });
    await expect(connectClient({ url: 'nats://127.0.0.1:1', user: 'operator', password: 'x' })).rejects.toMatchObject({ kind: 'transient', code: 'broker-unreachable' });
  });
});

describe('readArtifact', () => {
  const content = Buffer.from(Array.from({ length: 5_000 }, (_, index) => createHash('sha256').update(String(index)).digest('hex')).join('\n'));
  const stored = zstdCompressSync(content);
  const ref = { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, bytes: content.length, mediaType: 'text/plain' };

  it.each(['harvester', 'normalizer'] as const)('reads piece by piece from the %s', async (owner) => {
    answer(`${owner}.artifact.read`, ({ digest, offset }) => ({ digest, bytes: ref.bytes, storedBytes: stored.length, encoding: 'zstd', offset, chunk: stored.subarray(offset, offset + 50_000).toString('base64') }));
    const progress: [number, number][] = [];

    const read = await readArtifact(client, owner, ref, { onProgress: (done, total) => progress.push([done, total]) });

    expect(read.equals(content)).toBe(true);
    expect(progress.length).toBe(Math.ceil(stored.length / 50_000));
    expect(progress.at(-1)).toEqual([stored.length, stored.length]);
  });

  it('stops when it is told to, and when the pieces are wrong', async () => {
    answer('harvester.artifact.read', ({ digest, offset }) => ({ digest, bytes: ref.bytes, storedBytes: 9, encoding: 'zstd', offset, chunk: offset === 0 ? 'AAAA' : '' }));

    await expect(readArtifact(client, 'harvester', ref)).rejects.toMatchObject({ code: 'artifact-damaged' });
    await expect(readArtifact(client, 'harvester', ref, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('waiting', () => {
  const { job } = rpcExamples['harvester.job.show'].response;

  it('for a job shows how far it is, and ends in whatever state it ends', async () => {
    const states: Job['state'][] = ['pending', 'fetching', 'failed'];
    answer('harvester.job.show', () => ({ job: { ...job, state: states.shift() ?? 'failed' } }));
    const seen: Job['state'][] = [];

    const ended = await waitForJob(client, job.jobId, { timeoutMs: 60_000, onProgress: ({ state }) => seen.push(state) });

    expect(ended.state).toBe('failed');
    expect(seen).toEqual(['pending', 'fetching', 'failed']);
  });

  it('for a graph goes on while there is none', async () => {
    const { response } = rpcExamples['normalizer.graph.summary'];
    let looks = 0;
    answer('normalizer.graph.summary', () => {
      if (++looks === 1) throw Fault.permanent('not-found', 'no graph of this commit');
      if (looks === 2) throw Fault.transient('database-away', 'the database restarts');
      return response;
    });

    expect(await waitForGraph(client, { repository: response.repositoryId, commit: response.commit }, { timeoutMs: 60_000 })).toEqual(response);
    expect(looks).toBe(3);
  });

  it('for a graph that an earlier harvest made, too, takes the newer one, or the older when no newer one comes', async () => {
    const { response } = rpcExamples['normalizer.graph.summary'];
    const wanted = { repository: response.repositoryId, commit: response.commit, since: '2026-03-02T10:00:00.000Z' };
    const newer = { ...response, normalizedAt: '2026-03-02T10:00:01.000Z' };
    let looks = 0;
    answer('normalizer.graph.summary', () => (++looks < 3 ? response : newer));
    expect(await waitForGraph(client, wanted, { timeoutMs: 60_000 })).toEqual(newer);

    answer('normalizer.graph.summary', () => response);
    let time = 0;
    const clock = { now: () => time, sleep: async (ms: number) => void (time += ms) };
    expect(await waitForGraph(client, wanted, { timeoutMs: 60_000, clock })).toEqual(response);
    expect(time).toBeGreaterThanOrEqual(10_000);
    expect(time).toBeLessThan(11_000);
  });

  it('for a graph ends with other permanent faults', async () => {
    answer('normalizer.graph.summary', () => {
      throw Fault.permanent('forbidden', 'no');
    });
    await expect(waitForGraph(client, { repository: 'x', commit: '0'.repeat(40) }, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('for the event log ends when it has everything', async () => {
    let lag = 2;
    answer('audit.log.status', () => ({ ...rpcExamples['audit.log.status'].response, lag: lag-- }));

    expect(await waitForEventLog(client, { timeoutMs: 60_000 })).toMatchObject({ lag: 0, rows: 4711 });
  });
});

describe('the event log', () => {
  const at = (sequence: number): LoggedEvent => ({ position: { epoch: 1, sequence }, event: { ...eventExamples['module.added.v1'], id: `event-${sequence}` } });
  const sequences = (events: readonly LoggedEvent[]): number[] => events.map(({ position }) => position.sequence);

  /** A log of `size` events that answers at most three at once. */
  function log(size: () => number): void {
    answer('audit.events.search', ({ after, before, order = 'asc', limit = 100 }) => {
      const all = Array.from({ length: size() }, (_, index) => index + 1).filter((sequence) => sequence > (after?.sequence ?? 0) && sequence < (before?.sequence ?? Infinity));
      const matching = order === 'asc' ? all : all.reverse();
      const page = matching.slice(0, Math.min(limit, 3));
      const last = page.at(-1);
      return { events: page.map(at), next: last !== undefined && page.length < matching.length ? { epoch: 1, sequence: last } : null };
    });
  }

  it('is read page by page, from any position', async () => {
    log(() => 8);

    expect(sequences(await allEvents(client, { types: ['module.added.v1'] }))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(sequences(await allEvents(client, {}, { after: { epoch: 1, sequence: 2 }, limit: 4 }))).toEqual([3, 4, 5, 6]);
    expect(asked[0]?.request).toEqual({ types: ['module.added.v1'], order: 'asc', limit: 500 });
  });

  it('knows its newest events', async () => {
    log(() => 8);

    expect(sequences(await latestEvents(client, {}, 5))).toEqual([4, 5, 6, 7, 8]);
    expect(sequences(await latestEvents(client, {}, 50))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('is followed as it grows, over troubles, until told to stop', async () => {
    const stop = new AbortController();
    const troubles: string[] = [];
    let size = 5;
    log(() => size);
    const healthy = handlers.get('audit.events.search') as (request: never) => unknown;
    const seen: number[] = [];

    for await (const logged of tailEvents(client, {}, { after: { epoch: 1, sequence: 1 }, signal: stop.signal, onTrouble: ({ message }) => troubles.push(message) })) {
      seen.push(logged.position.sequence);
      if (seen.length === 4) {
        let failures = 2;
        handlers.set('audit.events.search', (request: never) => {
          if (failures-- > 0) throw Fault.transient('database-away', 'the database restarts');
          return healthy(request);
        });
        size = 7;
      }
      if (seen.length === 6) stop.abort();
    }

    expect(seen).toEqual([2, 3, 4, 5, 6, 7]);
    expect(troubles).toEqual(['the database restarts']);
  });

  it('ends a tail at once that waits for an answer, and with a permanent fault', async () => {
    const stop = new AbortController();
    log(() => 0);
    const ended = (async () => {
      for await (const logged of tailEvents(client, {}, { after: { epoch: 1, sequence: 1 }, signal: stop.signal })) throw new Error(`unexpected ${logged.event.id}`);
    })();
    await waitFor(() => asked.length > 0, { what: 'the first look' });
    stop.abort();
    await expect(ended).resolves.toBeUndefined();

    answer('audit.events.search', () => {
      throw Fault.permanent('invalid-request', 'no');
    });
    const refused = tailEvents(client, {}, { after: { epoch: 1, sequence: 1 }, signal: new AbortController().signal }).next();
    await expect(refused).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
