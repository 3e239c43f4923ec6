// The event path in figures, beside the raw client in the same run. Everything on one machine, one process for our side.
import { setTimeout as delay } from 'node:timers/promises';
import { STREAM, eventExamples, publishSubject } from '@granary/contracts';
import type { EventOf } from '@granary/contracts';
import { createEnvelope, createLogReader, createPublisher, MAX_BATCH, messageId, startConsumers, startRelay } from '@granary/messaging';
import type { Subscription, WireEvent } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import { jetstream } from '@nats-io/jetstream';
import { v7 as uuidv7 } from 'uuid';
import { access, CONSUMER, PRODUCER } from '../../support/access.ts';
import { startServers } from '../../support/servers.ts';
import type { Servers } from '../../support/servers.ts';
import { perSecond, quantile, repeat } from './figures.ts';
import { benchLogWriter } from './log-writer.ts';

const TYPE = 'repository.removed.v1';
const KEYS = 500;
const WARM_UP_MS = 3_000;

export interface EventFigures {
  storage: 'plain' | 'sync always';
  [figure: string]: unknown;
}

/** @param quick fewer events and runs, to see that everything works */
export async function benchEvents(quick: boolean): Promise<EventFigures[]> {
  const figures: EventFigures[] = [];
  for (const syncAlways of [false, true]) {
    const path = await benchStorage(syncAlways, quick);
    figures.push({ ...path, ...(await benchLogWriter({ syncAlways, runs: quick ? 1 : 3, events: quick ? 10_000 : 100_000, event: (i) => wireEvent(`key-${i % KEYS}`) })) });
  }
  return figures;
}

async function benchStorage(syncAlways: boolean, quick: boolean): Promise<EventFigures> {
  const servers = await startServers({ access, syncAlways });
  const scale = quick ? 0.1 : 1;
  const runs = quick ? 1 : 3;
  const count = (n: number) => Math.round(n * scale);
  try {
    const bench = await openBench(servers);
    const rawPublish = await repeat(runs, () => bench.publishRaw(count(20_000)));
    const rawConsume = await repeat(runs, () => bench.consumeRaw(count(40_000)));
    const lanes = await repeat(runs, () => bench.consume(count(40_000), false));
    const effects = await repeat(runs, () => bench.consume(count(20_000), true));
    const relay = await repeat(runs, () => bench.relay(count(20_000)));
    const log = await repeat(runs, () => bench.readLog(count(20_000)));
    const seconds = quick ? 5 : 20;
    const rawLatency = await bench.rawLatency(500, seconds);
    const latency = await bench.latency(500, seconds);
    await bench.close();
    return {
      storage: syncAlways ? 'sync always' : 'plain',
      'raw client: publish in batches /s': rawPublish,
      'raw client: consume and ack /s': rawConsume,
      'validated consume through lanes /s': lanes,
      'lanes beside raw (ratio of medians)': Number((lanes.median / rawConsume.median).toFixed(2)),
      'consume with inbox and effect in PostgreSQL /s': effects,
      'outbox relay, committed rows to stream /s': relay,
      'log reader from a backlog /s': log,
      'raw client and driver: row, publish, consume, row at 500/s, ms': rawLatency,
      'announce to effect at 500/s, ms': latency,
    };
  } finally {
    await servers.stop();
  }
}

async function openBench(servers: Servers) {
  const producer = await servers.connect(PRODUCER);
  const consumer = await servers.connect(CONSUMER);
  const auditor = await servers.connect('audit');
  const source = await servers.open(PRODUCER);
  const sink = await servers.open(CONSUMER);
  await sink.dataSource.query('create table effects (event_id text primary key, key text not null)');
  const publisher = createPublisher(producer.connection);
  const key = (i: number) => `key-${i % KEYS}`;

  const publish = async (total: number) => {
    for (let sent = 0; sent < total; sent += MAX_BATCH) {
      const events = Array.from({ length: Math.min(MAX_BATCH, total - sent) }, (_, i) => wireEvent(key(sent + i)));
      if ((await publisher.publishBatch(events)).state === 'refused') throw new Error('a batch was refused');
    }
  };
  const subscriptions = (handle: Subscription['handle']): Subscription[] => [{ type: TYPE, handle }];
  const consumers = (handle: Subscription['handle']) =>
    startConsumers({ broker: consumer, access: access[CONSUMER]!, subscriptions: subscriptions(handle), inbox: sink.inbox, leases: sink.leases, held: sink.held, log: servers.log });

  return {
    async publishRaw(total: number) {
      const begun = performance.now();
      await publish(total);
      return perSecond(total, begun);
    },
    /** Four plain pull consumers on the same durables, acknowledging at once. */
    async consumeRaw(total: number) {
      await drain();
      await publish(total);
      const js = jetstream(consumer.connection);
      let seen = 0;
      const begun = performance.now();
      await new Promise<void>((resolve, reject) => {
        for (let group = 0; group < 4; group += 1) {
          void js.consumers
            .get(STREAM, `normalizer-${group}`)
            .then((c) =>
              c.consume({
                max_messages: 500,
                callback: (message) => {
                  message.ack();
                  seen += 1;
                  if (seen === total) resolve();
                },
              }),
            )
            .then((messages) => open.push(messages), reject);
        }
      });
      const rate = perSecond(total, begun);
      for (const messages of open.splice(0)) messages.stop();
      await consumer.connection.flush();
      return rate;
    },
    async consume(total: number, effect: boolean) {
      await drain();
      await publish(total);
      let seen = 0;
      let begun = 0;
      let finish: () => void = () => undefined;
      const finished = new Promise<void>((resolve) => (finish = resolve));
      const running = consumers(async (event: EventOf<typeof TYPE>, context) => {
        if (begun === 0) begun = performance.now();
        if (effect) await context.once(({ manager }) => manager.query('insert into effects (event_id, key) values ($1, $2)', [event.id, event.partitionkey]));
        seen += 1;
        if (seen === total) finish();
      });
      await finished;
      const rate = perSecond(total, begun);
      await running.stop();
      return rate;
    },
    async relay(total: number) {
      await announce(source, total);
      const begun = performance.now();
      const relay = startRelay({ outbox: source.outbox, publisher, log: servers.log });
      await emptied(source);
      const rate = perSecond(total, begun);
      await relay.stop();
      return rate;
    },
    async readLog(total: number) {
      await publish(total);
      const reader = createLogReader({ broker: auditor, durable: 'audit-log', log: servers.log });
      await reader.open();
      const begun = performance.now();
      let seen = 0;
      while (seen < total) {
        const messages = await reader.next(2_000, 1_000, 0);
        seen += messages.length;
        const last = messages.at(-1);
        if (last) await reader.ackThrough(last.sequence);
      }
      const rate = perSecond(seen, begun);
      await reader.close();
      return rate;
    },
    /** The same way without anything of ours: a row is committed, its event published, consumed, a row committed, acknowledged. */
    async rawLatency(rate: number, seconds: number) {
      await drain();
      const times = arrivals();
      const js = jetstream(producer.connection);
      const running = await Promise.all(
        [0, 1, 2, 3].map(async (group) =>
          (await jetstream(consumer.connection).consumers.get(STREAM, `normalizer-${group}`)).consume({
            max_messages: 500,
            callback: (message) => {
              const { id, partitionkey } = message.json<EventOf<typeof TYPE>>();
              void sink.dataSource.query('insert into effects (event_id, key) values ($1, $2)', [id, partitionkey]).then(() => {
                message.ack();
                times.arrived(id);
              });
            },
          }),
        ),
      );
      await source.dataSource.query('create table if not exists raw_outbox (event_id text primary key, body text not null)');
      const result = await times.at(rate, seconds, async (place, at) => {
        const { subject, messageId: msgID, body } = wireEvent(key(place));
        const { id } = JSON.parse(body) as { id: string };
        times.begun(id, at);
        await source.dataSource.query('insert into raw_outbox values ($1, $2)', [id, body]);
        await js.publish(subject, body, { msgID });
      });
      for (const messages of running) messages.stop();
      await consumer.connection.flush();
      return result;
    },
    /** From before the transaction that announces to after the commit of the effect. */
    async latency(rate: number, seconds: number) {
      await drain();
      const times = arrivals();
      const relay = startRelay({ outbox: source.outbox, publisher, log: servers.log });
      const running = consumers(async (event: EventOf<typeof TYPE>, context) => {
        await context.once(({ manager }) => manager.query('insert into effects (event_id, key) values ($1, $2)', [event.id, event.partitionkey]));
        times.arrived(event.id);
      });
      const result = await times.at(rate, seconds, (place, at) => source.transact(cause(), async (unit) => times.begun(unit.announce(announcement(key(place))), at)));
      await relay.stop();
      await running.stop();
      return result;
    },
    async close() {
      await Promise.all([source.close(), sink.close(), producer.close(), consumer.close(), auditor.close()]);
    },
  };

  /** Whatever an earlier measurement left is consumed before the next begins. */
  async function drain() {
    let last = performance.now();
    const running = consumers(async () => {
      last = performance.now();
    });
    await delay(300);
    while (performance.now() - last < 700) await delay(50);
    await running.stop();
  }
}

/** How long events take that are begun at a steady rate. What is begun in the first seconds warms up and is not counted. */
function arrivals() {
  const starts = new Map<string, number>();
  const took: number[] = [];
  let handled = 0;
  let counted = Number.POSITIVE_INFINITY;
  return {
    begun: (id: string, at: number) => void starts.set(id, at),
    arrived(id: string) {
      const start = starts.get(id);
      handled += 1;
      if (start !== undefined && start > counted) took.push(performance.now() - start);
    },
    async at(rate: number, seconds: number, begin: (place: number, at: number) => Promise<unknown>) {
      await delay(1_500);
      const total = rate * seconds;
      const clock = performance.now();
      counted = clock + WARM_UP_MS;
      for (let place = 0; place < total; place += 1) {
        const wait = clock + (place * 1_000) / rate - performance.now();
        if (wait > 1) await delay(wait);
        void begin(place, performance.now());
      }
      while (handled < total && performance.now() < clock + seconds * 1_000 + 10_000) await delay(20);
      return { events: took.length, p50: round(quantile(took, 0.5)), p99: round(quantile(took, 0.99)), max: round(Math.max(...took)) };
    },
  };
}

const open: { stop(): void }[] = [];
const round = (ms: number) => Number(ms.toFixed(2));
const cause = () => ({ tenant: 'default', correlationId: uuidv7() });
const announcement = (key: string) => ({ type: TYPE, key, data: eventExamples[TYPE].data }) as const;

function wireEvent(key: string): WireEvent {
  const event = createEnvelope(announcement(key), cause(), { source: `granary/${PRODUCER}`, id: uuidv7(), time: new Date() });
  return { subject: publishSubject(event.tenantid, TYPE, key), messageId: messageId(event), body: JSON.stringify(event) };
}

async function announce(database: Database, total: number): Promise<void> {
  for (let done = 0; done < total; done += 500) {
    await database.transact(cause(), async ({ announce: say }) => {
      for (let i = 0; i < 500; i += 1) say(announcement(`key-${(done + i) % KEYS}`));
    });
  }
}

async function emptied(database: Database): Promise<void> {
  for (;;) {
    const [row] = await database.across.rows.query<{ left: boolean }[]>('select exists (select from outbox) as left');
    if (!row?.left) return;
    await delay(5);
  }
}
