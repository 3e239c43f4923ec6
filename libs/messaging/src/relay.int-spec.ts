import { setTimeout as delay } from 'node:timers/promises';
import { waitFor } from '@granary/testing';
import { CAUSE, log, openEventPath, removed } from '../test/event-path';
import type { EventPath } from '../test/event-path';
import { createPublisher, startRelay } from './index';
import type { OutboxLeadership, Publisher } from './index';

describe('a relay', () => {
  let path: EventPath;
  beforeEach(async () => {
    path = await openEventPath();
  });
  afterEach(() => path.close());

  it('does not ask for the leadership again at each commit of a process that does not lead', async () => {
    await path.announce('a', 'so that there is a leader');
    let asked = 0;
    const outbox = { ...path.source.outbox, lead: async () => ((asked += 1), null) };
    const relay = startRelay({ outbox, publisher: createPublisher(path.producer.connection), log, candidacyMs: 10_000 });
    await path.announce('a', ...Array.from({ length: 30 }, (_, i) => String(i)));
    await relay.stop(0);
    expect(asked).toBe(1);
  });

  it('takes its time with a stream that takes nothing, however much is committed meanwhile', async () => {
    let published = 0;
    const publisher: Publisher = {
      publish: async () => ((published += 1), { state: 'refused', reason: 'maximum bytes exceeded', permanent: false }),
      publishBatch: async () => ({ state: 'refused' }),
    };
    const leadership: OutboxLeadership = {
      waiting: async () => [{ id: '1', messageId: 'm', laneKey: 'default.a', subject: 's', body: '{}' }],
      remove: async () => undefined,
      markDead: async () => undefined,
      stats: async () => ({ waiting: 1, dead: 0, oldestAgeSeconds: 1 }),
      release: async () => undefined,
      lost: new AbortController().signal,
    };
    const relay = startRelay({ outbox: { ...path.source.outbox, lead: async () => leadership }, publisher, log });
    for (let i = 0; i < 40; i += 1) {
      await path.source.transact(CAUSE, async (unit) => unit.announce(removed('a', String(i))));
      await delay(5);
    }
    expect(published).toBeLessThan(8);
    await relay.stop(0);
  });

  it('stops within its time while the broker is away, and leaves its rows', async () => {
    const consumers = path.start(path.apply);
    await waitFor(() => consumers.states().every(({ state }) => state === 'owned'), { what: 'the consumers to own everything' });
    await path.nats.kill();
    await path.sink.transact(CAUSE, async (unit) => unit.announce(removed('a', '1')));
    await delay(300);
    const begun = performance.now();
    await Promise.all([consumers.stop(200), path.stopRelays(200)]);
    expect(performance.now() - begun).toBeLessThan(10_000);
    await path.nats.restart();
  });
});
