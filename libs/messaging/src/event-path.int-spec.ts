import { setTimeout as delay } from 'node:timers/promises';
import { STREAM, publishSubject } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { waitFor } from '@granary/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { ConsumerMessages } from '@nats-io/jetstream';
import { createEnvelope } from './envelope';
import { access, CAUSE, log, openEventPath, removed, TYPE } from '../test/event-path';
import type { EventPath, Removed } from '../test/event-path';
import type { DeliveryContext } from './index';

const FAST = { quickMs: [1], heldMs: [30, 30] };

describe('the event path', () => {
  let path: EventPath;
  beforeEach(async () => {
    path = await openEventPath();
  });
  afterEach(() => path.close());

  const names = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
  const appliedCount = (count: number) => waitFor(async () => (await path.applied()).length >= count, { what: `${count} effects` });

  it('brings what a transaction announces to a handler, with its ids, in the order of its key', async () => {
    const seen: Removed[] = [];
    path.start(async (event, context) => {
      seen.push(event);
      await path.apply(event, context);
    });
    const [id] = await path.announce('a', ...names(1, 20));
    await path.announce('b', '1', '2');
    await appliedCount(22);
    expect(await path.applied('a')).toEqual(names(1, 20));
    expect(await path.applied('b')).toEqual(['1', '2']);
    expect(seen.find((event) => event.id === id)).toMatchObject({ source: 'granary/harvester', tenantid: 'default', correlationid: CAUSE.correlationId, partitionkey: 'a', data: { name: '1' } });
  });

  it('announces nothing when the transaction is rolled back, and refuses what breaks its contract', async () => {
    const failed = path.source.transact(CAUSE, async (unit) => {
      unit.announce(removed('a', 'never'));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    const broken = path.source.transact(CAUSE, async (unit) => unit.announce({ ...removed('a', 'x'), data: { repositoryId: 'not-an-id', name: 'x' } }));
    await expect(broken).rejects.toMatchObject({ kind: 'permanent', code: 'invalid-announcement' });
    path.start(path.apply);
    await path.announce('a', 'after');
    await appliedCount(1);
    expect(await path.applied()).toEqual(['after']);
  });

  it('applies effects once although an event is delivered twice', async () => {
    path.start(path.apply);
    await path.announce('a', '1');
    await appliedCount(1);
    await path.stopConsumers();
    const info = await jetstream(path.consumer.connection).consumers.get(STREAM, 'normalizer-0');
    expect((await info.info()).num_ack_pending).toBe(0);
    // Another stream position, the same event: as after a relay that died before it could mark.
    const [row] = await path.sink.across.rows.query<{ event_id: string }[]>('select event_id from inbox');
    await publishAgain(path, row?.event_id ?? '', 'a', '1');
    const seen: string[] = [];
    path.start(async (event, context) => {
      seen.push(`${event.data.name} ${await context.once(async () => 'applied')}`);
    });
    await waitFor(() => seen.length === 1, { what: 'the second delivery' });
    expect(seen).toEqual(['1 already-handled']);
  });

  it('holds a failing event and those behind it, lets other keys flow, and keeps the order once it succeeds', async () => {
    let broken = true;
    path.start(
      async (event, context) => {
        if (event.partitionkey === 'bad' && broken) throw Fault.transient('remote-unreachable', 'no answer');
        await path.apply(event, context);
      },
      { policy: { quickMs: [1], heldMs: [30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30] } },
    );
    await path.announce('bad', '1', '2');
    await path.announce('good', '1', '2', '3');
    await waitFor(async () => (await path.applied('good')).length === 3 && (await path.held()).length === 2, { what: 'the other key to flow' });
    expect((await path.held()).map(({ state, code }) => ({ state, code }))).toEqual([
      { state: 'held', code: 'remote-unreachable' },
      { state: 'waiting', code: 'behind' },
    ]);
    broken = false;
    await path.announce('bad', '3');
    await waitFor(async () => (await path.applied('bad')).length === 3, { what: 'the held key' });
    expect(await path.applied('bad')).toEqual(['1', '2', '3']);
    await waitFor(async () => (await path.held()).length === 0, { what: 'held events to end' });
  });

  it('gives up after the last attempt, announces it, and starts anew on redrive', async () => {
    let broken = true;
    path.start(
      async (event, context) => {
        if (broken) throw new Error(`bug in the handling of ${event.type}`);
        await path.apply(event, context);
      },
      { policy: FAST },
    );
    const [id] = await path.announce('a', '1', '2');
    await waitFor(async () => (await path.held())[0]?.state === 'dead', { what: 'a dead event' });
    expect(await path.held()).toEqual([
      { key: 'a', state: 'dead', code: 'attempts-spent', attempts: 4 },
      { key: 'a', state: 'waiting', code: 'behind', attempts: 0 },
    ]);
    expect(await stored(path, 'consumer.held.v1')).toMatchObject([{ causationid: id, correlationid: CAUSE.correlationId, data: { consumer: 'normalizer', eventId: id, attempts: 4, code: 'attempts-spent' } }]);

    broken = false;
    await expect(path.sink.heldDesk.redrive({ consumer: 'normalizer' }, CAUSE)).rejects.toMatchObject({ code: 'nothing-selected' });
    expect(await path.sink.heldDesk.redrive({ consumer: 'normalizer', key: 'a' }, CAUSE)).toBe(1);
    await appliedCount(2);
    expect(await path.applied('a')).toEqual(['1', '2']);
    expect(await stored(path, 'consumer.redriven.v1')).toHaveLength(1);
  });

  it('discards an event without its effects; the next one of its key moves up', async () => {
    path.start(
      async (event, context) => {
        if (event.data.name === 'bad') throw Fault.permanent('nonsense', 'cannot be handled');
        await path.apply(event, context);
      },
      { policy: FAST },
    );
    await path.announce('a', 'bad', 'next');
    await waitFor(async () => (await path.held()).length === 2, { what: 'both to be held' });
    const [head] = (await path.sink.heldDesk.list('default', { consumer: 'normalizer', state: 'dead' })).held;
    expect((await path.sink.heldDesk.show('default', 'normalizer', head?.position ?? 0)).body).toContain('"bad"');
    await expect(path.sink.heldDesk.discard('normalizer', 999, 'why', CAUSE)).rejects.toMatchObject({ code: 'not-found' });
    expect(await path.sink.heldDesk.counts()).toContainEqual({ consumer: 'normalizer', state: 'dead', count: 1 });
    await path.sink.heldDesk.discard('normalizer', head?.position ?? 0, 'test data', CAUSE);
    await appliedCount(1);
    // The same event once more in the stream: it fails as before, and is not held a second time.
    await publishAgain(path, head?.eventId ?? '', 'a', 'bad');
    await path.announce('a', 'after');
    await appliedCount(2);
    expect(await path.applied()).toEqual(['next', 'after']);
    expect(await path.held()).toEqual([]);
    expect(await stored(path, 'consumer.discarded.v1')).toMatchObject([{ data: { message: 'test data', eventId: head?.eventId } }]);
  });

  it('lets a key flow again after its last held event was discarded', async () => {
    path.start(
      async (event, context) => {
        if (event.data.name === 'bad') throw Fault.permanent('nonsense', 'cannot be handled');
        await path.apply(event, context);
      },
      { policy: FAST },
    );
    await path.announce('a', 'bad');
    const held = await waitFor(async () => (await path.sink.heldDesk.list('default', { state: 'dead' })).held[0], { what: 'it to be held' });
    await path.sink.heldDesk.discard('normalizer', held.position, 'test data', CAUSE);
    await path.announce('a', '1', '2');
    await appliedCount(2);
    expect(await path.applied()).toEqual(['1', '2']);
    await waitFor(async () => (await path.held()).length === 0, { what: 'held events to end' });
  });

  it('does not begin a held event that is discarded between the look at it and its attempt', async () => {
    let broken = true;
    const begun: string[] = [];
    const told: string[] = [];
    const discardOnce = async (position: number) => {
      broken = false;
      await path.sink.heldDesk.discard('normalizer', position, 'test data', CAUSE);
    };
    const held: typeof path.sink.held = {
      ...path.sink.held,
      beginAttempt: async (lease, heldId, retryAt) => {
        const [head] = (await path.sink.heldDesk.list('default', {})).held;
        if (broken && head) await discardOnce(head.position);
        return path.sink.held.beginAttempt(lease, heldId, retryAt);
      },
    };
    path.start(
      async (event) => {
        // Without `once`: nothing else would keep it from being done.
        begun.push(event.data.name);
        if (broken) throw Fault.transient('not-yet', 'try again');
      },
      { held, policy: FAST, log: { ...log, warn: (_: unknown, message: string) => void told.push(message) } as never },
    );
    await path.announce('a', '1');
    await waitFor(() => !broken, { what: 'it to be discarded' });
    await path.announce('a', '2');
    await waitFor(() => begun.includes('2'), { what: 'the next one' });
    expect(begun).toEqual(['1', '1', '2']);
    expect(told.filter((message) => message !== 'handler failed')).toEqual([]);
  });

  it('holds what PostgreSQL could not store as it came', async () => {
    path.start(
      async (event, context) => {
        if (event.data.name === 'bad') throw Fault.permanent('nonsense', 'no file named \u0000');
        await path.apply(event, context);
      },
      { policy: FAST },
    );
    await path.producer.connection.request(publishSubject('default', TYPE, 'a'), 'not JSON: \u0000');
    await path.announce('a', 'bad');
    await path.announce('b', 'fine');
    await waitFor(async () => (await path.held()).length === 2, { what: 'both to be held' });
    expect((await path.held()).map(({ code }) => code).sort()).toEqual(['nonsense', 'unreadable']);
    await appliedCount(1);
  });

  it('holds what cannot be read, and goes on', async () => {
    path.start(path.apply);
    const subject = publishSubject('default', TYPE, 'a');
    await path.producer.connection.request(subject, 'this is not JSON');
    await path.producer.connection.request(subject, '{"specversion":"1.0"}');
    await path.announce('a', 'fine');
    await appliedCount(1);
    await waitFor(async () => (await path.held()).length === 2, { what: 'two unreadable events' });
    expect((await path.held()).map(({ state, code }) => ({ state, code }))).toEqual([
      { state: 'dead', code: 'unreadable' },
      { state: 'dead', code: 'unreadable' },
    ]);
  });

  it('sees when a message went elsewhere, and handles it in its order', async () => {
    let thefts = 0;
    const handler = async (event: Removed, context: DeliveryContext) => {
      if (event.data.name === '1' && thefts === 0) {
        thefts = 1;
        // Whoever was owner before may still have a pull request open.
        for (const group of [0, 1]) void steal(path, group);
        await delay(100);
        await path.announce('a', ...names(4, 8));
        await delay(300);
      }
      await path.apply(event, context);
    };
    path.start(handler);
    await path.announce('a', '1', '2', '3');
    await appliedCount(8);
    expect(await path.applied('a')).toEqual(names(1, 8));
  });

  it('shares the partition groups among replicas, and takes over those of one that stops', async () => {
    const first = path.start(path.apply);
    await waitFor(() => first.states().every(({ state }) => state === 'owned'), { what: 'the first replica to own everything' });
    const second = path.start(path.apply);
    await waitFor(() => [first, second].every((replica) => replica.states().filter(({ state }) => state === 'owned').length === 1), { what: 'both to own their share' });
    await first.stop();
    await waitFor(() => second.states().every(({ state }) => state === 'owned'), { what: 'the second replica to own everything' });
    await path.announce('a', '1', '2');
    await path.announce('b', '1', '2');
    await appliedCount(4);
  });

  it('ends what runs before it stops, and leaves what has not begun to the next', async () => {
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    const first = path.start(async (event, context) => {
      begun();
      await delay(150);
      await path.apply(event, context);
    });
    await path.announce('a', '1', '2');
    await beginning;
    await first.stop(2_000);
    expect(await path.applied()).toEqual(['1']);
    path.start(path.apply);
    await appliedCount(2);
    expect(await path.applied()).toEqual(['1', '2']);
  });

  it('gives up on what runs too long after it was told to stop, and nothing is lost', async () => {
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    const first = path.start(async (event, context) => {
      begun();
      await delay(700);
      await path.apply(event, context);
    });
    await path.announce('a', '1');
    await beginning;
    await first.stop(50);
    path.start(path.apply);
    await appliedCount(1);
    await delay(800);
    expect(await path.applied()).toEqual(['1']);
  });

  it('holds an event whose handler shows no sign of work, but not one that says it is working', async () => {
    path.start(
      async (event, context) => {
        for (let i = 0; i < 4; i += 1) {
          await delay(60);
          if (event.partitionkey === 'busy') context.working();
        }
        await path.apply(event, context);
      },
      { handlerTimeoutMs: 150, policy: { quickMs: [], heldMs: [] } },
    );
    await path.announce('busy', '1');
    await path.announce('stuck', '1');
    await waitFor(async () => (await path.held()).length === 1, { what: 'the stuck one to be held' });
    await appliedCount(1);
    expect(await path.held()).toEqual([{ key: 'stuck', state: 'dead', code: 'attempts-spent', attempts: 1 }]);
    expect(await path.applied()).toEqual(['1']);
  });

  it('handles what a crashed owner left one at a time, and holds what ends the process again and again', async () => {
    await path.announce('killer', '1');
    await path.announce('innocent', '1');
    // What a process leaves that was killed in a handler: leases nobody gave back, deliveries nobody settled.
    for (const group of [0, 1]) await path.sink.leases.acquire({ consumer: 'normalizer', group }, 'ghost', 1);
    await waitFor(async () => (await delivered(path)) === 2, { what: 'both deliveries' });
    // The event at position 1 has been begun three times.
    for (const group of [0, 1]) await path.sink.dataSource.query('insert into crash_suspects values ($1, $2, 1, 3)', ['normalizer', group]);
    path.start(path.apply);
    await waitFor(async () => (await path.held()).length === 1, { what: 'the killer to be held' });
    await appliedCount(1);
    expect(await path.held()).toEqual([{ key: 'killer', state: 'dead', code: 'crash-loop', attempts: 3 }]);
    expect(await path.applied()).toEqual(['1']);
    await waitFor(async () => (await path.sink.dataSource.query<unknown[]>('select 1 from crash_suspects where position > 1')).length === 0, { what: 'the innocent to be forgotten' });
  });

  it('gives up what runs when a renewal of the lease stays unanswered beyond its end', async () => {
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    path.start(
      async (_, context) => {
        context.signal.addEventListener('abort', ended);
        await end;
      },
      { leases: { ...path.sink.leases, renew: () => new Promise<boolean>(() => undefined) } },
    );
    await path.announce('a', '1');
    expect(await Promise.race([end.then(() => 'given up'), delay(3_000, 'still running')])).toBe('given up');
  });

  it('goes on after the broker was killed', async () => {
    path.start(path.apply);
    await path.announce('a', '1');
    await appliedCount(1);
    await path.nats.kill();
    await path.announce('a', '2', '3');
    await path.nats.restart();
    await path.announce('a', '4');
    await waitFor(async () => (await path.applied()).length >= 4, { what: 'everything after the restart', timeoutMs: 20_000 });
    expect(await path.applied('a')).toEqual(['1', '2', '3', '4']);
  });

  it('does not start when the subscription table and the access document differ', () => {
    expect(() => path.start(path.apply, { access: { ...access.consumer, consumes: [{ consumer: 'normalizer', types: [TYPE, 'repository.registered.v1'], start: 'first', groups: 2, replayable: 'never' }] } })).toThrow(
      'repository.registered.v1 is granted and has no handler',
    );
  });
});

/** Events of a type as the stream holds them, read through the auditor's consumer. */
async function stored(path: EventPath, type: string): Promise<unknown[]> {
  return waitFor(
    async () => {
      const auditor = await path.nats.connect('admin');
      const stream = await jetstreamManager(auditor.connection);
      const found: unknown[] = [];
      const { state } = await stream.streams.info(STREAM);
      for (let sequence = 1; sequence <= state.last_seq; sequence += 1) {
        const message = await stream.streams.getMessage(STREAM, { seq: sequence });
        if (message?.subject.endsWith(type)) found.push(message.json());
      }
      await auditor.close();
      return found.length > 0 ? found : null;
    },
    { what: `an event ${type} in the stream` },
  );
}

async function publishAgain(path: EventPath, id: string, key: string, name: string): Promise<void> {
  const event = createEnvelope(removed(key, name), CAUSE, { source: 'granary/harvester', id, time: new Date() });
  await path.producer.connection.request(publishSubject('default', TYPE, key), JSON.stringify(event));
}

async function steal(path: EventPath, group: number): Promise<void> {
  const consumer = await jetstream(path.consumer.connection).consumers.get(STREAM, `normalizer-${group}`);
  await seenToEnd(await consumer.fetch({ max_messages: 2, expires: 1_000 }));
}

async function seenToEnd(messages: ConsumerMessages): Promise<void> {
  let seen = 0;
  for await (const message of messages) seen += message.info.deliveryCount;
  expect(seen).toBeLessThanOrEqual(2);
}

/** Pulls what there is without settling it, and answers how many deliveries are open. */
async function delivered(path: EventPath): Promise<number> {
  let open = 0;
  for (const group of [0, 1]) {
    const consumer = await jetstream(path.consumer.connection).consumers.get(STREAM, `normalizer-${group}`);
    await seenToEnd(await consumer.fetch({ max_messages: 2, expires: 1_000 }));
    open += (await consumer.info()).num_ack_pending;
  }
  return open;
}
