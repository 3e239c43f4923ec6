// Clients that follow the event log while processes are killed.
import { publishSubject } from '@granary/contracts';
import { createPublisher, messageId } from '@granary/messaging';
import { exampleEvent, waitFor } from '@granary/testing';
import { v7 } from 'uuid';
import { followTail, type Tail } from '../../support/event-tail.ts';
import type { LogWorld } from './log-world.ts';

const EVENTS = 4_000;
const BATCH = 200;

/** Examples on services that run already. @param world known when the examples begin */
export function eventTail(world: () => LogWorld): void {
  /** Publishes as fast as the stream takes it; every fifth event is another tenant's. */
  async function publish(total: number): Promise<void> {
    const broker = await world().servers.connect('harvester');
    const publisher = createPublisher(broker.connection);
    for (let done = 0; done < total; done += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, i) => {
        const event = { ...exampleEvent('harvest.requested.v1'), id: v7(), tenantid: i % 5 === 0 ? 'umbra' : world().first.tenant, partitionkey: `key-${i % 50}` };
        return { subject: publishSubject(event.tenantid, event.type, event.partitionkey), messageId: messageId(event), body: JSON.stringify(event) };
      });
      if (!(await publisher.publishBatch(batch))) throw new Error('the stream refused the events');
    }
    await broker.close();
  }

  /** What the log has of the tenant, by the log itself. */
  async function logged(): Promise<string[]> {
    const database = await world().servers.open('audit', { applicationName: 'journey' });
    const rows = await database.of(world().first.tenant).query<{ id: string }[]>(`select epoch || ':' || sequence as id from event_log order by epoch, sequence`);
    await database.close();
    return rows.map(({ id }) => id);
  }

  const follow = (): Tail => followTail({ url: world().services.gateway.url, key: world().first.key, after: '0:0' });

  it('has each event once and in order, whatever is killed while they come', async () => {
    const tails = [follow(), follow()];
    await waitFor(() => tails.every(({ connects }) => connects() === 1), { what: 'the streams to open' });
    const publishing = publish(EVENTS);
    const reached = (count: number) => waitFor(() => tails.every(({ ids }) => ids.length >= count), { what: `${count} events` });

    await reached(500);
    await world().services.gateway.end('SIGKILL');
    await world().services.gateway.start();
    await reached(2_000);
    await world().services.audit.end('SIGKILL');
    await world().services.audit.start();
    await publishing;
    await reached((EVENTS * 4) / 5);
    // Whoever begins now reads all of it from the log.
    const late = follow();
    const expected = await waitFor(async () => ((ids) => (ids.length >= (EVENTS * 4) / 5 && late.ids.length >= ids.length ? ids : null))(await logged()), { what: 'the whole log' });
    await reached(expected.length);
    await Promise.all([...tails, late].map((tail) => tail.stop()));

    for (const { ids } of [...tails, late]) expect(ids).toEqual(expected);
    expect(tails.map(({ connects }) => connects() >= 2)).toEqual([true, true]);
  });
}
