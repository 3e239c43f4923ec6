import { spawnSync } from 'node:child_process';
import { callSubject, rpcExamples } from '@granary/contracts';
import type { AccessDocument } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { createLogger } from '@granary/observability';
import { startTestNats } from '@granary/testing';
import type { TestNats } from '@granary/testing';
import { headers } from '@nats-io/transport-node';
import { Registry } from 'prom-client';
import { createRpcClient, heldRpcs, serve, serveRpcs } from './index';
import type { Broker, CallerClaims, HeldDesk, RpcGuard, RpcHandler, RpcServer, UnprovenCall } from './index';

const log = createLogger({ service: 'test', level: 'silent' });
const access: AccessDocument[] = [
  { identity: 'harvester', produces: [], consumes: [], serves: ['harvester.job.show', 'harvester.job.cancel', 'harvester.repository.list'], calls: [] },
  { identity: 'normalizer', produces: [], consumes: [], serves: ['normalizer.held.list', 'normalizer.held.show', 'normalizer.held.redrive', 'normalizer.held.discard'], calls: [] },
  { identity: 'auth', produces: [], consumes: [], serves: ['auth.service-token.issue', 'auth.trust.read'], calls: [] },
  { identity: 'gateway', produces: [], consumes: [], serves: [], calls: ['auth.service-token.issue'] },
  { identity: 'operator', produces: [], consumes: [], serves: [], calls: ['auth.trust.read', 'harvester.job.show', 'harvester.job.cancel', 'harvester.repository.list', 'normalizer.held.list', 'normalizer.held.show', 'normalizer.held.redrive', 'normalizer.held.discard'] },
];
const show = rpcExamples['harvester.job.show'];

describe('rpc', () => {
  let nats: TestNats;
  let service: Broker;
  let caller: Broker;
  const servers: RpcServer[] = [];
  beforeAll(async () => {
    nats = await startTestNats({ accessDocuments: access, provisioned: false });
    [service, caller] = await Promise.all([nats.connect('harvester'), nats.connect('operator')]);
  });
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));
  afterAll(() => nats.stop());

  const start = async (...handlers: RpcHandler[]) => {
    const metrics = new Registry();
    servers.push(serveRpcs({ broker: service, service: 'harvester', handlers, log, metrics }));
    await service.connection.flush();
    return metrics;
  };
  const client = () => createRpcClient({ broker: caller, tenant: 'default' });

  it('outlives a fault that is too large to be sent', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    await start(serve('harvester.job.show', () => Promise.reject(new Error('x'.repeat(2 * 1_024 ** 2)))));
    await expect(client().call('harvester.job.show', show.request, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'rpc-timeout' });
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('answers the calls that were on their way to it when it stops', async () => {
    await start(serve('harvester.job.show', async () => show.response));
    const inbox = `${caller.inboxPrefix}.stopping`;
    const answers = caller.connection.subscribe(`${inbox}.*`, { max: 20 });
    await caller.connection.flush();
    // Another process calls while this one stands still, so that its stop comes before what it was sent.
    const { user, password } = nats.credentials('operator');
    // On a busy machine a broker may give up on whom it has not heard of for two seconds.
    const calling = `import { connect } from '@nats-io/transport-node';
      let connection;
      for (let tries = 1; connection === undefined; tries += 1) connection = await connect(${JSON.stringify({ servers: nats.url, user, pass: password })}).catch((error) => { if (tries === 10) throw error; });
      for (let n = 0; n < 20; n += 1) connection.publish('${callSubject('harvester.job.show', 'operator')}', ${JSON.stringify(JSON.stringify(show.request))}, { reply: '${inbox}.' + n });
      await connection.drain();`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', calling], { cwd: __dirname, env: {}, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    await servers.pop()?.stop();
    // The broker has the answers first, and has sent them on then.
    await service.connection.flush();
    await caller.connection.flush();
    expect(answers.getReceived()).toBe(20);
  });

  it('answers a call and tells the handler who asks and why', async () => {
    const contexts: unknown[] = [];
    const metrics = await start(
      serve('harvester.job.show', async (request, context) => {
        contexts.push(request, context);
        return show.response;
      }),
    );
    expect(await client().call('harvester.job.show', show.request, { correlationId: 'c-1', tenant: 'acme' })).toEqual(show.response);
    expect(contexts).toEqual([show.request, expect.objectContaining({ correlationId: 'c-1', tenant: 'acme', caller: 'operator' })]);
    expect(await metrics.metrics()).toContain('granary_rpc_answered_total{operation="harvester.job.show",outcome="ok"} 1');
  });

  it('brings a fault over with its kind, code and message, and hides a bug behind "unexpected"', async () => {
    await start(
      serve('harvester.job.show', async () => {
        throw Fault.permanent('not-found', 'no job of that id');
      }),
      serve('harvester.job.cancel', async () => {
        throw new TypeError('x is undefined');
      }),
    );
    await expect(client().call('harvester.job.show', show.request)).rejects.toMatchObject({ kind: 'permanent', code: 'not-found', message: 'no job of that id' });
    await expect(client().call('harvester.job.cancel', show.request)).rejects.toMatchObject({ kind: 'transient', code: 'unexpected' });
  });

  it('refuses requests and answers that break the contract, on both sides', async () => {
    await start(serve('harvester.job.show', async () => ({ job: 'nonsense' }) as never));
    await expect(client().call('harvester.job.show', { jobId: 7 } as never)).rejects.toMatchObject({ kind: 'permanent', code: 'invalid-request' });
    await expect(client().call('harvester.job.show', show.request)).rejects.toMatchObject({ code: 'unexpected' });
    const raw = await caller.connection.request('rpc.harvester.job.show', 'not json', { headers: headers(), timeout: 1_000 });
    expect(raw.json()).toMatchObject({ kind: 'permanent', code: 'invalid-request' });
    expect((await caller.connection.request('rpc.harvester.job.show', '{"jobId":7}')).json()).toMatchObject({ code: 'invalid-request' });
  });

  describe('with a guard', () => {
    const claims: CallerClaims = { iss: 'granary', aud: 'granary', sub: 'somebody', tid: 'acme', kind: 'person', name: 'ada', grants: [], sid: 's1', jti: 'j1', iat: 1, exp: 2 };
    const guard = (calls: UnprovenCall[]): RpcGuard => ({
      codes: ['token-missing', 'permission-missing'],
      admit: async (call) => {
        calls.push(call);
        if (call.token === 'good') return { state: 'admitted', tenant: claims.tid, access: claims, repositories: 'all' };
        return { state: 'refused', fault: Fault.permanent(call.token === null ? 'token-missing' : 'permission-missing', 'no') };
      },
    });
    const guarded = async (handler: RpcHandler, calls: UnprovenCall[] = []) => {
      const metrics = new Registry();
      servers.push(serveRpcs({ broker: service, service: 'harvester', handlers: [handler], log, metrics, guard: guard(calls) }));
      await service.connection.flush();
      return metrics;
    };

    it('tells the handler who the caller is, and in which tenant, by the word of the guard alone', async () => {
      const [contexts, calls]: [unknown[], UnprovenCall[]] = [[], []];
      await guarded(serve('harvester.job.show', async (_, context) => (contexts.push(context), show.response)), calls);
      const rpc = createRpcClient({ broker: caller, tenant: 'default', token: async () => 'good' });
      await rpc.call('harvester.job.show', show.request, { correlationId: 'c-2' });
      expect(calls).toEqual([{ operation: 'harvester.job.show', request: show.request, tenant: 'default', token: 'good', correlationId: 'c-2' }]);
      expect(contexts).toEqual([expect.objectContaining({ tenant: 'acme', token: 'good', access: claims })]);
    });

    it('refuses before a request is compared with its contract, and counts that', async () => {
      const metrics = await guarded(serve('harvester.job.show', () => Promise.reject(new Error('never asked'))));
      expect(await metrics.metrics()).toContain('granary_rpc_refused_total{code="permission-missing"} 0');
      await expect(client().call('harvester.job.show', show.request)).rejects.toMatchObject({ kind: 'permanent', code: 'token-missing', message: 'no' });
      await expect(client().call('harvester.job.show', show.request, { token: 'worse' })).rejects.toMatchObject({ code: 'permission-missing' });
      expect((await caller.connection.request('rpc.harvester.job.show', '{"nonsense":1}')).json()).toMatchObject({ code: 'token-missing' });
      expect(await metrics.metrics()).toContain('granary_rpc_refused_total{code="token-missing"} 2');
      expect(await metrics.metrics()).toContain('granary_rpc_answered_total{operation="harvester.job.show",outcome="permanent"} 3');
    });
  });

  it('learns from the subject who calls where the operation says so, whatever the caller says', async () => {
    const [auth, gateway] = await Promise.all([nats.connect('auth'), nats.connect('gateway')]);
    const { response } = rpcExamples['auth.service-token.issue'];
    const contexts: unknown[] = [];
    servers.push(serveRpcs({ broker: auth, service: 'auth', log, handlers: [serve('auth.service-token.issue', async (_, context) => (contexts.push(context), response))] }));
    await auth.connection.flush();
    expect(await createRpcClient({ broker: gateway, tenant: 'default' }).call('auth.service-token.issue', {})).toEqual(response);
    expect(contexts).toEqual([expect.objectContaining({ caller: 'gateway', token: null })]);
    const lie = headers();
    lie.set('Granary-Caller', 'auth');
    await gateway.connection.request('rpc.auth.service-token.issue.gateway', '{}', { headers: lie, timeout: 1_000 });
    expect(contexts).toEqual([expect.anything(), expect.objectContaining({ caller: 'gateway' })]);
    await expect(gateway.connection.request('rpc.auth.service-token.issue.auth', '{}', { timeout: 300 })).rejects.toThrow();
    expect(contexts).toHaveLength(2);
  });

  it('shows no token to who needs none', async () => {
    const auth = await nats.connect('auth');
    const contexts: unknown[] = [];
    servers.push(serveRpcs({ broker: auth, service: 'auth', log, handlers: [serve('auth.trust.read', async (_, context) => (contexts.push(context), rpcExamples['auth.trust.read'].response))] }));
    await auth.connection.flush();
    const rpc = createRpcClient({ broker: caller, tenant: 'default', token: () => Promise.reject(new Error('never asked')) });
    await rpc.call('auth.trust.read', {});
    expect(contexts).toEqual([expect.objectContaining({ token: null, access: null })]);
  });

  it('says when nobody answers, and when it takes too long', async () => {
    await expect(client().call('harvester.repository.list', {})).rejects.toMatchObject({ kind: 'transient', code: 'service-unavailable' });
    let end: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (end = resolve));
    await start(serve('harvester.job.show', () => gate.then(() => show.response)));
    await expect(client().call('harvester.job.show', show.request, { timeoutMs: 50 })).rejects.toMatchObject({ kind: 'transient', code: 'rpc-timeout' });
    end();
  });

  it('serves what operators do with held events', async () => {
    const held = rpcExamples['normalizer.held.show'].response.held;
    const desk: HeldDesk = {
      list: async () => ({ held: [held], next: null }),
      show: async (_tenant, _consumer, position) => ({ held, body: position === 1 ? '{"specversion":"1.0"}' : 'not json' }),
      redrive: async ({ all }) => (all === true ? 3 : 1),
      discard: async () => held,
      counts: async () => [],
    };
    const normalizer = await nats.connect('normalizer');
    servers.push(serveRpcs({ broker: normalizer, service: 'normalizer', handlers: heldRpcs('normalizer', desk), log }));
    await normalizer.connection.flush();
    const rpc = client();
    expect(await rpc.call('normalizer.held.list', {})).toEqual({ held: [held], next: null });
    expect((await rpc.call('normalizer.held.show', { consumer: 'normalizer', position: 1 })).event).toEqual({ specversion: '1.0' });
    expect((await rpc.call('normalizer.held.show', { consumer: 'normalizer', position: 2 })).event).toEqual({ raw: 'not json' });
    expect(await rpc.call('normalizer.held.redrive', { consumer: 'normalizer', all: true })).toEqual({ count: 3 });
    expect(await rpc.call('normalizer.held.discard', { consumer: 'normalizer', position: 1, reason: 'why' })).toEqual({ held });
  });
});
