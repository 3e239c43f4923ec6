import { setTimeout as delay } from 'node:timers/promises';
import { publishSubject, STREAM } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { waitFor } from '@granary/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { v7 as uuidv7 } from 'uuid';
import { CAUSE, openEventPath, removed, TYPE } from '../test/event-path';
import type { EventPath } from '../test/event-path';
import { createEnvelope, messageId } from './envelope';
import { createPublisher } from './publish.client';

/** Deliveries that may be open at a time, set low so that few events fill it. */
const WINDOW = 25;
const HOT = 50;
const COLD = ['cold-0', 'cold-1', 'cold-2', 'cold-3', 'cold-4', 'cold-5'];

describe('a key with more events than the window holds', () => {
  let path: EventPath;
  let open: () => void;
  let opened: Promise<void>;
  beforeEach(async () => {
    path = await openEventPath();
    opened = new Promise((resolve) => (open = resolve));
    const admin = await jetstreamManager((await path.nats.connect('admin')).connection);
    for (const group of [0, 1]) await admin.consumers.update(STREAM, `normalizer-${group}`, { max_ack_pending: WINDOW });
    await publish(path, [...names(HOT).map((name) => ({ key: 'hot', name })), ...COLD.map((key) => ({ key, name: '1' }))]);
  });
  afterEach(() => path.close());

  const coldOnes = () => waitFor(async () => (await path.applied()).length >= COLD.length, { what: 'the other keys' });
  const hotOnes = (count = HOT) => waitFor(async () => (await path.applied('hot')).length >= count, { what: 'all events of the hot key' });

  it('does not keep other keys waiting while its first event is at work, and keeps its order', async () => {
    path.start(async (event, context) => {
      if (event.partitionkey === 'hot') await opened;
      await path.apply(event, context);
    });
    await coldOnes();
    expect(await path.applied('hot')).toEqual([]);
    open();
    await hotOnes();
    expect(await path.applied('hot')).toEqual(names(HOT));
    await waitFor(async () => (await path.held()).length === 0, { what: 'nothing to be left' });
  });

  it('is put aside many events at a time where the database can do that', async () => {
    const batches: number[] = [];
    const held = {
      ...path.sink.held,
      holdAll: async (requests: readonly Parameters<typeof path.sink.held.hold>[0][]) => {
        batches.push(requests.length);
        for (const request of requests) await path.sink.held.hold(request);
      },
    };
    path.start(
      async (event, context) => {
        if (event.partitionkey === 'hot') await opened;
        await path.apply(event, context);
      },
      { held },
    );
    await coldOnes();
    open();
    await hotOnes();
    expect(await path.applied('hot')).toEqual(names(HOT));
    expect(Math.max(...batches)).toBeGreaterThan(8);
  });

  it('keeps its order also when the event at work fails at last', async () => {
    let failed = 0;
    path.start(
      async (event, context) => {
        if (event.partitionkey === 'hot') await opened;
        if (event.partitionkey === 'hot' && event.data.name === '1' && (failed += 1) < 3) throw Fault.transient('not-yet', 'try again');
        await path.apply(event, context);
      },
      { policy: { quickMs: [1], heldMs: [30, 30] } },
    );
    await coldOnes();
    open();
    await hotOnes();
    expect(await path.applied('hot')).toEqual(names(HOT));
    expect(failed).toBe(3);
  });

  it('does not do the event at work when it was discarded meanwhile, and goes on with the next', async () => {
    path.start(async (event, context) => {
      if (event.partitionkey === 'hot') await opened;
      await path.apply(event, context);
    });
    await coldOnes();
    const first = await waitFor(async () => (await path.sink.heldDesk.list('default', { limit: 1 })).held[0], { what: 'the event at work among the held ones' });
    expect(first).toMatchObject({ key: 'hot', state: 'held', code: 'at-work', attempts: 1 });
    await path.sink.heldDesk.discard('normalizer', first.position, 'test', CAUSE);
    open();
    await hotOnes(HOT - 1);
    expect(await path.applied('hot')).toEqual(names(HOT).slice(1));
  });

  it('is gone on with by the next owner', async () => {
    const first = path.start(async (event, context) => {
      if (event.partitionkey === 'hot' && event.data.name === '20') await opened;
      await path.apply(event, context);
    });
    await waitFor(async () => (await path.applied()).length >= COLD.length + 19, { what: 'the other keys' });
    await first.stop(50);
    path.start(path.apply);
    await hotOnes();
    open();
    await delay(200);
    expect(await path.applied('hot')).toEqual(names(HOT));
  });

  it('loses nothing and keeps its order when its events cannot be put aside at first', async () => {
    let refusals = 3;
    const held = {
      ...path.sink.held,
      hold: (request: Parameters<typeof path.sink.held.hold>[0]) => ((refusals -= 1) >= 0 && request.state === 'waiting' ? Promise.reject(new Error('the database is away')) : path.sink.held.hold(request)),
    };
    path.start(
      async (event, context) => {
        if (event.partitionkey === 'hot' && event.data.name === '5') await opened;
        await path.apply(event, context);
      },
      { held, drainMs: 50 },
    );
    setTimeout(open, 4_000);
    await hotOnes();
    expect(await path.applied('hot')).toEqual(names(HOT));
  });
});

const names = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));

async function publish(path: EventPath, events: readonly { key: string; name: string }[]): Promise<void> {
  const { state } = await createPublisher(path.producer.connection).publishBatch(
    events.map(({ key, name }) => {
      const event = createEnvelope(removed(key, name), CAUSE, { source: 'granary/harvester', id: uuidv7(), time: new Date() });
      return { subject: publishSubject('default', TYPE, key), messageId: messageId(event), body: JSON.stringify(event) };
    }),
  );
  expect(state).toBe('stored');
}
