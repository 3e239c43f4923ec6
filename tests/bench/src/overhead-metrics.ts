// The event path, measured and unmeasured in turns: the same events, the same servers, the same process.
import { eventExamples, publishSubject } from '@granary/contracts';
import type { EventOf } from '@granary/contracts';
import { createEnvelope, createPublisher, MAX_BATCH, messageId, startConsumers } from '@granary/messaging';
import type { Broker, WireEvent } from '@granary/messaging';
import { createMetrics, createSlowWatch } from '@granary/observability';
import { createDatabaseMeters } from '@granary/persistence';
import type { Database } from '@granary/persistence';
import { v7 as uuidv7 } from 'uuid';
import { access, CONSUMER, PRODUCER } from '../../support/access.ts';
import { startServers, type Servers } from '../../support/servers.ts';
import { median, perSecond } from './figures.ts';

const TYPE = 'repository.removed.v1';
const KEYS = 500;

interface Round {
  readonly perSecond: number;
  /** Processor time of this process, which is all of ours on the way of an event. */
  readonly microseconds: number;
}

/** Events a second and processor time of an event: with all metrics, then without any. */
export async function benchMetricsOnEvents(quick: boolean): Promise<object> {
  const servers = await startServers({ access });
  const [rounds, events] = quick ? [2, 2_000] : [12, 20_000];
  try {
    const producer = await servers.connect(PRODUCER);
    const consumer = await servers.connect(CONSUMER);
    const { measured, unmeasured, close } = await openSinks(servers);
    const publisher = createPublisher(producer.connection);
    const publish = async () => {
      for (let sent = 0; sent < events; sent += MAX_BATCH) await publisher.publishBatch(Array.from({ length: Math.min(MAX_BATCH, events - sent) }, (_, i) => wireEvent(`key-${(sent + i) % KEYS}`)));
    };
    const one = async (options: Sink) => {
      await publish();
      return consume(servers, consumer, options, events);
    };
    // Whatever is compiled at first use is compiled now.
    await one(measured);
    await one(unmeasured);
    const seen: Record<'measured' | 'unmeasured', Round[]> = { measured: [], unmeasured: [] };
    for (let round = 0; round < rounds; round += 1) {
      // What goes second finds a warmer machine: they take turns at that, too.
      const order = round % 2 === 0 ? (['measured', 'unmeasured'] as const) : (['unmeasured', 'measured'] as const);
      for (const name of order) seen[name].push(await one(name === 'measured' ? measured : unmeasured));
    }
    await close();
    await Promise.all([producer.close(), consumer.close()]);
    const [withMetrics, without] = [told(seen.measured), told(seen.unmeasured)];
    return {
      'with metrics': withMetrics,
      'without metrics': without,
      'processor time that metrics add to an event, µs': Number((withMetrics['processor time of an event, µs'] - without['processor time of an event, µs']).toFixed(2)),
      'as a share': Number((withMetrics['processor time of an event, µs'] / without['processor time of an event, µs'] - 1).toFixed(4)),
    };
  } finally {
    await servers.stop();
  }
}

function told(rounds: readonly Round[]) {
  return { 'events /s': Math.round(median(rounds.map((round) => round.perSecond))), 'processor time of an event, µs': Number(median(rounds.map(({ microseconds }) => microseconds)).toFixed(2)) };
}

interface Sink {
  readonly database: Database;
  readonly meters: Pick<Parameters<typeof startConsumers>[0], 'metrics' | 'slow'>;
}

async function openSinks(servers: Servers) {
  const slow = createSlowWatch({ metrics: createMetrics('bench'), log: servers.log, thresholds: { handler: 10_000, database: 1_000 } });
  const meters = createDatabaseMeters({ metrics: createMetrics('bench'), poolSize: 8, groups: [], keepMs: 5_000, slow });
  const unmeasured: Sink = { database: await servers.open(CONSUMER), meters: {} };
  await unmeasured.database.dataSource.query('create table effects (event_id text primary key, key text not null)');
  const database = await servers.open(CONSUMER, { meters });
  // Each round's consumers begin with metrics of their own.
  const measured: Sink = { database, meters: { get metrics() { return createMetrics('bench'); }, slow } };
  return { measured, unmeasured, close: () => Promise.all([unmeasured.database.close(), database.close()]) };
}

async function consume(servers: Servers, broker: Broker, { database, meters }: Sink, events: number): Promise<Round> {
  const finished = Promise.withResolvers<void>();
  let seen = 0;
  let begun = 0;
  let used = process.cpuUsage();
  const handle = async (event: EventOf<typeof TYPE>, context: Parameters<Parameters<typeof startConsumers>[0]['subscriptions'][number]['handle']>[1]) => {
    if (begun === 0) {
      begun = performance.now();
      used = process.cpuUsage();
    }
    await context.once(({ manager }) => manager.query('insert into effects (event_id, key) values ($1, $2)', [event.id, event.partitionkey]));
    if ((seen += 1) === events) finished.resolve();
  };
  const running = startConsumers({ broker, access: access[CONSUMER]!, subscriptions: [{ type: TYPE, handle }], inbox: database.inbox, leases: database.leases, held: database.held, log: servers.log, ...meters });
  await finished.promise;
  const { user, system } = process.cpuUsage(used);
  const rate = perSecond(events, begun);
  await running.stop();
  return { perSecond: rate, microseconds: (user + system) / events };
}

function wireEvent(key: string): WireEvent {
  const event = createEnvelope({ type: TYPE, key, data: eventExamples[TYPE].data }, { tenant: 'default', correlationId: uuidv7() }, { source: `granary/${PRODUCER}`, id: uuidv7(), time: new Date() });
  return { subject: publishSubject(event.tenantid, TYPE, key), messageId: messageId(event), body: JSON.stringify(event) };
}
