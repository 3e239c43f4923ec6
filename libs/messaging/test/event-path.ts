// Two made-up services on real servers, for the examples of this package.
import type { AccessDocument, EventOf } from '@granary/contracts';
import { createLogger } from '@granary/observability';
import { openDatabase } from '@granary/persistence';
import type { Database } from '@granary/persistence';
import { preparedDatabase, startTestNats } from '@granary/testing';
import { createPublisher, on, startConsumers, startRelay } from '../src/index';
import type { Broker, Consumers, ConsumersOptions, DeliveryContext } from '../src/index';

export const TYPE = 'repository.removed.v1';
export type Removed = EventOf<typeof TYPE>;

export const access = {
  producer: { identity: 'harvester', produces: [TYPE], consumes: [], serves: [], calls: [] },
  consumer: {
    identity: 'normalizer',
    produces: ['consumer.held.v1', 'consumer.redriven.v1', 'consumer.discarded.v1'],
    consumes: [{ consumer: 'normalizer', types: [TYPE], start: 'first', groups: 2, replayable: 'never' }],
    serves: [],
    calls: [],
  },
  audit: { identity: 'audit', produces: [], consumes: [{ consumer: 'audit-log', types: ['*'], start: 'first', groups: 1, replayable: 'never', ack: 'all' }], serves: [], calls: [] },
} satisfies Record<string, AccessDocument>;

export const log = createLogger({ service: 'test', level: 'silent' });

export type EventPath = Awaited<ReturnType<typeof openEventPath>>;

const open = (url: string, schema: string): Promise<Database> => openDatabase({ url, schema, applicationName: schema, log });
const APPLIED = 'create table applied (place bigint generated always as identity, event_id text not null, key text not null, name text not null)';

/** A database of each service, copied from one that is made once. */
const databases = () =>
  Promise.all([
    preparedDatabase('harvester', { name: 'event-path', prepare: async (url) => (await open(url, 'harvester')).close() }),
    preparedDatabase('normalizer', {
      name: 'event-path',
      prepare: async (url) => {
        const database = await open(url, 'normalizer');
        await database.dataSource.query(APPLIED);
        await database.close();
      },
    }),
  ]);

/** A producer with its relay and a database for consumers; what is started here ends with `close`. */
export async function openEventPath() {
  const [nats, [sourceDatabase, sinkDatabase]] = await Promise.all([startTestNats({ accessDocuments: Object.values(access) }), databases()]);
  const [source, sink] = await Promise.all([open(sourceDatabase.url, 'harvester'), open(sinkDatabase.url, 'normalizer')]);
  const producer = await nats.connect('harvester');
  const consumer = await nats.connect('normalizer');
  const relays = [startRelay({ outbox: source.outbox, publisher: createPublisher(producer.connection), log, candidacyMs: 50 }), startRelay({ outbox: sink.outbox, publisher: createPublisher(consumer.connection), log, candidacyMs: 50 })];
  const running = new Set<Consumers>();

  const start = (handler: (event: Removed, context: DeliveryContext) => Promise<void>, options: Partial<ConsumersOptions> = {}, broker: Broker = consumer, database: Database = sink) => {
    const consumers = startConsumers({
      broker,
      access: access.consumer,
      subscriptions: [on(TYPE, handler)],
      inbox: database.inbox,
      leases: database.leases,
      held: database.held,
      log,
      leaseTtlMs: 600,
      heldPollMs: 50,
      ...options,
    });
    running.add(consumers);
    return consumers;
  };

  return {
    nats,
    source,
    sink,
    producer,
    consumer,
    start,
    sinkUrl: sinkDatabase.url,
    /** Announces one event a name, in this order, each in its own transaction. Answers the event ids. */
    async announce(key: string, ...names: string[]): Promise<string[]> {
      const ids: string[] = [];
      for (const name of names) ids.push(await source.transact(CAUSE, async (unit) => unit.announce(removed(key, name))));
      return ids;
    },
    apply: async (event: Removed, context: DeliveryContext) => {
      await context.once(({ manager }) => manager.query('insert into applied (event_id, key, name) values ($1, $2, $3)', [event.id, event.partitionkey, event.data.name]));
    },
    async applied(key?: string): Promise<string[]> {
      const rows = await sink.dataSource.query<{ name: string }[]>('select name from applied where $1::text is null or key = $1 order by place', [key ?? null]);
      return rows.map((row) => row.name);
    },
    async held() {
      return (await sink.heldDesk.list('default', {})).held.map(({ key, state, code, attempts }) => ({ key, state, code, attempts }));
    },
    async stopConsumers() {
      await Promise.all([...running].map((consumers) => consumers.stop(1_000)));
      running.clear();
    },
    async stopRelays(flushMs: number) {
      await Promise.all(relays.map((relay) => relay.stop(flushMs)));
    },
    async close() {
      await this.stopConsumers();
      await this.stopRelays(100);
      await Promise.all([source.close(), sink.close()]);
      await nats.stop();
      await Promise.all([sourceDatabase.drop(), sinkDatabase.drop()]);
    },
  };
}

export const CAUSE = { tenant: 'default', correlationId: '01936c5e-7a10-7000-8000-0000000000c0' };

export const removed = (key: string, name: string) => ({ type: TYPE, key, data: { repositoryId: '01936c5e-7a10-7000-8000-00000000000a', name } }) as const;
