import { partitionOf } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { waitFor } from '@granary/testing';
import { Registry } from 'prom-client';
import { access, openEventPath, removed } from '../test/event-path';
import type { EventPath, Removed } from '../test/event-path';
import { logged, replayOf } from '../test/replay-source';
import type { TestReplay } from '../test/replay-source';
import type { ConsumersOptions, DeliveryContext } from './index';

const FAST = { quickMs: [1], heldMs: [5, 5] };
const declared = (replayable: 'rebuild' | 'idempotent' | 'never') => ({ ...access.consumer, consumes: access.consumer.consumes.map((consumption) => ({ ...consumption, replayable })) });

/** Two keys of one partition group, so that they are in the same lanes, and one of the other. */
const [first = '', second = ''] = Array.from({ length: 50 }, (_, i) => `key-${i}`).filter((key) => partitionOf('default', key) % 2 === 0);
const other = Array.from({ length: 50 }, (_, i) => `key-${i}`).find((key) => partitionOf('default', key) % 2 === 1) ?? '';

describe('a replay', () => {
  let path: EventPath;
  let metrics: Registry;
  beforeAll(async () => {
    path = await openEventPath();
  });
  afterEach(async () => {
    await path.stopConsumers();
    await path.sink.across.rows.query('delete from applied');
    await path.sink.across.rows.query('delete from inbox');
  });
  afterAll(() => path.close());

  const start = (replay: TestReplay, handler: (event: Removed, context: DeliveryContext) => Promise<void>, options: Partial<ConsumersOptions> = {}) => {
    metrics = new Registry();
    return path.start(handler, { access: declared('rebuild'), replay: replay.source, replayPollMs: 30, replayReportMs: 20, policy: FAST, metrics, ...options });
  };
  const through = (replay: TestReplay) => waitFor(() => replay.through(), { what: 'the replay to be through' });
  const runs = async () => path.sink.across.rows.query<{ run: string; count: number }[]>('select run, count(*)::int as count from inbox group by run order by count');

  it('brings the events of the log to the handlers in the order of their keys, under a run of its own, and announces nothing', async () => {
    const entries = [1, 2, 3, 4, 5, 6].flatMap((n) => [logged(3 * n, first, String(n)), logged(3 * n + 1, second, String(n)), logged(3 * n + 2, other, String(n))]);
    const replay = replayOf(entries, { size: 4 });
    const seen: string[] = [];
    start(replay, async (event, context) => {
      seen.push(`${context.replay} ${context.run === replay.jobId} ${context.position > 0}`);
      await path.apply(event, context);
      await context.once(async () => Promise.reject(new Error('it was handled already')));
      await context.once(async ({ announce }) => void announce(removed(event.partitionkey, 'told once')));
    });
    await through(replay);
    for (const key of [first, second, other]) expect(await path.applied(key)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(new Set(seen)).toEqual(new Set(['true true true']));
    expect(await runs()).toEqual([{ run: replay.jobId, count: 18 }]);
    expect(replay.reports.reduce((sum, { handled }) => sum + handled, 0)).toBe(18);
    expect(await metrics.getSingleMetricAsString('granary_events_replayed_total')).toMatch(/\{type="repository.removed.v1",outcome="done"\} 18/);
  });

  it('is silent for who rebuilds, and tells again for who says that it may', async () => {
    const replay = replayOf([logged(1, first, '1')]);
    const announcing = async (event: Removed, context: DeliveryContext) => {
      await context.once(async ({ announce }) => void announce({ type: 'consumer.discarded.v1', key: event.partitionkey, data: { consumer: 'normalizer', eventId: event.id, eventType: event.type, eventSource: event.source, position: 1, attempts: 0, code: 'told', message: 'told' } }));
    };
    // What a relay would publish.
    const announced: unknown[] = [];
    const told = (await path.nats.connect('admin')).connection.subscribe('in.default.consumer.discarded.v1.*', { callback: () => void announced.push(1) });
    start(replay, announcing);
    await through(replay);
    await path.stopConsumers();
    const again = replayOf([logged(1, first, '1')]);
    start(again, announcing, { access: declared('idempotent') });
    await through(again);
    await waitFor(() => announced.length > 0, { what: 'the announcement' });
    expect(announced).toHaveLength(1);
    told.unsubscribe();
  });

  it('goes behind live events, and never handles two events of a key at the same time', async () => {
    const replay = replayOf([1, 2, 3].map((n) => logged(n, first, `old ${n}`)));
    const gate = Promise.withResolvers<void>();
    const atWork = new Set<string>();
    const together: string[] = [];
    start(replay, async (event, context) => {
      if (atWork.has(event.partitionkey)) together.push(event.data.name);
      atWork.add(event.partitionkey);
      if (event.data.name === 'old 1') await gate.promise;
      await path.apply(event, context);
      atWork.delete(event.partitionkey);
    });
    await waitFor(() => atWork.has(first), { what: 'the replay to begin' });
    await path.announce(first, 'live 1', 'live 2');
    await path.announce(second, 'live');
    await waitFor(async () => (await path.applied(second)).length === 1, { what: 'another key to flow' });
    gate.resolve();
    await through(replay);
    expect(await path.applied(first)).toEqual(['old 1', 'live 1', 'live 2', 'old 2', 'old 3']);
    expect(together).toEqual([]);
  });

  it('tries again what may succeed, tells what fails for good, and holds nothing', async () => {
    const broken = logged(4, first, 'x');
    const entries = [logged(1, first, 'poison'), logged(2, first, 'flaky'), logged(3, first, 'never'), { ...broken, event: { ...broken.event, data: {} } as never }, logged(5, first, 'good')];
    const replay = replayOf(entries);
    let tries = 0;
    start(replay, async (event, context) => {
      if (event.data.name === 'poison') throw Fault.permanent('nonsense', 'cannot be \u0000 handled');
      if (event.data.name === 'never') throw Fault.transient('remote-unreachable', 'no answer');
      if (event.data.name === 'flaky' && (tries += 1) < 3) throw Fault.transient('remote-unreachable', 'no answer');
      await path.apply(event, context);
    });
    await through(replay);
    expect(await path.applied(first)).toEqual(['flaky', 'good']);
    expect(replay.reports.flatMap(({ failures }) => failures)).toMatchObject([
      { position: { sequence: 1 }, key: first, tenant: 'default', eventType: 'repository.removed.v1', attempts: 1, code: 'nonsense', message: 'cannot be \uFFFD handled' },
      { position: { sequence: 3 }, attempts: 4, code: 'attempts-spent' },
      { position: { sequence: 4 }, attempts: 0, code: 'unreadable', message: expect.stringContaining('data') },
    ]);
    expect(await path.held()).toEqual([]);
    expect(await metrics.getSingleMetricAsString('granary_events_replayed_total')).toMatch(/outcome="failed"\} 2/);
  });

  it('is not disturbed by events of its key that are held, nor disturbs them', async () => {
    let broken = true;
    const replay = replayOf([logged(1, first, 'old')]);
    replay.state = 'stopped';
    start(replay, async (event, context) => {
      if (event.data.name === 'bad' && broken) throw Fault.permanent('nonsense', 'no');
      await path.apply(event, context);
    });
    await path.announce(first, 'bad', 'behind');
    await waitFor(async () => (await path.held()).length === 2, { what: 'both to be held' });
    replay.state = 'running';
    replay.due();
    await through(replay);
    expect(await path.applied()).toEqual(['old']);
    broken = false;
    await path.sink.heldDesk.redrive({ consumer: 'normalizer', all: true }, { tenant: 'default', correlationId: 'c' });
    await waitFor(async () => (await path.applied()).length === 3, { what: 'the held events' });
    expect(await path.applied()).toEqual(['old', 'bad', 'behind']);
  });

  it('stands still when the job does, and goes on where it was', async () => {
    const replay = replayOf([1, 2, 3, 4].map((n) => logged(n, first, String(n))));
    const gate = Promise.withResolvers<void>();
    start(replay, async (event, context) => {
      await path.apply(event, context);
      if (event.data.name === '2') await gate.promise;
    });
    await waitFor(async () => (await path.applied()).length === 2, { what: 'the second event' });
    replay.state = 'stopped';
    replay.due();
    await waitFor(() => replay.reports.length > 0, { what: 'a report' });
    gate.resolve();
    await waitFor(() => replay.reports.at(-1)?.through.sequence === 2, { what: 'what was at work to be told' });
    expect(await path.applied()).toEqual(['1', '2']);
    replay.state = 'running';
    replay.due();
    await through(replay);
    expect(await path.applied()).toEqual(['1', '2', '3', '4']);
  });

  it('goes on in another owner, with effects once, and says when the one before crashed', async () => {
    const replay = replayOf(Array.from({ length: 40 }, (_, n) => logged(n + 1, n % 2 === 0 ? first : other, String(n))), { size: 40 });
    const stuck = Promise.withResolvers<void>();
    let seen = 0;
    // It hangs for good in the middle of what it took, and does not give its leases back.
    const leases = { ...path.sink.leases, attend: async () => 1, renew: async () => true, release: async () => undefined, leave: async () => undefined };
    const lost = start(replay, async (event, context) => {
      if ((seen += 1) > 10) await stuck.promise;
      await path.apply(event, context);
    }, { leases, replayReportMs: 60_000 });
    await waitFor(async () => (await path.applied()).length === 10, { what: 'ten effects' });
    start(replay, path.apply);
    await through(replay);
    stuck.resolve();
    await lost.stop(200);
    expect((await path.applied(first)).concat(await path.applied(other)).map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(await path.applied(first)).toEqual(Array.from({ length: 20 }, (_, n) => String(2 * n)));
    expect(replay.asked.filter(Boolean)).toHaveLength(2);
  });

  it('is nothing to who says never', async () => {
    const replay = replayOf([logged(1, first, '1')]);
    start(replay, path.apply, { access: declared('never') });
    await path.announce(first, 'live');
    await waitFor(async () => (await path.applied()).length === 1, { what: 'the live event' });
    expect(replay.asked).toEqual([]);
  });
});
