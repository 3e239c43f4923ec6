import { setTimeout as delay } from 'node:timers/promises';
import { publishSubject, STREAM } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { waitFor } from '@granary/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { openEventPath, TYPE } from '../test/event-path';
import type { EventPath } from '../test/event-path';

describe('the end of a session', () => {
  let path: EventPath;
  beforeEach(async () => {
    path = await openEventPath();
  });
  afterEach(() => path.close());

  it('waits for what runs no longer than told; what ends afterwards commits nothing', async () => {
    const calls: { signal: AbortSignal; outcome: string }[] = [];
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    path.start(
      async (event, context) => {
        const call = { signal: context.signal, outcome: 'at work' };
        calls.push(call);
        // Deaf to its signal.
        if (calls.length === 1) await opened;
        await path.apply(event, context).then(
          () => (call.outcome = 'committed'),
          (error: Fault) => (call.outcome = error.code),
        );
      },
      { drainMs: 100 },
    );
    await path.announce('a', '1');
    await waitFor(() => calls.length === 1, { what: 'the first call' });
    await path.nats.kill();
    await path.nats.restart();
    await waitFor(async () => (await path.applied()).length === 1, { what: 'the second call to be through' });
    expect(calls[0]?.signal.aborted).toBe(true);
    open();
    await waitFor(() => calls[0]?.outcome !== 'at work', { what: 'the first call to end' });
    // On a machine that is busy enough the lease runs out before the session is ended.
    expect(calls.map(({ outcome }) => outcome)).toEqual([expect.stringMatching(/^(session-ended|lease-lost)$/), 'committed']);
    expect(await path.applied()).toEqual(['1']);
    await path.announce('a', '2');
    await waitFor(async () => (await path.applied()).length === 2, { what: 'the next event' });
  });

  it('fences what was in the middle of its transaction', async () => {
    const epochs: number[] = [];
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const consumers = path.start(
      async (event, context) => {
        epochs.push(consumers.states().find(({ inFlight }) => inFlight > 0)?.epoch ?? 0);
        const first = epochs.length === 1;
        await context.once(async ({ manager }) => {
          if (first) await opened;
          await manager.query('insert into applied (event_id, key, name) values ($1, $2, $3)', [event.id, event.partitionkey, first ? 'first' : 'second']);
        });
      },
      { drainMs: 100 },
    );
    await path.announce('a', '1');
    await waitFor(() => epochs.length === 1, { what: 'the first call' });
    await path.nats.kill();
    await path.nats.restart();
    await delay(1_500);
    // Nobody owns the partition group as long as that transaction is open.
    expect(epochs).toHaveLength(1);
    open();
    await waitFor(() => epochs.length === 2, { what: 'the second call' });
    await delay(100);
    expect(await path.applied()).toEqual(['first']);
    expect(epochs[1]).toBeGreaterThan(epochs[0] ?? 0);
  });

  it('is not held up by a database that does not answer', async () => {
    let asked = 0;
    const held = { ...path.sink.held, hold: (request: Parameters<typeof path.sink.held.hold>[0]) => ((asked += 1) === 1 ? new Promise<void>(() => undefined) : path.sink.held.hold(request)) };
    path.start(() => Promise.reject(Fault.permanent('nonsense', 'cannot be handled')), { held, drainMs: 100 });
    await path.announce('a', '1');
    await waitFor(() => asked === 1, { what: 'the event to be held' });
    await path.nats.kill();
    await path.nats.restart();
    await waitFor(async () => (await path.held()).length === 1, { what: 'the event to be held at last' });
  });

  it('stops within its time although the database does not answer', async () => {
    const never = () => new Promise<never>(() => undefined);
    const consumers = path.start(path.apply, { leases: { ...path.sink.leases, attend: never, leave: never } });
    const begun = performance.now();
    await consumers.stop(100);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('comes at once when a commit was refused because the partition group has another owner', async () => {
    const outcomes: string[] = [];
    const consumers = path.start(
      async (event, context) => {
        if (outcomes.length === 0) await path.sink.dataSource.query(`update partition_leases set owner = 'somebody else', epoch = epoch + 1`);
        outcomes.push(event.data.name);
        await path.apply(event, context);
      },
      { leaseTtlMs: 20_000 },
    );
    await waitFor(() => consumers.states().every(({ state }) => state === 'owned'), { what: 'the consumers to own everything' });
    await path.announce('a', '1', '2', '3');
    await waitFor(() => consumers.states().some(({ state }) => state === 'waiting'), { what: 'the lease to be given up', timeoutMs: 3_000 });
    expect(outcomes).toEqual(['1']);
  });

  it('shows in the log when the held events cannot be asked for', async () => {
    const told: string[] = [];
    const log = { ...silent(), warn: (_: unknown, message: string) => void told.push(message) };
    path.start(path.apply, { log: log as never, held: { ...path.sink.held, due: () => Promise.reject(new Error('the database is away')) } });
    await waitFor(() => told.length > 0, { what: 'a word in the log' });
    expect(told[0]).toBe('events could not be settled; they come again');
  });
});

describe('what a crashed owner left', () => {
  let path: EventPath;
  beforeEach(async () => {
    path = await openEventPath();
  });
  afterEach(() => path.close());

  it('is handled one at a time to its end, also when some of it was settled out of order', async () => {
    const subject = publishSubject('default', TYPE, 'a');
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    for (const key of keys) await path.announce(key, key);
    const manager = await jetstreamManager((await path.nats.connect('admin')).connection);
    await waitFor(async () => (await manager.streams.info(STREAM)).state.messages === keys.length, { what: `${keys.length} events, the first at ${subject}` });
    // The owner before settled the events in the middle, and none of the others.
    for (const group of [0, 1]) await path.sink.leases.acquire({ consumer: 'normalizer', group }, 'ghost', 1);
    for (const group of [0, 1]) {
      const consumer = await jetstream(path.consumer.connection).consumers.get(STREAM, `normalizer-${group}`);
      const messages = await consumer.fetch({ max_messages: (await consumer.info()).num_pending, expires: 30_000 });
      const seen = [];
      for await (const message of messages) seen.push(message);
      for (const message of seen.slice(1, -1)) await message.ackAck();
      const last = seen.at(-1)?.info.streamSequence ?? 0;
      await path.sink.dataSource.query('insert into crash_suspects values ($1, $2, $3, 3)', ['normalizer', group, last]);
    }
    // A lease that runs out on a busy machine would begin a session that is no crashed owner's heir.
    path.start(path.apply, { leaseTtlMs: 20_000 });
    await waitFor(async () => (await path.held()).length === 2, { what: 'the last ones to be held' });
    expect((await path.held()).map(({ code, attempts }) => ({ code, attempts }))).toEqual([
      { code: 'crash-loop', attempts: 3 },
      { code: 'crash-loop', attempts: 3 },
    ]);
  });
});

function silent() {
  const nothing = () => undefined;
  return { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing };
}
