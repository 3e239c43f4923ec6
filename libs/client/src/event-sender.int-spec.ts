import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventExamples, type AiOutputRejectedV1Data, type Envelope } from '@granary/contracts';
import { createEventSender } from './event-sender.client';

const { data } = eventExamples['ai.output-rejected.v1'] as Envelope<'ai.output-rejected.v1', AiOutputRejectedV1Data>;
const answers: [status: number, body: string][] = [];
const asked: { url: string | undefined; headers: Record<string, unknown>; body: Record<string, unknown> }[] = [];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      asked.push({ url: request.url, headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown> });
      const [status, body] = answers.shift() ?? [202, '{"state":"admitted","id":"a","sequence":21,"duplicate":false}'];
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
});
beforeEach(() => void (asked.length = answers.length = 0));
afterAll(() => void server.close());

const sender = (changes: object = {}) => createEventSender({ url, key: 'gran_key', source: 'urn:agents:review-team', newId: () => 'id-1', now: () => new Date('2026-03-02T09:14:02Z'), attempts: 2, ...changes });
const send = (changes?: object) => sender(changes).send({ type: 'ai.output-rejected.v1', data, key: 'task-1', correlationId: 'correlation-1' });

it('hands in an event as the gateway takes it', async () => {
  expect(await send()).toEqual({ id: 'a', sequence: 21, duplicate: false });
  expect(asked).toMatchObject([{ url: '/v1/events', headers: { authorization: 'Bearer gran_key', 'content-type': 'application/cloudevents+json' }, body: { specversion: '1.0', id: 'id-1', source: 'urn:agents:review-team', type: 'ai.output-rejected.v1', time: '2026-03-02T09:14:02.000Z', partitionkey: 'task-1', correlationid: 'correlation-1', data } }]);
});

it('sends the same event again when it may not have arrived', async () => {
  answers.push([503, '{"code":"admission-busy","detail":"later"}'], [202, '{"id":"a","sequence":21,"duplicate":true}']);
  expect(await send()).toMatchObject({ duplicate: true });
  expect(asked.map(({ body }) => body['id'])).toEqual(['id-1', 'id-1']);
});

it.each<[[number, string], object, number]>([
  [[422, '{"code":"data-invalid","detail":"data.reasons is missing"}'], { kind: 'permanent', code: 'data-invalid', message: 'data.reasons is missing' }, 1],
  [[429, '{"code":"too-many-requests","detail":"slower"}'], { kind: 'transient', code: 'too-many-requests' }, 2],
  [[500, '{}'], { kind: 'transient', code: 'event-refused', message: 'the gateway answered 500' }, 2],
  [[502, '<html>'], { kind: 'transient', code: 'gateway-unreachable' }, 2],
])('says why when it is not admitted: %j', async (answer, fault, attempts) => {
  answers.push(answer, answer);
  await expect(send()).rejects.toMatchObject(fault);
  expect(asked).toHaveLength(attempts);
});

it('says when nobody is there', async () => {
  await expect(send({ url: 'http://127.0.0.1:1/v1', attempts: 1 })).rejects.toMatchObject({ kind: 'transient', code: 'gateway-unreachable' });
});
