// Foreign events in figures: admitted over HTTP and NATS, beside publishing without admission in the same run. Broker, database,
// auth, audit and gateway as processes of their own; this process plays the clients.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inboxPrefix, publishSubject } from '@granary/contracts';
import { startPlatform } from '@granary/embedded';
import type { Platform, PlatformSettings } from '@granary/embedded';
import { createPublisher, messageId } from '@granary/messaging';
import type { WireEvent } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { waitFor } from '@granary/testing';
import { connect, headers } from '@nats-io/transport-node';
import { v7 as uuidv7 } from 'uuid';
import { perSecond, quantile, repeat } from './figures.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const SERVICES = ['auth', 'audit', 'gateway'];
const TYPE = 'task.completed.v1';
const KEYS = 500;
const IN_FLIGHT = 256;
const HTTP_CLIENTS = 64;
const BATCH = 100;

/** @param quick fewer events and runs, to see that everything works */
export async function benchAdmission(quick: boolean): Promise<object[]> {
  const figures: object[] = [];
  for (const syncAlways of [false, true]) figures.push(await benchStorage(syncAlways, quick));
  return figures;
}

async function benchStorage(syncAlways: boolean, quick: boolean): Promise<object> {
  const dataDir = mkdtempSync(join(tmpdir(), 'granary-'));
  const log = createLogger({ service: 'bench', level: 'error' });
  const services: PlatformSettings['services'] = SERVICES.map((name) => ({ name, entry: join(ROOT, 'services', name, 'dist', 'main.js') }));
  const platform = await startPlatform({ dataDir, env: { ...process.env, GRANARY_GATEWAY_RATE: '0', GRANARY_GATEWAY_PUBLIC_RATE: '0', GRANARY_LOG_LEVEL: 'warn' }, services, syncAlways, log });
  const runs = quick ? 1 : 3;
  const count = (n: number) => (quick ? Math.round(n / 10) : n);
  try {
    const clients = await openClients(platform, dataDir);
    const measure = async (total: number, work: (total: number) => Promise<number>) => {
      await work(Math.round(total / 5));
      return repeat(runs, () => work(total));
    };
    const direct = await measure(count(20_000), clients.direct);
    const directBatch = await measure(count(40_000), clients.directBatch);
    const nats = await measure(count(20_000), clients.nats);
    const httpBatch = await measure(count(20_000), clients.httpBatch);
    const httpSingle = await measure(count(5_000), clients.httpSingle);
    const latency = { nats: await clients.latency('nats', count(1_000)), http: await clients.latency('http', count(1_000)) };
    await clients.close();
    return {
      storage: syncAlways ? 'sync always' : 'plain',
      'bytes of a stored event': clients.bytes,
      [`published directly, ${IN_FLIGHT} at once /s`]: direct,
      'published directly, atomic batches of 500 /s': directBatch,
      [`admitted over NATS, ${IN_FLIGHT} at once /s`]: nats,
      [`admitted over HTTP, batches of ${BATCH}, 8 at once /s`]: httpBatch,
      [`admitted over HTTP, single, ${HTTP_CLIENTS} at once /s`]: httpSingle,
      'one after the other, ms': latency,
    };
  } finally {
    await platform.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function openClients(platform: Platform, dataDir: string) {
  const { nats, auth, publishers = [], services } = platform.describe();
  const [me] = publishers;
  const gatewayUrl = services['gateway']?.url;
  if (me === undefined || auth === undefined || gatewayUrl === undefined) throw new Error('the platform does not say how to reach it');
  const passwords = (JSON.parse(readFileSync(join(dataDir, 'credentials.json'), 'utf8')) as { nats: Record<string, string> }).nats;
  // Nobody but the gateway may publish these types.
  const insider = await connect({ servers: nats.url, user: 'gateway', pass: passwords['gateway'] ?? '', inboxPrefix: `${inboxPrefix('gateway')}.bench`, noAsyncTraces: true });
  const outsider = await connect({ servers: nats.url, user: me.user, pass: me.password, inboxPrefix: me.inboxPrefix, noAsyncTraces: true });
  const publisher = createPublisher(insider, 30_000);
  const agent = new Agent({ keepAlive: true, maxSockets: HTTP_CLIENTS });
  const url = new URL('/v1/events', gatewayUrl);
  const post = (type: string, body: string) => postBody({ url, agent, headers: { 'content-type': type, authorization: `Bearer ${auth.key}` }, body });

  const request = async (i: number) => {
    const hdrs = headers();
    for (const [name, value] of Object.entries({ specversion: '1.0', id: uuidv7(), source: 'urn:agents:publisher', type: TYPE, partitionkey: key(i) })) hdrs.set(`ce-${name}`, value);
    expectAdmitted(await (await outsider.request(me.subject, JSON.stringify(dataOf(i)), { headers: hdrs, timeout: 30_000 })).json<object>());
  };
  const postOne = async (i: number) => expectAdmitted(await post('application/cloudevents+json', JSON.stringify(foreign(i))));
  // A gateway is ready before auth is, and knows nobody until then.
  await waitFor(() => postOne(0).then(() => true), { what: 'the gateway to know its clients' });

  return {
    bytes: wireEvent(0).body.length,
    direct: (total: number) => timed(total, IN_FLIGHT, async (i) => void (await publisher.publish(wireEvent(i)))),
    directBatch: (total: number) => timed(total, 1, async (i) => void (await publisher.publishBatch(Array.from({ length: 500 }, (_, j) => wireEvent(i + j)))), 500),
    nats: (total: number) => timed(total, IN_FLIGHT, request),
    httpBatch: (total: number) => timed(total, 8, async (i) => expectAdmitted(await post('application/cloudevents-batch+json', JSON.stringify(Array.from({ length: BATCH }, (_, j) => foreign(i + j))))), BATCH),
    httpSingle: (total: number) => timed(total, HTTP_CLIENTS, postOne),
    async latency(entrance: 'nats' | 'http', total: number) {
      const took: number[] = [];
      for (let i = 0; i < total; i += 1) {
        const begun = performance.now();
        await (entrance === 'nats' ? request(i) : postOne(i));
        took.push(performance.now() - begun);
      }
      return { p50: Number(quantile(took, 0.5).toFixed(2)), p99: Number(quantile(took, 0.99).toFixed(2)) };
    },
    async close() {
      agent.destroy();
      await Promise.all([insider.close(), outsider.close()]);
    },
  };
}

/** Events a second, when `atOnce` clients work through all of them, each taking `step` at a time. */
async function timed(total: number, atOnce: number, work: (i: number) => Promise<void>, step = 1): Promise<number> {
  const begun = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < total) {
        const i = next;
        next += step;
        await work(i);
      }
    }),
  );
  return perSecond(next, begun);
}

const key = (i: number) => `key-${i % KEYS}`;
const dataOf = (i: number) => ({ taskId: `task-${i}`, durationMs: 1_200, summary: 'It went well. '.repeat(18) });
const foreign = (i: number) => ({ specversion: '1.0', id: uuidv7(), source: 'urn:agents:local-operator', type: TYPE, partitionkey: key(i), data: dataOf(i) });

function wireEvent(i: number): WireEvent {
  const { id, source, data } = foreign(i);
  const event = { specversion: '1.0', id, source, type: TYPE, time: new Date().toISOString(), datacontenttype: 'application/json', dataschema: 'granary:event/task/completed/1.0.0', tenantid: 'default', correlationid: id, partitionkey: key(i), data };
  return { subject: publishSubject('default', TYPE, key(i)), messageId: messageId(event), body: JSON.stringify(event) };
}

/** Fails when what was answered, one answer or many, is not that everything was stored. */
function expectAdmitted(answer: object): void {
  const refused = [answer].flat().find((one) => (one as { state?: string }).state !== 'admitted');
  if (refused !== undefined) throw new Error(`an event was refused: ${JSON.stringify(refused)}`);
}

function postBody({ url, agent, headers: hdrs, body }: { url: URL; agent: Agent; headers: Record<string, string>; body: string }): Promise<object> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method: 'POST', agent, headers: { ...hdrs, 'content-length': Buffer.byteLength(body) } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()) as object));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
