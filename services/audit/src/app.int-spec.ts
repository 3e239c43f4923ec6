import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { newestCheckpoint } from '@granary/audit-export';
import { leafHash, openCheckpoint, parseProof, parseVkey, readLeaf, verifyConsistency, verifyInclusion } from '@granary/transparency';
import { exampleEvent, freshDatabase, startTestAuth, startTestNats, temporaryFolder, waitFor, type FreshDatabase, type TestAuth, type TestNats } from '@granary/testing';
import { publishSubject } from '@granary/contracts';
import { createPublisher, createRpcClient, messageId, onSignal, type Broker, type RpcClient } from '@granary/messaging';
import { hostService, type HostedService } from '@granary/service-host';
import { v7 } from 'uuid';
import { audit } from './app.module';

const folder = temporaryFolder();
let nats: TestNats;
let fresh: FreshDatabase;
let service: HostedService;
let admin: Broker;
let rpc: RpcClient;
let ofPlatform: RpcClient;
let auth: TestAuth;

beforeAll(async () => {
  [nats, fresh] = await Promise.all([startTestNats(), freshDatabase('audit')]);
  auth = await startTestAuth(nats);
  const { user, password } = nats.credentials('audit');
  service = await hostService(audit, { GRANARY_NATS_URL: nats.url, GRANARY_NATS_USER: user, GRANARY_NATS_PASSWORD: password, GRANARY_DATABASE_URL: fresh.url, GRANARY_DATA: folder.path, GRANARY_METRICS_KEEP: '0s', GRANARY_LOG_LEVEL: 'silent' });
  admin = await nats.connect('admin');
  rpc = await auth.rpc({ role: 'auditor' });
  ofPlatform = await auth.rpc({ tenant: '_platform', role: 'auditor' });
});
afterAll(async () => {
  await service.stop();
  await auth.stop();
  await nats.stop();
  await fresh.drop();
  folder.remove();
});

const event = exampleEvent('harvest.requested.v1');

it('logs what is published, and tells it to those who ask', async () => {
  await createPublisher(admin.connection).publish({ subject: publishSubject(event.tenantid, event.type, event.partitionkey), messageId: messageId(event), body: JSON.stringify(event) });
  const { position } = await waitFor(() => rpc.call('audit.events.show', { eventId: event.id }), { what: 'the event in the log' });

  expect(position.epoch).toBe(1);
  expect(await rpc.call('audit.events.search', { types: ['harvest.requested.v1'], tenant: event.tenantid, since: '2020-01-01T00:00:00Z' })).toEqual({ events: [{ position, event }], next: null });
});

it('logs that it opened the log, and tells it to the platform alone', async () => {
  const { events } = await waitFor(
    async () => {
      const page = await ofPlatform.call('audit.events.search', { types: ['audit.log-opened.v1'], order: 'desc' });
      return page.events.length > 0 ? page : null;
    },
    { what: 'the announcement in the log' },
  );

  expect(events[0]?.event).toMatchObject({ tenantid: '_platform', partitionkey: 'event-log', data: { epoch: 1, previousEpoch: null } });
  for (const tenant of [undefined, '_platform']) expect(await rpc.call('audit.events.search', { types: ['audit.log-opened.v1'], ...(tenant && { tenant }) })).toEqual({ events: [], next: null });
  await expect(rpc.call('audit.events.show', { eventId: events[0]?.event.id ?? '' })).rejects.toMatchObject({ code: 'not-found' });
});

it('says how far it is', async () => {
  const status = await waitFor(
    async () => {
      const now = await rpc.call('audit.log.status', {});
      return now.lag === 0 && now.rows === 2 ? now : null;
    },
    { what: 'a complete log' },
  );
  expect(status).toEqual({ first: { epoch: 1, sequence: 1 }, epoch: 1, sequence: 2, streamSequence: 2, lag: 0, rows: 2 });
});

it('gives services the log of all tenants as it stands, and tells them when it has grown', async () => {
  const gateway = await nats.connect('gateway');
  const token = await auth.serviceToken('gateway');
  const reader = createRpcClient({ broker: gateway, token: () => Promise.resolve(token) });
  const grown = Promise.withResolvers<unknown>();
  const unsubscribe = onSignal(gateway, 'audit.log-grown', grown.resolve, service.host.log);
  await gateway.connection.flush();
  const later = { ...event, id: randomUUID(), tenantid: 'acme', partitionkey: 'other' };
  await createPublisher(admin.connection).publish({ subject: publishSubject('acme', event.type, 'other'), messageId: messageId(later), body: JSON.stringify(later) });

  expect(await grown.promise).toEqual({ epoch: 1, sequence: 3 });
  const all = await reader.call('audit.log.read', { after: { epoch: 0, sequence: 0 } });
  expect(all.entries.map(({ tenant, type, key }) => [tenant, type, key]).sort()).toEqual([
    ['_platform', 'audit.log-opened.v1', 'event-log'],
    ['acme', 'harvest.requested.v1', 'other'],
    [event.tenantid, 'harvest.requested.v1', event.partitionkey],
  ]);
  expect(all.entries[2]).toEqual({ position: { epoch: 1, sequence: 3 }, tenant: 'acme', type: event.type, key: 'other', correlationId: event.correlationid, event: later });
  expect((await reader.call('audit.log.read', { after: { epoch: 1, sequence: 0 }, tenant: 'acme', types: [event.type], key: 'other', correlationId: event.correlationid })).entries).toEqual([all.entries[2]]);
  expect(await reader.call('audit.log.read', { after: { epoch: 1, sequence: 1 }, limit: 1 })).toEqual({ entries: [all.entries[1]], next: { epoch: 1, sequence: 2 } });
  unsubscribe();
});

it('shows the events of those repositories only that the caller may see', async () => {
  const [some, none] = await Promise.all([[event.partitionkey], [randomUUID()]].map((repositories) => auth.rpc({ role: 'auditor', repositories })));
  const seenBy = async (client: RpcClient | undefined) => (await client?.call('audit.events.search', {}))?.events.map((found) => found.event.id);
  expect([await seenBy(some), await seenBy(none)]).toEqual([[event.id], []]);
  expect((await some?.call('audit.events.show', { eventId: event.id }))?.event.id).toBe(event.id);
  await expect(none?.call('audit.events.show', { eventId: event.id })).rejects.toMatchObject({ code: 'not-found' });
  await expect(some?.call('audit.log.status', {})).rejects.toMatchObject({ code: 'permission-missing' });
});

it('says so when there is no such event', async () => {
  await expect(rpc.call('audit.events.show', { eventId: 'nothing' })).rejects.toMatchObject({ kind: 'permanent', code: 'not-found', message: expect.stringContaining(`no event 'nothing'`) as string });
});

describe('a search', () => {
  it.each([
    [{ limit: 0 }],
    [{ limit: 501 }],
    [{ types: [] }],
    [{ types: ['Harvest Completed'] }],
    [{ tenant: 'a.b' }],
    [{ key: 'a key' }],
    [{ correlationId: 'a\0b' }],
    [{ since: 'yesterday' }],
    [{ since: '2026-02-30T00:00:00Z' }],
    [{ after: { epoch: -1, sequence: 0 } }],
    [{ before: { epoch: 1, sequence: 1.5 } }],
    [{ order: 'random' }],
  ])('for %j is refused with the reason', async (request) => {
    await expect(rpc.call('audit.events.search', request as never)).rejects.toMatchObject({ kind: 'permanent', code: 'invalid-request', message: expect.stringContaining(Object.keys(request)[0] as string) as string });
  });

  it('takes a leap second for the second after it', async () => {
    const { position } = await rpc.call('audit.events.show', { eventId: event.id });
    const find = async (request: object) => (await rpc.call('audit.events.search', { types: ['harvest.requested.v1'], tenant: event.tenantid, ...request })).events.map((found) => found.position);

    expect(await find({ since: '2016-12-31T23:59:60Z' })).toEqual([position]);
    expect(await find({ until: '2017-01-01T00:59:60.5+01:00' })).toEqual([]);
  });
});

it('shows in health and metrics what it does', async () => {
  const health = await waitFor(
    async () => {
      const answer = await fetch(`${service.url}/health/status`);
      const body = await answer.text();
      return body.includes('writing, complete') ? body : null;
    },
    { what: 'a healthy event log' },
  );
  expect(health).toContain('event-log');

  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  expect(metrics).toMatch(/granary_event_log_rows_total\{service="audit"\} 3/);
  expect(metrics).toMatch(/granary_event_log_writer\{state="writing",service="audit"\} 1/);
  expect(metrics).toMatch(/granary_event_log_conflicts_total\{service="audit"\} 0/);
  expect(metrics).toMatch(/granary_event_log_sequence\{service="audit"\} 3/);
});

describe('a proof', () => {
  it('comes with records that were just logged', async () => {
    const { size, records } = await waitFor(
      async () => {
        const page = await rpc.call('audit.export.read', {});
        return page.records.length > 0 ? page : null;
      },
      { what: 'a checkpoint over them' },
    );
    expect([size > 0, readLeaf(records[0]?.leaf ?? '')]).toEqual([true, expect.objectContaining({ eventId: event.id })]);
  });

  it('holds, of an event that was just logged, and of nobody else than its tenant', async () => {
    const { position, index, leaf, proof } = await waitFor(() => rpc.call('audit.proof.event', { eventId: event.id }), { what: 'a proof' });
    expect(readLeaf(leaf)).toMatchObject({ ...position, tenant: event.tenantid, eventId: event.id, body: JSON.stringify(event) });
    expect(index).toBe(position.sequence - 1);
    const { origin, keys } = await rpc.call('audit.checkpoint-key.list', {});
    const read = parseProof(proof);
    const { checkpoint } = openCheckpoint(read.checkpoint, keys.map(({ key }) => parseVkey(key)));
    expect(verifyInclusion({ index, size: checkpoint.size, leafHash: leafHash(leaf), proof: read.proof, root: checkpoint.root })).toBe(true);
    expect([checkpoint.origin, read.index]).toEqual([origin, index]);

    const stranger = await auth.rpc({ tenant: 'acme', role: 'auditor' });
    await expect(stranger.call('audit.proof.event', { eventId: event.id })).rejects.toMatchObject({ code: 'not-found' });
    await expect(rpc.call('audit.proof.event', { eventId: 'nothing' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('of the beginning of the log goes from one size to another', async () => {
    const { first, second, firstRoot, secondRoot, hashes } = await rpc.call('audit.proof.consistency', { first: 1 });
    const bytes = (text: string) => Buffer.from(text, 'base64');
    expect(verifyConsistency({ first, second, firstRoot: bytes(firstRoot), secondRoot: bytes(secondRoot), proof: hashes.map(bytes) })).toBe(true);
    await expect(rpc.call('audit.proof.consistency', { first: 2, second: 1 })).rejects.toMatchObject({ code: 'proof-impossible' });
    await expect(rpc.call('audit.proof.consistency', { first: 0, second: 1_000_000 })).rejects.toMatchObject({ code: 'proof-impossible', message: expect.stringContaining('and not 1000000 yet') as string });
  });

  it('needs a checkpoint, which is listed and lies in the folder of exports', async () => {
    const { checkpoint } = await rpc.call('audit.checkpoint.latest', {});
    expect(await rpc.call('audit.checkpoint.list', { limit: 1 })).toMatchObject({ checkpoints: [checkpoint], next: null });
    expect(await rpc.call('audit.checkpoint.list', { before: checkpoint?.time ?? '' })).toEqual({ checkpoints: [], next: null });
    await waitFor(async () => (await newestCheckpoint(join(folder.path, 'exports', 'audit'))) === checkpoint?.note, { what: 'the checkpoint outside' });
  });

  it('of a younger event waits for the next checkpoint', async () => {
    const { events } = await waitFor(
      async () => {
        const page = await ofPlatform.call('audit.events.search', { types: ['audit.checkpoint-signed.v1'] });
        return page.events.length > 0 ? page : null;
      },
      { what: 'the announcement of the checkpoint' },
    );
    await expect(ofPlatform.call('audit.proof.event', { eventId: events[0]?.event.id ?? '' })).rejects.toMatchObject({ kind: 'transient', code: 'not-proven-yet', message: expect.stringMatching(/try again in \d+ s/) as string });
  });

  it('is signed with another key once the owner of the platform says so', async () => {
    await expect(rpc.call('audit.checkpoint-key.rotate', {})).rejects.toMatchObject({ code: 'permission-missing' });
    const owner = await auth.rpc({ tenant: '_platform', role: 'owner', sub: v7() });
    const { active, retired } = await owner.call('audit.checkpoint-key.rotate', {});
    const { keys } = await rpc.call('audit.checkpoint-key.list', {});
    expect(keys.map(({ key, state }) => [key, state])).toEqual([[active, 'active'], [retired, 'retired']]);
  });
});

it('keeps in the log what services counted for objectives, and adds it up', async () => {
  const harvester = await nats.connect('harvester');
  const token = await auth.serviceToken('harvester');
  const reporter = createRpcClient({ broker: harvester, token: () => Promise.resolve(token) });
  const tally = { instance: v7(), number: 1, from: '2026-03-02T09:00:00Z', until: '2026-03-02T09:05:00Z', counts: [{ objective: 'polling', good: 118, total: 120 }] };
  // An answer that was lost: the second report counts for nothing, the one behind it does.
  for (const report of [tally, tally, { ...tally, number: 2, from: tally.until, until: '2026-03-02T09:10:00Z', counts: [{ objective: 'polling', good: 10, total: 10 }, { objective: 'freshness', good: 0, total: 1 }] }]) await reporter.call('audit.objective.report', report);

  const shown = await waitFor(
    async () => {
      const answer = await rpc.call('audit.objective.show', { since: '2026-03-01T00:00:00Z' });
      return answer.objectives.some(({ total }) => total === 130) ? answer : null;
    },
    { what: 'the tallies in the log' },
  );
  expect(shown).toEqual({
    first: '2026-03-02T09:00:00.000Z',
    last: '2026-03-02T09:10:00.000Z',
    objectives: [
      { objective: 'freshness', good: 0, total: 1 },
      { objective: 'polling', good: 128, total: 130 },
    ],
  });
  expect(await rpc.call('audit.objective.show', { since: '2026-03-01T00:00:00Z', until: '2026-03-02T00:00:00Z' })).toEqual({ first: null, last: null, objectives: [] });
  const { events } = await ofPlatform.call('audit.events.search', { types: ['objective.tallied.v1'], order: 'desc', limit: 1 });
  expect(events[0]?.event).toMatchObject({ tenantid: '_platform', partitionkey: 'harvester', data: { service: 'harvester', number: 2 } });
  expect(await (await fetch(`${service.url}/metrics`)).text()).toContain('granary_objective_logged_events{objective="polling",result="good",service="audit"} 128\n');
});
