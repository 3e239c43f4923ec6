import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { createEventSender, createOutputValidator } from '@granary/client';
import { STREAM } from '@granary/contracts';
import type { HostedService } from '@granary/service-host';
import { exampleEvent, waitFor, type TestNats } from '@granary/testing';
import { CloudEvent, HTTP, type Message } from 'cloudevents';
import { v7 as uuidv7 } from 'uuid';
import { startWorld, type World } from '../../test/world';
import type { AnswerBody } from './answer';

const PUBLISHERS = [
  { tenant: 'acme', name: 'ci' },
  { tenant: 'acme', name: 'other' },
  { tenant: 'rival', name: 'ci' },
];

const UNLIMITED = { GRANARY_GATEWAY_PUBLIC_RATE: '0', GRANARY_GATEWAY_RATE: '0' };

let world: World;
let nats: TestNats;
let hosted: HostedService;
let token: string;
let stream: JetStreamManager;
let granary: NatsConnection;
const open: NatsConnection[] = [];

beforeAll(async () => {
  world = await startWorld({ publishers: PUBLISHERS });
  nats = world.nats;
  hosted = await world.host(UNLIMITED);
  token = await world.token({ role: 'publisher', kind: 'service-account', name: 'ci' });
  granary = (await nats.connect('admin')).connection;
  stream = await jetstreamManager(granary, { checkAPI: false });
});
afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close()));
  await world.stop();
});

async function publisher(tenant = 'acme', name = 'ci') {
  const account = nats.publisher(tenant, name);
  const connection = await connect({ servers: nats.url, user: account.user, pass: account.password, inboxPrefix: account.inboxPrefix, reconnect: false });
  open.push(connection);
  return { connection, account };
}

const encode = (value: string) => value.replaceAll(/[^!#-$&-~]/gu, (char) => encodeURIComponent(char).replace(/^[^%].*/, (plain) => `%${plain.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`));

/** An event in binary mode: headers and body. */
function binary(attributes: Readonly<Record<string, string>> = {}, data: object = { taskId: 'task-1', attempt: 1 }) {
  const hdrs = headers();
  for (const [name, value] of Object.entries({ specversion: '1.0', id: uuidv7(), source: 'urn:agents:ci', type: 'task.started.v1', ...attributes })) hdrs.append(`ce-${name}`, encode(value));
  hdrs.set('Content-Type', 'application/json');
  return { headers: hdrs, body: JSON.stringify(data) };
}

const answer = (message: Msg) => message.json<AnswerBody>();
const count = async () => (await stream.streams.info(STREAM)).state.messages;
async function stored(sequence: number) {
  const message = await stream.streams.getMessage(STREAM, { seq: sequence });
  if (message === null) throw new Error(`nothing is stored at ${sequence}`);
  return { subject: message.subject, headers: Object.fromEntries([...message.header.keys()].map((name) => [name, message.header.values(name)])), event: message.json<Record<string, unknown>>() };
}

/** What a publication was answered; events that the publisher was refused arrive as errors of its connection. */
async function refusalOf(connection: NatsConnection, attempt: () => void): Promise<string> {
  const refused = (async () => {
    for await (const status of connection.status()) if (status.type === 'error') return status.error.message;
    return 'closed';
  })();
  attempt();
  await connection.flush();
  return refused;
}

describe('a program that knows CloudEvents and nothing of Granary, over HTTP', () => {
  const post = (message: Pick<Message, 'headers' | 'body'>, authorization = `Bearer ${token}`) =>
    fetch(`${hosted.url}/v1/events`, { method: 'POST', headers: { ...(message.headers as Record<string, string>), authorization }, body: message.body as string });
  const started = (fields: object = {}) => new CloudEvent({ type: 'task.started.v1', source: 'urn:agents:ci', data: { taskId: 'task-1', attempt: 1 }, ...fields });
  const posted = async (message: Pick<Message, 'headers' | 'body'>) => {
    const response = await post(message);
    const body = (await response.json()) as AnswerBody & { errors?: object[] };
    return { status: response.status, location: response.headers.get('location'), body };
  };
  const sequenceOf = (body: AnswerBody) => (body.state === 'admitted' ? body.sequence : 0);

  it.each(['structured', 'binary'] as const)('hands in an event in %s mode', async (mode) => {
    const sent = started({ id: `${mode}-4711`, subject: 'Euro € 😀', partitionkey: 'task-1', time: '2026-03-02T09:14:02.117Z' });
    const message = mode === 'binary' ? HTTP.binary(sent) : HTTP.structured(sent);
    // The package leaves it to its users to encode what is not ASCII.
    if (mode === 'binary') message.headers['ce-subject'] = encodeURIComponent('Euro € 😀');
    const { status, location, body } = await posted(message);
    expect({ status, body }).toEqual({ status: 202, body: { state: 'admitted', id: expect.any(String) as string, sequence: expect.any(Number) as number, duplicate: false } });
    const kept = await stored(sequenceOf(body));
    expect(location).toBe(`/v1/events/${String(kept.event['id'])}`);
    expect(kept.headers).toEqual({ 'Nats-Msg-Id': [`acme:urn:agents:ci:${mode}-4711`], 'Content-Type': ['application/cloudevents+json'] });
    expect(kept.event).toMatchObject({
      foreignid: `${mode}-4711`,
      source: 'urn:agents:ci',
      tenantid: 'acme',
      subject: 'Euro € 😀',
      time: '2026-03-02T09:14:02.117Z',
      traceparent: expect.stringMatching(/^00-/) as string,
      data: { taskId: 'task-1', attempt: 1 },
    });
    expect(await posted(message)).toEqual({ status: 202, location, body: { ...body, duplicate: true } });
  });

  it('hands in a batch, and learns of each event what became of it', async () => {
    const before = await count();
    const events = [started(), started({ data: { taskId: 7 } }), started({ source: 'granary/harvester' }), started({ type: 'worker.started.v1', data: exampleEvent('worker.started.v1').data })];
    const batch = { headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(events) };
    expect(await posted(batch)).toMatchObject({
      status: 207,
      body: [
        { state: 'admitted', sequence: before + 1 },
        { state: 'refused', kind: 'permanent', code: 'data-invalid', pointer: '/data/attempt' },
        { state: 'refused', kind: 'permanent', code: 'source-differs', pointer: '/source' },
        { state: 'admitted', sequence: before + 2 },
      ],
    });
    expect(await count()).toBe(before + 2);
    expect(await posted({ ...batch, body: '[]' })).toMatchObject({ status: 202, body: [] });
    const full = Array.from({ length: 500 }, () => started());
    const { status, body } = await posted({ ...batch, body: JSON.stringify(full) });
    expect([status, (body as unknown as AnswerBody[]).map(sequenceOf)]).toEqual([202, full.map((_, i) => before + 3 + i)]);
  });

  it('hands in a batch with repeats in it: each is recognised, and everything else is stored in its order', async () => {
    const before = await count();
    const send = async (ids: readonly string[]) => {
      const events = ids.map((id) => started({ id, time: '2026-03-02T09:14:02Z' }));
      return (await posted({ headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(events) })).body as unknown as { sequence: number; duplicate: boolean }[];
    };
    const ids = Array.from({ length: 100 }, (_, i) => `repeat-${i}`);
    await send(ids.slice(40, 42));
    const answers = await send([...ids, 'repeat-7']);
    expect(answers.flatMap(({ duplicate }, i) => (duplicate ? [i] : []))).toEqual([40, 41, 100]);
    expect(answers[100]?.sequence).toBe(answers[7]?.sequence);
    expect(await count()).toBe(before + 100);
    const places = answers.filter(({ duplicate }) => !duplicate).map(({ sequence }) => sequence);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it.each<[string, () => Pick<Message, 'headers' | 'body'>, number, object]>([
    ['data against the contract', () => HTTP.structured(started({ data: { taskId: 't', attempt: 1, admin: true } })), 422, { code: 'data-invalid', errors: [{ in: 'body', pointer: '/data/admin' }] }],
    ['a header that says too much', () => HTTP.binary(started({ tenantid: 'rival' })), 403, { code: 'tenant-differs', errors: [{ in: 'header', pointer: '/tenantid' }] }],
    ['an event of a service', () => HTTP.binary(started({ type: 'harvest.completed.v1' })), 403, { code: 'type-not-admitted' }],
    ['no JSON', () => ({ headers: { 'content-type': 'application/cloudevents+json' }, body: '{' }), 400, { code: 'malformed-event' }],
    ['no event at all', () => ({ headers: { 'content-type': 'application/json' }, body: '{}' }), 422, { code: 'envelope-invalid', errors: [{ in: 'header', pointer: '/specversion' }] }],
    ['data that are no JSON', () => ({ ...HTTP.binary(started()), headers: { ...HTTP.binary(started()).headers, 'content-type': 'text/plain' } }), 415, { code: 'unsupported-format' }],
    ['more than an event may have', () => HTTP.structured(started({ data: { taskId: 'x'.repeat(100_000), attempt: 1 } })), 413, { code: 'event-too-large' }],
    ['more than a request may have', () => ({ headers: { 'content-type': 'application/cloudevents-batch+json' }, body: `[${' '.repeat(1_100_000)}]` }), 413, { code: 'body-too-large' }],
  ])('is refused with %s, which is stored nowhere', async (_, message, status, problem) => {
    const before = await count();
    const response = await post(message());
    expect([response.status, response.headers.get('content-type')?.split(';')[0]]).toEqual([status, 'application/problem+json']);
    expect(await response.json()).toMatchObject(problem);
    expect(await count()).toBe(before);
  });

  it('is refused without the permission, which a narrowed key or a grant on one repository does not give', async () => {
    const code = async (bearer: string) => ((await (await post(HTTP.binary(started()), bearer)).json()) as { code: string }).code;
    const before = await count();
    expect(await code('')).toBe('token-missing');
    expect(await code(`Bearer ${await world.token({ role: 'reader', name: 'ci' })}`)).toBe('permission-missing');
    expect(await code(`Bearer ${await world.token({ role: 'owner', name: 'ci', scope: ['event:read'] })}`)).toBe('permission-missing');
    expect(await code(`Bearer ${await world.token({ name: 'ci', grants: [{ role: 'publisher', repositories: ['01976c2e-8a00-7b3c-9d4e-5f60718293a4'] }] })}`)).toBe('permission-missing');
    expect(await code(`Bearer ${await world.token({ role: 'publisher', name: 'other' })}`)).toBe('source-differs');
    expect(await count()).toBe(before);
  });

  it('cannot smuggle by headers either', async () => {
    const { body } = await posted({ ...HTTP.binary(started({ id: 'by-http' })), headers: { ...HTTP.binary(started({ id: 'by-http' })).headers, 'nats-msg-id': 'rival:x', 'nats-rollup': 'all', 'granary-tenant': 'rival' } });
    expect(await stored(sequenceOf(body))).toMatchObject({ headers: { 'Nats-Msg-Id': ['acme:urn:agents:ci:by-http'], 'Content-Type': ['application/cloudevents+json'] }, event: { tenantid: 'acme' } });
  });
});

describe('a publisher of the account TENANTS', () => {
  it('hands in an event in binary mode and learns its place', async () => {
    const { connection, account } = await publisher();
    const { headers: hdrs, body } = binary({ id: 'build-4711', subject: 'Euro € "q" 100%', partitionkey: 'task-1' });
    const reply = answer(await connection.request(account.subject, body, { headers: hdrs, timeout: 5_000 }));
    if (reply.state !== 'admitted') throw new Error(reply.message);
    expect(reply).toEqual({ state: 'admitted', id: expect.any(String) as string, sequence: expect.any(Number) as number, duplicate: false });

    const kept = await stored(reply.sequence);
    expect(kept.subject).toMatch(/^ev\.\d+\.acme\.task\.started\.v1$/);
    expect(kept.headers).toEqual({ 'Nats-Msg-Id': ['acme:urn:agents:ci:build-4711'], 'Content-Type': ['application/cloudevents+json'] });
    expect(kept.event).toMatchObject({ id: reply.id, foreignid: 'build-4711', source: 'urn:agents:ci', tenantid: 'acme', subject: 'Euro € "q" 100%', data: { taskId: 'task-1', attempt: 1 } });

    const again = answer(await connection.request(account.subject, body, { headers: hdrs, timeout: 5_000 }));
    // Its id was made from the moment at which the first one came, which nobody remembers.
    expect(again).toEqual({ state: 'admitted', sequence: reply.sequence, duplicate: true });
  });

  it('hands in an event in structured mode', async () => {
    const { connection, account } = await publisher('rival');
    const hdrs = headers();
    hdrs.set('content-type', 'APPLICATION/CLOUDEVENTS+JSON');
    const event = { specversion: '1.0', id: uuidv7(), source: 'urn:agents:ci/a', type: 'worker.started.v1', data: { workerId: 'w-1' } };
    const reply = answer(await connection.request(account.subject, JSON.stringify(event), { headers: hdrs, timeout: 5_000 }));
    if (reply.state !== 'admitted') throw new Error(reply.message);
    expect((await stored(reply.sequence)).event).toMatchObject({ ...event, tenantid: 'rival' });
  });

  it('may hand in an event without waiting for an answer', async () => {
    const { connection, account } = await publisher();
    const before = await count();
    const { headers: hdrs, body } = binary();
    connection.publish(account.subject, body, { headers: hdrs });
    await connection.flush();
    await waitFor(async () => (await count()) === before + 1, { what: 'the event in the stream' });
  });

  it('learns why an event is refused, which is stored nowhere and counted', async () => {
    const { connection, account } = await publisher();
    const before = await count();
    const ask = async ({ headers: hdrs, body }: ReturnType<typeof binary>) => {
      const message = await connection.request(account.subject, body, { headers: hdrs, timeout: 5_000 });
      return { fault: message.headers?.get('Granary-Fault'), ...answer(message) };
    };
    expect(await ask(binary({}, { taskId: 'task-1', attempt: 'one' }))).toEqual({
      fault: 'data-invalid',
      state: 'refused',
      kind: 'permanent',
      code: 'data-invalid',
      message: 'data.attempt must be integer',
      pointer: '/data/attempt',
    });
    expect(await ask(binary({ source: 'urn:agents:other' }))).toMatchObject({ fault: 'source-differs' });
    expect(await ask(binary({ tenantid: 'rival' }))).toMatchObject({ fault: 'tenant-differs' });
    expect(await ask(binary({ type: 'graph.normalized.v1' }))).toMatchObject({ fault: 'type-not-admitted' });
    const batch = binary();
    batch.headers.set('Content-Type', 'application/cloudevents-batch+json');
    expect(await ask(batch)).toMatchObject({ fault: 'unsupported-format', pointer: '' });
    const large = binary({}, { taskId: 't', attempt: 1, context: { workspaceId: 'x'.repeat(100_000) } });
    expect(await ask(large)).toMatchObject({ fault: 'event-too-large' });
    expect(await count()).toBe(before);

    const page = await (await fetch(`${hosted.url}/metrics`)).text();
    expect(page).toMatch(/^granary_admission_total\{entrance="nats",outcome="data-invalid",service="gateway"\} 1$/m);
    expect(page).toMatch(/^granary_admission_total\{entrance="nats",outcome="stream-refused",service="gateway"\} 0$/m);
    expect(page).toMatch(/^granary_admission_waiting\{service="gateway"\} 0$/m);
  });
});

describe('smuggling', () => {
  const CONTROL = {
    'Nats-Msg-Id': 'rival:urn:agents:ci:taken',
    'Nats-Expected-Stream': 'OTHER',
    'Nats-Expected-Last-Sequence': '999',
    'Nats-Expected-Last-Subject-Sequence': '999',
    'Nats-Expected-Last-Msg-Id': 'none',
    'Nats-TTL': '1s',
    'Nats-Rollup': 'all',
    'Nats-Marker-Reason': 'Purge',
    'Nats-Schedule': '@every 1s',
    'Nats-Schedule-Target': 'in.rival.task.started.v1.k',
    'Nats-Schedule-TTL': '1s',
    'Nats-Batch-Id': 'b1',
    'Nats-Batch-Sequence': '1',
    'Nats-Batch-Commit': '1',
    'Nats-Incr': '7',
    'Nats-Required-Api-Level': '99',
    'Granary-Tenant': 'rival',
    traceparent: 'x',
  };

  it.each(Object.keys(CONTROL) as (keyof typeof CONTROL)[])('by the header %s has no effect: the event is stored as any other', async (name) => {
    const { connection, account } = await publisher();
    const before = await count();
    const { headers: hdrs, body } = binary({ id: `with-${name}` });
    hdrs.set(name, CONTROL[name]);
    const reply = answer(await connection.request(account.subject, body, { headers: hdrs, timeout: 5_000 }));
    expect(reply).toMatchObject({ state: 'admitted', sequence: before + 1, duplicate: false });
    expect(await stored(before + 1)).toMatchObject({ headers: { 'Nats-Msg-Id': [`acme:urn:agents:ci:with-${name}`], 'Content-Type': ['application/cloudevents+json'] }, event: { tenantid: 'acme' } });
    expect(Object.keys((await stored(before + 1)).headers)).toHaveLength(2);
    expect(await count()).toBe(before + 1);
  });

  it('by all of these headers at once has none either, and the id that was named is still free', async () => {
    const { connection, account } = await publisher();
    const { headers: hdrs, body } = binary();
    for (const [name, value] of Object.entries(CONTROL)) hdrs.set(name, value);
    expect(answer(await connection.request(account.subject, body, { headers: hdrs, timeout: 5_000 }))).toMatchObject({ state: 'admitted' });
    const victim = await publisher('rival');
    const { headers: own, body: data } = binary({ id: 'taken' });
    expect(answer(await victim.connection.request(victim.account.subject, data, { headers: own, timeout: 5_000 }))).toMatchObject({ state: 'admitted', duplicate: false });
  });

  it.each([
    'in.acme.task.started.v1.smuggled',
    'in.rival.harvest.completed.v1.smuggled',
    'ev.1.acme.task.started.v1',
    '$JS.API.STREAM.DELETE.EVENTS',
    '$JS.API.STREAM.PURGE.EVENTS',
    'rpc.harvester.repository.remove',
    'ingest.rival.ci',
    '_INBOX_operator.x',
  ])('by naming %s as reply has no effect: whatever the answer is, it stays in the account TENANTS', async (reply) => {
    const { connection, account } = await publisher();
    const before = await count();
    const seen: string[] = [];
    const watch = granary.subscribe('>', { callback: (_, { subject }) => void seen.push(subject) });
    await granary.flush();
    // One that is admitted and one that is refused.
    for (const { headers: hdrs, body } of [binary(), binary({}, { taskId: 7 })]) connection.publish(account.subject, body, { headers: hdrs, reply });
    await connection.flush();
    await waitFor(async () => seen.filter((subject) => subject.startsWith('_R_.')).length >= 2 || null, { what: 'both answers' });
    watch.unsubscribe();
    expect(await count()).toBe(before + 1);
    const { first_seq, num_deleted = 0 } = (await stream.streams.info(STREAM)).state;
    expect({ first_seq, num_deleted }).toEqual({ first_seq: 1, num_deleted: 0 });
    expect(seen).not.toContain(reply);
  });

  it('by asking for a trace of the message is refused, with the event', async () => {
    const { connection, account } = await publisher();
    const before = await count();
    const { headers: hdrs, body } = binary();
    hdrs.set('Nats-Trace-Dest', 'in.acme.task.started.v1.traced');
    expect(await refusalOf(connection, () => connection.publish(account.subject, body, { headers: hdrs }))).toContain('Permissions Violation for Publish to "in.acme.task.started.v1.traced"');
    expect(await count()).toBe(before);
  });

  it.each(['$JS.ACK.EVENTS.audit-log.1.1.1.1.0', '_R_.x.y', '_GR_.x.y'])('by naming %s as reply is refused, with the event', async (reply) => {
    const { connection, account } = await publisher();
    const before = await count();
    const { headers: hdrs, body } = binary();
    expect(await refusalOf(connection, () => connection.publish(account.subject, body, { headers: hdrs, reply }))).toContain(`Permissions Violation for Publish with Reply of "${reply}"`);
    expect(await count()).toBe(before);
  });

  it.each([
    'in.acme.task.started.v1.k',
    'in.>',
    'ingest.acme.other',
    'ingest.acme.ci.more',
    'ingest.rival.ci',
    'ingest.acme',
    'ev.1.acme.task.started.v1',
    'rpc.auth.trust.read',
    '$JS.API.INFO',
    '$JS.API.STREAM.INFO.EVENTS',
    '$JS.API.STREAM.MSG.GET.EVENTS',
    '$JS.API.CONSUMER.MSG.NEXT.EVENTS.audit-log',
    '$SYS.REQ.SERVER.PING',
    '_INBOX_TENANTS.acme.other.x',
    '_R_.x.y',
  ])('by publishing to %s directly is refused', async (subject) => {
    const { connection } = await publisher();
    const before = await count();
    expect(await refusalOf(connection, () => connection.publish(subject, binary().body, { headers: binary().headers }))).toContain(`Permissions Violation for Publish to "${subject}"`);
    expect(await count()).toBe(before);
  });

  it.each(['_INBOX.>', '_INBOX_TENANTS.>', '_INBOX_TENANTS.acme.other.>', '_INBOX_TENANTS.rival.ci.>', '_INBOX_gateway.>', '_R_.>', 'ingest.acme.ci', 'ingest.>', 'ev.>', 'in.>', '$SYS.>', '>'])('by listening to %s is refused', async (subject) => {
    const { connection } = await publisher();
    const refused = new Promise((resolve) => connection.subscribe(subject, { callback: (error) => resolve(error?.message) }));
    expect(await refused).toContain(`Permissions Violation for Subscription to "${subject}"`);
  });

  it('by answering in the place of the gateway is refused', async () => {
    const { connection } = await publisher();
    const refused = new Promise((resolve) => connection.subscribe('ingest.acme.ci', { queue: 'gateway', callback: (error) => resolve(error?.message) }));
    expect(await refused).toContain('Permissions Violation for Subscription to "ingest.acme.ci" using queue "gateway"');
  });

  it('by the password of another publisher does not connect', async () => {
    await expect(connect({ servers: nats.url, user: 'acme.ci', pass: nats.publisher('acme', 'other').password, reconnect: false })).rejects.toThrow(/authorization/i);
    await expect(connect({ servers: nats.url, user: 'ci', pass: 'acme.ci', reconnect: false })).rejects.toThrow(/authorization/i);
  });
});

it('two gateways share what is handed in, and one that stops answers what it has', async () => {
  const second = await world.host(UNLIMITED);
  const { connection, account } = await publisher();
  const before = await count();
  const requests = Array.from({ length: 300 }, (_, i) => {
    const { headers: hdrs, body } = binary({ partitionkey: `k-${i}` });
    return connection.request(account.subject, body, { headers: hdrs, timeout: 10_000 }).then(answer);
  });
  await connection.flush();
  await second.stop();
  const answers = await Promise.all(requests);
  expect(answers.filter(({ state }) => state === 'admitted')).toHaveLength(300);
  expect(new Set(answers.map((one) => (one.state === 'admitted' ? one.sequence : 0))).size).toBe(300);
  expect(await count()).toBe(before + 300);
});

it('takes what a validator of the client library records about an answer of a model', async () => {
  const sender = createEventSender({ url: `${hosted.url}/v1`, key: token, source: 'urn:agents:ci', newId: uuidv7, now: () => new Date() });
  const places: number[] = [];
  const record: Parameters<typeof createOutputValidator>[0]['record'] = async (data) => void places.push((await sender.send({ type: 'ai.output-rejected.v1', data, key: 'task-1' })).sequence);
  const validate = createOutputValidator({ rules: { schema: { type: 'object' } }, instead: 'retried', record });

  expect(await validate({ text: 'Sure! Here it is.', invocationId: 'call-1', provider: 'acme', model: 'large-1' })).toMatchObject({ state: 'rejected' });
  expect((await stored(places[0] ?? 0)).event).toMatchObject({ type: 'ai.output-rejected.v1', tenantid: 'acme', source: 'urn:agents:ci', partitionkey: 'task-1', data: { invocationId: 'call-1', reasons: [{ check: 'schema', code: 'not-json' }], action: 'retried' } });
});
