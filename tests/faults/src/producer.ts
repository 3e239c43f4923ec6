// Announces numbered events of many keys and relays them; ends itself where it is told to.
import { setTimeout as delay } from 'node:timers/promises';
import { inboxPrefix } from '@granary/contracts';
import { connectBroker, createPublisher, startRelay } from '@granary/messaging';
import type { Outbox, OutboxLeadership } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { openDatabase } from '@granary/persistence';
import { v7 as uuidv7 } from 'uuid';
import { PRODUCER } from '../../support/access.ts';
import { childSettings, crashPoint } from './child-settings.ts';

const settings = childSettings();
const log = createLogger({ service: settings.name, level: 'fatal' });
const broker = await connectBroker({ url: settings.natsUrl, user: PRODUCER, password: settings.password, name: PRODUCER, inboxPrefix: inboxPrefix(PRODUCER), log });
const database = await openDatabase({ url: settings.databaseUrl, schema: PRODUCER, applicationName: PRODUCER, log });
await database.dataSource.query('create table if not exists announced (event_id text primary key, key text not null, n int not null)');

const beforePublish = crashPoint(settings, 'commit-publish');
const beforeMark = crashPoint(settings, 'publish-mark');
const plain = createPublisher(broker.connection);
const publisher = {
  publish: (event: Parameters<typeof plain.publish>[0]) => (beforePublish(), plain.publish(event)),
  publishBatch: (events: Parameters<typeof plain.publishBatch>[0]) => (beforePublish(), plain.publishBatch(events)),
};
const outbox: Outbox = {
  onCommit: (listener) => database.outbox.onCommit(listener),
  async lead() {
    const leadership = await database.outbox.lead();
    return leadership && crashing(leadership);
  },
};
startRelay({ outbox, publisher, log, candidacyMs: 100 });

let producing = true;
process.on('message', () => (producing = false));
const pause = 1_000 / settings.rate;
for (let i = 0; producing; i += 1) {
  await announceNext(`key-${i % settings.keys}`).catch(() => delay(200));
  await delay(pause);
}
process.send?.('stopped');

/** The next number of a key and its event, in one transaction. Concurrent ones of a key wait for the row lock. */
async function announceNext(key: string): Promise<void> {
  await database.transact({ tenant: 'default', correlationId: uuidv7() }, async ({ manager, announce }) => {
    await manager.query('select pg_advisory_xact_lock(hashtext($1))', [key]);
    const [row] = await manager.query<{ n: number }[]>('select coalesce(max(n), 0) + 1 as n from announced where key = $1', [key]);
    const n = row?.n ?? 1;
    const eventId = announce({ type: 'repository.removed.v1', key, data: { repositoryId: '01936c5e-7a10-7000-8000-00000000000a', name: String(n) } });
    await manager.query('insert into announced (event_id, key, n) values ($1, $2, $3)', [eventId, key, n]);
  });
}

function crashing(leadership: OutboxLeadership): OutboxLeadership {
  return {
    lost: leadership.lost,
    waiting: (limit) => leadership.waiting(limit),
    remove: (ids) => (beforeMark(), leadership.remove(ids)),
    markDead: (id, reason) => leadership.markDead(id, reason),
    stats: () => leadership.stats(),
    release: () => leadership.release(),
  };
}
