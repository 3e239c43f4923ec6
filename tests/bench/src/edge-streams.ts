// Open event streams in figures: memory and processor of the gateway, and how long an event takes from the log to its clients.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { ClientRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { accessDocuments, publishSubject } from '@granary/contracts';
import type { AccessDocument } from '@granary/contracts';
import { createPublisher, messageId, onSignal } from '@granary/messaging';
import { exampleEvent, waitFor } from '@granary/testing';
import { v7 } from 'uuid';
import { startServers } from '../../support/servers.ts';
import type { Servers } from '../../support/servers.ts';
import { firstCredentials, serviceProcess } from '../../support/services.ts';
import type { FirstCredentials, ServiceProcess } from '../../support/services.ts';
import { quantile } from './figures.ts';

const SERVICES = fileURLToPath(new URL('../../../services', import.meta.url));
const STREAMS = 500;
const TICK_MS = 20;
/** Hears from the log when it has grown, as the gateway does: an event is committed by then. */
const OBSERVER: AccessDocument = { identity: 'observer', produces: [], consumes: [], serves: [], calls: [], heeds: ['audit.log-grown'] };

interface Load {
  /** Events of the tenant in a second. */
  readonly rate: number;
  /** Among so many keys; each stream asks for one of them, or for everything. */
  readonly keys: number;
  readonly filtered: boolean;
  readonly seconds: number;
}

export async function benchStreams(quick: boolean): Promise<Record<string, unknown>> {
  const first = firstCredentials();
  const access = Object.fromEntries([...['audit', 'auth', 'gateway', 'harvester'].map((name) => accessDocuments[name] as AccessDocument), OBSERVER].map((document) => [document.identity, document]));
  const servers = await startServers({ access });
  const make = (name: string, settings = {}) => serviceProcess({ servers, folder: SERVICES, name, first, settings });
  const services = await Promise.all([make('audit'), make('auth'), make('gateway', { GRANARY_GATEWAY_STREAMS_EACH: String(STREAMS), GRANARY_GATEWAY_RATE: '0' })]);
  const gateway = services[2] as ServiceProcess;
  try {
    await Promise.all(services.map((service) => service.start()));
    const bench = await openBench(servers, gateway, first);
    const seconds = quick ? 3 : 20;
    const alone = memoryOf(gateway);
    const loads: Load[] = [
      { rate: 20, keys: 1, filtered: false, seconds },
      { rate: 100, keys: 1, filtered: false, seconds },
      { rate: 1_000, keys: 100, filtered: true, seconds },
    ];
    const figures = [];
    for (const load of loads) figures.push(await bench.measure(load));
    const resumed = await bench.resume(quick ? 200 : 2_000);
    await bench.close();
    return { 'streams of one gateway': STREAMS, 'gateway without streams, MB': alone, 'while events come': figures, resuming: resumed };
  } finally {
    await Promise.all(services.map((service) => service.end()));
    await servers.stop();
  }
}

async function openBench(servers: Servers, gateway: ServiceProcess, first: FirstCredentials) {
  const [producer, observer] = await Promise.all([servers.connect('harvester'), servers.connect('observer')]);
  const publisher = createPublisher(producer.connection);
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  /** When it was known that the log had everything up to a sequence; the stream of a run is new, so there is one epoch. */
  const commits: { upTo: number; at: number }[] = [];
  onSignal(observer, 'audit.log-grown', (body) => commits.push({ upTo: (body as { sequence: number }).sequence, at: performance.now() }), servers.log);
  await observer.connection.flush();

  const event = (key: string) => {
    const one = { ...exampleEvent('harvest.requested.v1'), id: v7(), tenantid: first.tenant, partitionkey: key };
    return { subject: publishSubject(one.tenantid, one.type, key), messageId: messageId(one), body: JSON.stringify(one) };
  };
  const open = (query: string, lastEventId?: string) => openStream({ url: `${gateway.url}/v1/events/tail${query}`, key: first.key, agent, ...(lastEventId !== undefined && { lastEventId }) });

  return {
    async measure({ rate, keys, filtered, seconds }: Load): Promise<object> {
      const streams = await Promise.all(Array.from({ length: STREAMS }, (_, i) => open(filtered ? `?key=key-${i % keys}` : '')));
      const before = { cpu: cpuOf(gateway), at: performance.now(), commits: commits.length };
      let sent = 0;
      for (const begun = performance.now(); performance.now() - begun < seconds * 1_000; await delay(TICK_MS)) {
        const due = Math.floor(((performance.now() - begun) / 1_000) * rate) - sent;
        await Promise.all(Array.from({ length: due }, (_, i) => publisher.publish(event(`key-${(sent + i) % keys}`))));
        sent += due;
      }
      const expected = (i: number) => (filtered ? Math.floor(sent / keys) + (i % keys < sent % keys ? 1 : 0) : sent);
      await waitFor(() => streams.every(({ arrivals }, i) => arrivals.length >= expected(i)), { what: 'all events to arrive' });
      const cores = (cpuOf(gateway) - before.cpu) / ((performance.now() - before.at) / 1_000);
      const memory = memoryOf(gateway);
      const waits = delays(streams.flatMap(({ arrivals }) => arrivals), commits.slice(before.commits));
      for (const { close } of streams) close();
      return {
        'events /s': rate,
        'each stream sees': filtered ? `1 of ${keys}` : 'all',
        'deliveries /s': Math.round(waits.length / seconds),
        'commit to client p50 ms': round(quantile(waits, 0.5)),
        'commit to client p99 ms': round(quantile(waits, 0.99)),
        'gateway, processors': round(cores),
        'gateway, MB': memory,
      };
    },
    /** All streams come back at once, so many events behind. */
    async resume(events: number): Promise<object> {
      const from = commits.at(-1)?.upTo ?? 0;
      for (let sent = 0; sent < events; sent += 100) await publisher.publishBatch(Array.from({ length: 100 }, () => event('key-0')));
      await waitFor(() => (commits.at(-1)?.upTo ?? 0) >= from + events, { what: 'the log' });
      const begun = performance.now();
      const streams = await Promise.all(Array.from({ length: STREAMS }, () => open('', `1:${from}`)));
      await waitFor(() => streams.every(({ arrivals }) => arrivals.length >= events), { what: 'all streams to be up to date', everyMs: 5 });
      const ms = performance.now() - begun;
      const memory = memoryOf(gateway);
      for (const { close } of streams) close();
      return { 'events missed by each': events, 'all up to date after ms': Math.round(ms), 'deliveries /s': Math.round((STREAMS * events) / (ms / 1_000)), 'gateway, MB': memory };
    },
    async close() {
      agent.destroy();
      await Promise.all([producer.close(), observer.close()]);
    },
  };
}

interface Arrival {
  sequence: number;
  at: number;
}

interface OpenedStream {
  readonly arrivals: Arrival[];
  close(): void;
}

const ID = /^id: 1:(\d+)\nevent: (?!begin)/gm;

/** Opened when it has said where it begins. Looks for no more than ids: whoever measures shares the machine with what is measured. */
function openStream({ url, key, agent, lastEventId }: { url: string; key: string; agent: Agent; lastEventId?: string }): Promise<OpenedStream> {
  return new Promise((resolve, reject) => {
    const arrivals: Arrival[] = [];
    const asked: ClientRequest = request(url, { agent, headers: { authorization: `Bearer ${key}`, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`the gateway answered ${response.statusCode}`));
      let rest = '';
      response.setEncoding('latin1').on('data', (chunk: string) => {
        const at = performance.now();
        const text = rest + chunk;
        const end = text.lastIndexOf('\n\n') + 2;
        if (end === 1) return void (rest = text);
        for (const [, sequence] of text.slice(0, end).matchAll(ID)) arrivals.push({ sequence: Number(sequence), at });
        rest = text.slice(end);
        resolve({ arrivals, close: () => asked.destroy() });
      });
      response.on('error', () => undefined);
    });
    asked.on('error', reject).end();
  });
}

/** From the moment at which the log was known to have an event. Who hears of it later than a client got it counts as 0. */
function delays(arrivals: readonly Arrival[], commits: readonly { upTo: number; at: number }[]): number[] {
  return arrivals.map(({ sequence, at }) => Math.max(0, at - (commits[firstCovering(commits, sequence)]?.at ?? at)));
}

function firstCovering(commits: readonly { upTo: number }[], sequence: number): number {
  let [low, high] = [0, commits.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((commits[middle]?.upTo ?? 0) < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

const round = (value: number): number => Number(value.toFixed(value < 10 ? 2 : 0));

/** Its share of the memory of the machine (PSS), in megabytes. */
function memoryOf(service: ServiceProcess): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${service.pid()}/smaps_rollup`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1_024);
}

/** Seconds of processors that it has used. */
function cpuOf(service: ServiceProcess): number {
  // After the name, which may hold anything: utime and stime are the 12th and 13th field, in hundredths of a second.
  const fields = readFileSync(`/proc/${service.pid()}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
