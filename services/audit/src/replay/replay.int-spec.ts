import type { AuditReplayTakeResponse, EventType, ReplayFailure } from '@granary/contracts';
import { waitFor } from '@granary/testing';
import { eventRow, keyOf, openReplays, OPERATOR, type Replays } from '../../test/replays';
import type { LogRow } from '../record/row';

type Batch = NonNullable<AuditReplayTakeResponse['batch']>;

const HARVEST: EventType = 'harvest.completed.v1';
const REMOVED: EventType = 'repository.removed.v1';
const GONE = `sha256:${'9'.repeat(64)}`;
const [even, odd] = [keyOf(0), keyOf(1)];
const at = (epoch: number, sequence: number) => ({ epoch, sequence });

/**
 * Epoch 1: 1 to 6 alternate between the groups, 4 is another tenant's, 5 of a type that nobody reads, 20 has a gap before it;
 * epoch 2 goes on with 1, which breaks its contract, and 2, whose artifact is gone.
 */
const FIRST: LogRow[] = [
  eventRow(1, REMOVED, even),
  eventRow(2, REMOVED, odd),
  eventRow(3, HARVEST, even, { storedAt: '2026-03-02T09:30:00.000Z', correlationId: 'one' }),
  eventRow(4, REMOVED, even, { tenant: 'other', storedAt: '2026-03-02T09:31:00.000Z' }),
  eventRow(5, 'harvest.requested.v1', even, { storedAt: '2026-03-02T09:32:00.000Z' }),
  eventRow(6, REMOVED, even, { storedAt: '2026-03-02T09:40:00.000Z' }),
  eventRow(20, REMOVED, odd, { storedAt: '2026-03-02T09:50:00.000Z' }),
];
const SECOND: LogRow[] = [
  eventRow(1, REMOVED, even, { eventId: 'broken', event: { data: {} }, storedAt: '2026-03-02T09:51:00.000Z' }),
  eventRow(2, HARVEST, odd, { eventId: 'pointing', event: { data: { facts: { digest: GONE, bytes: 1, mediaType: 'x' } } }, storedAt: '2026-03-02T09:52:00.000Z' }),
];

let replays: Replays;
beforeAll(async () => {
  replays = await openReplays();
  const writer = await replays.log.writer();
  await writer.openEpoch(1);
  await writer.append(1, FIRST, { holes: [{ first: 7, last: 19 }] });
  await writer.openEpoch(2, { previousEpoch: 1, reason: 'recreated' });
  await writer.append(2, SECOND);
  await writer.close();
  await replays.planner.start();
});
beforeEach(async () => {
  for (const table of ['replay_failure', 'replay_part', 'replay_job', 'outbox']) await replays.log.rows(`delete from ${table}`);
  replays.due.length = 0;
  replays.gone.clear();
  replays.ownersAnswer(true);
});
afterAll(() => replays.close());

const start = async (request: Parameters<Replays['plan']>[0] = {}, tenant?: string) => {
  const { jobId } = await replays.plan(request, tenant);
  return (await replays.call('audit.replay.start', { jobId }, tenant)).job;
};
const ids = (batch: Batch | null) => batch?.entries.map(({ position }) => `${position.epoch}:${position.sequence}`);
const report = (group: number, { jobId, from, through, entries }: Batch, told: { through?: Batch['through']; handled?: number; failures?: ReplayFailure[] } = {}) =>
  replays.asOwner('audit.replay.report', { consumer: 'normalizer', group, jobId, from, through: told.through ?? through, handled: told.handled ?? entries.length, failures: told.failures ?? [] });

describe('a plan', () => {
  it('says what a replay would bring, what is invalid and what is gone', async () => {
    replays.gone.add(GONE);
    const job = await replays.plan({ rate: 50 });
    expect(job).toMatchObject({ state: 'planned', tenant: 'default', consumer: 'normalizer', rate: 50, by: OPERATOR, reason: 'a test', through: at(2, 2), startedAt: null, finishedAt: null, waitingFor: [], error: null });
    expect(job.selection).toEqual({ types: [HARVEST, REMOVED], tenant: 'default', key: null, correlationId: null, since: null, until: null });
    expect(job.plan).toEqual({
      events: 7, keys: 2, bytes: expect.any(Number), first: at(1, 1), last: at(2, 2),
      invalid: { count: 2, examples: [{ position: at(2, 1), eventId: 'broken', problem: expect.stringContaining('data') }, expect.objectContaining({ eventId: 'pointing' })] },
      artifacts: { named: 3, gone: 1, unknown: 0, examples: [GONE] },
    });
    expect((await replays.announced()).map(({ type, tenantid, partitionkey, correlationid, data }) => ({ type, tenantid, partitionkey, correlationid, data }))).toEqual([
      { type: 'replay.planned.v1', tenantid: 'default', partitionkey: job.jobId, correlationid: 'asked', data: { jobId: job.jobId, consumer: 'normalizer', selection: job.selection, reason: 'a test', rate: 50, by: OPERATOR, plan: job.plan } },
    ]);
  });

  it.each([
    ['types', { types: [HARVEST] }, 2],
    ['a key', { key: odd }, 3],
    ['a correlation id', { correlationId: 'one' }, 1],
    ['times', { since: '2026-03-02T09:30:00Z', until: '2026-03-02T09:50:00Z' }, 2],
    ['nothing', { key: 'nobody' }, 0],
  ])('selects by %s', async (_, request, events) => {
    expect((await replays.plan(request)).plan?.events).toBe(events);
  });

  it('says of what nobody knows whether it is there', async () => {
    replays.ownersAnswer(false);
    expect((await replays.plan({ types: [HARVEST] })).plan?.artifacts).toEqual({ named: 3, gone: 0, unknown: 3, examples: [] });
  });

  it.each([
    ['an unknown consumer', { consumer: 'nobody' }, 'consumer-not-found', 'those to which events can be replayed are normalizer'],
    ['one that must not be replayed', { consumer: 'ledger' }, 'not-replayable', 'ledger must not be given an event twice'],
    ['types that it does not read', { types: ['agent.action.v1'] }, 'types-not-read', 'it reads harvest.completed.v1, repository.removed.v1'],
    ['the events of others', { tenant: 'other' }, 'tenant-foreign', 'you can replay the events of default only'],
    ['times that are exchanged', { since: '2026-03-02T10:00:00Z', until: '2026-03-02T09:00:00Z' }, 'times-reversed', 'exchange them'],
  ])('is refused for %s', async (_, request, code, message) => {
    await expect(replays.plan(request)).rejects.toMatchObject({ kind: 'permanent', code, message: expect.stringContaining(message) });
  });

  it('is one of the tenant, and of all tenants for the platform, which sees all jobs', async () => {
    const own = await replays.plan();
    await expect(replays.show(own.jobId, 'other')).rejects.toMatchObject({ code: 'replay-not-found' });
    await expect(replays.call('audit.replay.cancel', { jobId: own.jobId }, 'other')).rejects.toMatchObject({ code: 'replay-not-found' });
    expect((await replays.plan({}, '_platform')).plan?.events).toBe(8);
    expect((await replays.plan({ tenant: 'other' }, '_platform')).plan).toMatchObject({ events: 1, first: at(1, 4) });
    const listed = async (tenant: string, request = {}) => (await replays.call('audit.replay.list', request, tenant)).jobs.length;
    expect([await listed('default'), await listed('other'), await listed('_platform')]).toEqual([1, 0, 3]);
    expect([await listed('_platform', { consumer: 'nobody' }), await listed('_platform', { state: 'planned' })]).toEqual([0, 3]);
    const page = await replays.call('audit.replay.list', { limit: 2 }, '_platform');
    expect((await replays.call('audit.replay.list', { limit: 2, cursor: page.next ?? '' }, '_platform')).jobs.map(({ jobId }) => jobId)).toEqual([own.jobId]);
    await expect(replays.call('audit.replay.list', { cursor: 'x' })).rejects.toMatchObject({ code: 'bad-cursor' });
  });
});

describe('a replay', () => {
  it('hands each partition group its events in the order of the log, and is completed when all are settled', async () => {
    const { jobId } = await start();
    expect(replays.due).toEqual(['normalizer']);
    const [evens, odds] = [(await replays.take(0)).batch as Batch, (await replays.take(1)).batch as Batch];
    expect([ids(evens), ids(odds)]).toEqual([['1:1', '1:3', '1:6', '2:1'], ['1:2', '1:20', '2:2']]);
    expect(evens).toMatchObject({ jobId, from: at(1, 0), through: at(2, 2) });

    expect(await report(0, evens, { through: at(1, 3), handled: 2 })).toEqual({ state: 'running' });
    expect((await replays.show(jobId)).progress).toEqual({ total: 7, handled: 2, failed: 0 });
    // Told once more: the answer got lost.
    await report(0, evens, { through: at(1, 3), handled: 2 });
    const failure = { position: at(2, 1), tenant: 'default', key: even, eventId: 'broken', eventType: REMOVED, attempts: 0, code: 'unreadable', message: 'no' };
    await report(0, { ...evens, from: at(1, 3) }, { handled: 1, failures: [failure] });
    expect((await replays.show(jobId)).state).toBe('running');
    expect(await replays.take(0)).toEqual({ batch: null, retryAfterMs: null });
    replays.clock.now = new Date(replays.clock.now.getTime() + 1_500);
    await report(1, odds);

    expect(await replays.call('audit.replay.show', { jobId })).toMatchObject({ job: { state: 'completed', progress: { total: 7, handled: 6, failed: 1 }, finishedAt: expect.any(String) }, failures: [failure] });
    const events = await replays.announced();
    expect(events.map(({ type }) => type)).toEqual(['replay.planned.v1', 'replay.started.v1', 'replay.completed.v1']);
    expect(events[1]?.data).toMatchObject({ jobId, by: OPERATOR, events: 7, rate: null, reason: 'a test' });
    expect(events[2]).toMatchObject({ tenantid: 'default', partitionkey: jobId, data: { jobId, consumer: 'normalizer', handled: 6, failed: 1, durationMs: 1_500 } });
    expect(await replays.metrics.getSingleMetricAsString('granary_replay_events_total')).toMatch(/outcome="failed".*\} 1/);
  });

  it('is taken again where it was, whoever asks', async () => {
    await start();
    const batch = (await replays.take(0)).batch as Batch;
    await report(0, batch, { through: at(1, 1), handled: 1 });
    expect(ids((await replays.take(0)).batch)).toEqual(['1:3', '1:6', '2:1']);
  });

  it('hands out one at a time what may have ended its owner, and gives up what did so three times alone', async () => {
    const { jobId } = await start({ key: even });
    expect(ids((await replays.take(0)).batch)).toHaveLength(4);
    const alone: Batch[] = [];
    for (let life = 0; life < 3; life += 1) alone.push((await replays.take(0, { crashed: true })).batch as Batch);
    expect(alone.map(ids)).toEqual([['1:1'], ['1:1'], ['1:1']]);
    // It does well in the end: from there on the next one is looked at.
    await report(0, alone[2] as Batch);
    for (let life = 0; life < 3; life += 1) expect(ids((await replays.take(0, { crashed: life > 0 })).batch)).toEqual(['1:3']);
    // What is given up is not handed out, and the next one is at once.
    expect(await replays.take(0, { crashed: true })).toEqual({ batch: null, retryAfterMs: 0 });
    expect((await replays.call('audit.replay.show', { jobId })).failures).toMatchObject([{ eventId: 'event-3', code: 'crash-loop', attempts: 3 }]);
    const next = (await replays.take(0)).batch as Batch;
    expect(ids(next)).toEqual(['1:6']);
    await report(0, next);
    await report(0, (await replays.take(0)).batch as Batch);
    expect((await replays.show(jobId)).progress).toEqual({ total: 4, handled: 3, failed: 1 });
  });

  it('keeps to its rate over all partition groups', async () => {
    const { jobId } = await start({ rate: 2 });
    expect(ids((await replays.take(0)).batch)).toEqual(['1:1', '1:3']);
    expect(await replays.take(1)).toEqual({ batch: null, retryAfterMs: 500 });
    replays.clock.now = new Date(replays.clock.now.getTime() + 500);
    expect(ids((await replays.take(1)).batch)).toEqual(['1:2']);
    expect((await replays.take(1)).retryAfterMs).toBe(500);
    await replays.call('audit.replay.cancel', { jobId });
  });

  it('is paused, resumed and cancelled by whoever may, and says so to its consumer', async () => {
    const { jobId } = await start();
    const batch = (await replays.take(0)).batch as Batch;
    const { job: paused } = await replays.call('audit.replay.pause', { jobId });
    expect(paused.state).toBe('paused');
    expect(await report(0, batch, { through: at(1, 1), handled: 1 })).toEqual({ state: 'paused' });
    expect(await replays.take(0)).toEqual({ batch: null, retryAfterMs: null });
    await expect(replays.call('audit.replay.start', { jobId })).rejects.toMatchObject({ code: 'replay-state', message: 'the replay is paused, and only one that is planned can be started' });
    expect((await replays.call('audit.replay.resume', { jobId })).job).toMatchObject({ state: 'running', progress: { handled: 1 } });
    expect(ids((await replays.take(0)).batch)).toEqual(['1:3', '1:6', '2:1']);
    expect((await replays.call('audit.replay.cancel', { jobId })).job).toMatchObject({ state: 'cancelled', finishedAt: expect.any(String) });
    expect(await replays.take(0)).toEqual({ batch: null, retryAfterMs: null });
    // What was at work then ends, and counts.
    expect(await report(0, { ...batch, from: at(1, 1) }, { through: at(1, 3), handled: 1 })).toEqual({ state: 'cancelled' });
    expect((await replays.show(jobId)).progress.handled).toBe(2);
    expect((await replays.announced()).slice(2).map(({ type, data }) => [type, data])).toEqual([
      ['replay.paused.v1', { jobId, consumer: 'normalizer', by: OPERATOR, handled: 0, failed: 0 }],
      ['replay.resumed.v1', { jobId, consumer: 'normalizer', by: OPERATOR, handled: 1, failed: 0 }],
      ['replay.cancelled.v1', { jobId, consumer: 'normalizer', by: OPERATOR, handled: 1, failed: 0 }],
    ]);
    expect(replays.due).toEqual(['normalizer', 'normalizer', 'normalizer', 'normalizer']);
  });

  it('is not started when nothing matches', async () => {
    await expect(start({ key: 'nobody' })).rejects.toMatchObject({ code: 'nothing-selected', message: expect.stringContaining('granary events search') });
  });

  it('says when nobody asks for it', async () => {
    const { jobId } = await start();
    replays.clock.now = new Date(replays.clock.now.getTime() + 20_000);
    await replays.take(1);
    expect((await replays.show(jobId)).waitingFor).toEqual([]);
    replays.clock.now = new Date(replays.clock.now.getTime() + 20_000);
    expect((await replays.show(jobId)).waitingFor).toEqual([expect.stringContaining('nobody has asked for the events of partition group 0 of normalizer for 40 s')]);
  });

  it('fails when its consumer was cut anew, or it takes longer than consumers remember', async () => {
    const first = await start();
    expect(await replays.take(0, { groups: 4 })).toEqual({ batch: null, retryAfterMs: null });
    expect(await replays.show(first.jobId)).toMatchObject({ state: 'failed', error: { code: 'groups-changed', message: expect.stringContaining('4 partition groups') } });
    const second = await start();
    replays.clock.now = new Date(replays.clock.now.getTime() + 15 * 86_400_000);
    replays.planner.wake();
    await waitFor(async () => (await replays.show(second.jobId)).state === 'failed', { what: 'the second to fail' });
    expect((await replays.announced()).filter(({ type }) => type === 'replay.failed.v1').map(({ data }) => data)).toMatchObject([{ code: 'groups-changed' }, { code: 'took-too-long' }]);
  });

  it('takes turns with others of its consumer', async () => {
    const jobs = [await start(), await start()];
    const taken = [];
    for (let turn = 0; turn < 3; turn += 1) {
      replays.clock.now = new Date(replays.clock.now.getTime() + 1);
      taken.push((await replays.take(0)).batch?.jobId);
    }
    expect(taken).toEqual([jobs[0]?.jobId, jobs[1]?.jobId, jobs[0]?.jobId]);
  });

  it('tells services of their own consumers only', async () => {
    const { jobId } = await start();
    await expect(replays.asOwner('audit.replay.take', { consumer: 'normalizer', group: 0, groups: 2, crashed: false }, 'harvester')).rejects.toMatchObject({ code: 'foreign-consumer' });
    const foreign = { consumer: 'ledger', group: 0, jobId, from: at(1, 0), through: at(1, 1), handled: 1, failures: [] };
    await expect(replays.asOwner('audit.replay.report', foreign, 'ledger')).rejects.toMatchObject({ code: 'replay-not-found' });
  });
});

describe('what a replay still has to bring', () => {
  const [harvest, late, foreign] = [FIRST[2], SECOND[1], FIRST[3]].map((row) => ({ tenant: row?.tenant ?? '', id: row?.eventId ?? '' })) as [{ tenant: string; id: string }, { tenant: string; id: string }, { tenant: string; id: string }];
  const awaited = async () => (await replays.asOwner('audit.replay.awaited', { events: [harvest, late, foreign, { tenant: 'umbra', id: late.id }] }, 'harvester')).awaited.map(({ id, jobId, consumer }) => [id, jobId, consumer]);

  it('is what lies before it from its start on until it is through, also while it rests', async () => {
    const { jobId } = await replays.plan();
    expect(await awaited()).toEqual([]);
    await replays.call('audit.replay.start', { jobId });
    expect(new Set(await awaited())).toEqual(new Set([[harvest.id, jobId, 'normalizer'], [late.id, jobId, 'normalizer']]));
    const { batch } = await replays.take(0);
    await report(0, batch as Batch);
    expect(await awaited()).toEqual([[late.id, jobId, 'normalizer']]);
    await replays.call('audit.replay.pause', { jobId });
    expect(await awaited()).toEqual([[late.id, jobId, 'normalizer']]);
    await replays.call('audit.replay.cancel', { jobId });
    expect(await awaited()).toEqual([]);
  });

  it.each([
    ['another key', { key: even }, [harvest.id]],
    ['another type', { types: [REMOVED] }, []],
    ['a later time', { since: '2026-03-02T09:30:00.001Z' }, [late.id]],
    ['an earlier time', { until: '2026-03-02T09:52:00Z' }, [harvest.id]],
    ['another cause', { correlationId: 'one' }, [harvest.id]],
  ] as const)('is not what it does not select: %s', async (_what, selection, expected) => {
    await start(selection as Parameters<Replays['plan']>[0]);
    expect((await awaited()).map(([id]) => id)).toEqual(expected);
  });
});
