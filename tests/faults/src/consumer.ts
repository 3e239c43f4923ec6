// Applies each event once; fails for good on poisoned keys; ends itself where it is told to.
import { inboxPrefix } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { connectBroker, on, startConsumers } from '@granary/messaging';
import type { Inbox } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { openDatabase } from '@granary/persistence';
import { access, CONSUMER } from '../../support/access.ts';
import { childSettings, crashPoint } from './child-settings.ts';

const settings = childSettings();
const log = createLogger({ service: settings.name, level: 'fatal' });
const broker = await connectBroker({ url: settings.natsUrl, user: CONSUMER, password: settings.password, name: CONSUMER, inboxPrefix: inboxPrefix(CONSUMER), log });
const database = await openDatabase({ url: settings.databaseUrl, schema: CONSUMER, applicationName: CONSUMER, log });

const beforeAck = crashPoint(settings, 'effect-ack');
const inbox: Inbox = {
  async once(delivery, cause, signal, work) {
    const result = await database.inbox.once(delivery, cause, signal, work);
    beforeAck();
    return result;
  },
  beginSuspect: (id, position) => database.inbox.beginSuspect(id, position),
  forgetSuspects: (id) => database.inbox.forgetSuspects(id),
};

startConsumers({
  broker,
  access: access[CONSUMER]!,
  inbox,
  leases: database.leases,
  held: database.held,
  log,
  leaseTtlMs: 1_500,
  heldPollMs: 200,
  subscriptions: [
    on('repository.removed.v1', async (event, { once }) => {
      await once(async ({ manager }) => {
        const [poisoned] = await manager.query<unknown[]>('select 1 from poisoned where key = $1 and n = $2', [event.partitionkey, Number(event.data.name)]);
        if (poisoned) throw Fault.permanent('poisoned', 'this event always fails');
        await manager.query('insert into applied (event_id, key, n) values ($1, $2, $3)', [event.id, event.partitionkey, Number(event.data.name)]);
      });
    }),
  ],
});
