import { randomBytes, randomUUID } from 'node:crypto';
import { createMetrics } from '@granary/observability';
import { waitFor } from '@granary/testing';
import { momentOf, openCheckpoint, openNote, openNoteSigner, parseVkey, signCheckpoint, verifyConsistency } from '@granary/transparency';
import { openLog, type TestLog } from '../../test/log';
import { aRow } from '../../test/row';
import { checkpointStore } from '../store/checkpoint.store';
import { proofMeters } from '../watch/proof-metrics';
import { createCheckpoints, type CheckpointDeps } from './checkpoints.handler';
import { createKeeper, type KeeperOptions } from './keeper.worker';
import { proveRpcs } from './prove.handler';

let log: TestLog;
let clock: Date;
let kept: { notes: string[]; keys: readonly string[] };
beforeEach(async () => {
  log = await openLog();
  clock = new Date(Date.now() + 1);
  kept = { notes: [], keys: [] };
});
afterEach(() => log.close());

const outside = {
  newest: () => Promise.resolve(kept.notes.at(-1) ?? null),
  keep(note: string, keys: readonly string[]) {
    kept = { notes: [...kept.notes, note], keys };
    return Promise.resolve();
  },
};
const sealKey = randomBytes(32);
const rows = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => aRow({ sequence: first + at }));
const nextHour = () => (clock = new Date((Math.floor(clock.getTime() / 3_600_000) + 1) * 3_600_000));
const nextDay = () => (clock = new Date((Math.floor(clock.getTime() / 86_400_000) + 1) * 86_400_000));

function checkpointsOf(changes: Partial<CheckpointDeps> = {}) {
  return createCheckpoints({ database: log.database, log: log.log, now: () => clock, newId: randomUUID, sealKey, randomBytes, keyLifeMs: 365 * 86_400_000, ...changes });
}

function keeperOf(changes: Partial<KeeperOptions> = {}) {
  const metrics = createMetrics('audit');
  const stopping = new AbortController();
  const keeper = createKeeper({ checkpoints: checkpointsOf(), outside, meters: proofMeters(metrics), log: log.log, now: () => clock, acceptRewind: null, everyMs: 5, ...changes });
  const done = keeper.keep(stopping.signal);
  return {
    keeper,
    metric: async (name: string) => (await metrics.getSingleMetric(name)?.get())?.values,
    until: (state: string) => waitFor(() => keeper.state().state === state, { what: `the state ${state}` }),
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

function proofs() {
  const handlers = proveRpcs({ search: log.search, tree: log.tree, checkpoints: checkpointsOf(), now: () => clock });
  const handle = handlers.find(({ operation }) => operation === 'audit.proof.consistency')?.handle as (request: object) => Promise<{ hashes: string[]; firstRoot: string; secondRoot: string }>;
  return handle;
}

async function logged(last: number, first = 1) {
  const writer = await log.writer();
  if (first === 1) await writer.openEpoch(1, { from: [0, 50, 100] });
  await writer.append(1, rows(first, last));
  await writer.close();
}
const signed = (count: number) => waitFor(() => kept.notes.length === count, { what: `${count} checkpoints` });
const readKept = (note: string) => openCheckpoint(note, kept.keys.map(parseVkey)).checkpoint;
const eventsOf = async (type: string) => (await log.rows(`select body::json->'data' as data from outbox where body::json->>'type' = $1 order by id`, [type])).map(({ data }) => data as Record<string, unknown>);

it('signs at every full hour and every day, also when nothing happened, and puts it outside', async () => {
  await logged(3);
  const { stop, until, metric } = keeperOf();
  await until('consistent');
  expect(kept.notes).toEqual([]);
  const first = nextHour();
  await signed(1);
  await logged(70, 4);
  nextHour();
  await signed(2);
  nextDay();
  await signed(3);
  await stop();

  const read = kept.notes.map(readKept);
  expect(read.map(({ size }) => size)).toEqual([3, 70, 70]);
  expect(momentOf(read[0]!)).toEqual({ time: first, epoch: 1, sequence: 3 });
  expect((await checkpointStore.newest(log.tree.query, { limit: 9 })).map(({ kind }) => kind).at(0)).toBe('daily');
  const { hashes } = await proofs()({ first: 3, second: 70 });
  expect(verifyConsistency({ first: 3, firstRoot: read[0]!.root, second: 70, secondRoot: read[1]!.root, proof: hashes.map((hash) => Buffer.from(hash, 'base64')) })).toBe(true);
  expect((await eventsOf('audit.checkpoint-signed.v1')).map(({ size, root }) => [size, root])).toEqual(read.map(({ size, root }) => [size, root.toString('base64')]));
  expect(await metric('granary_event_log_tree_leaves')).toMatchObject([{ value: 70 }]);
});

it('puts outside later what it could not put there', async () => {
  await logged(3);
  let broken = true;
  const { stop, until, metric } = keeperOf({ outside: { ...outside, keep: (note, keys) => (broken ? Promise.reject(new Error('no space left')) : outside.keep(note, keys)) } });
  await until('consistent');
  nextHour();
  await until('failing');
  expect(await checkpointStore.newest(log.tree.query)).toHaveLength(1);
  broken = false;
  await signed(1);
  await stop();
  expect((await metric('granary_event_log_checkpoint_failures_total'))?.[0]?.value).toBeGreaterThan(0);
});

describe('keys', () => {
  it('vouch for the next one, and are listed', async () => {
    await logged(3);
    const checkpoints = checkpointsOf();
    const first = await checkpoints.sign(() => 'asked');
    const { active, retired } = await checkpoints.rotate('somebody');
    const second = await checkpoints.sign(() => 'asked');

    const keys = await checkpointStore.keys(log.tree.query);
    expect(keys.map(({ vkey, sealedSeed, retiredAt }) => [vkey, sealedSeed !== null, retiredAt !== null])).toEqual([[active, true, false], [retired, false, true]]);
    expect(openNote(keys[0]?.endorsement ?? '', [parseVkey(retired ?? '')]).text).toContain(`\n${active}\n`);
    expect(openCheckpoint(first?.note ?? '', [parseVkey(retired ?? '')]).checkpoint.size).toBe(3);
    expect(openCheckpoint(second?.note ?? '', [parseVkey(active)]).checkpoint.size).toBe(3);
    expect(second!.time.getTime()).toBeGreaterThan(first!.time.getTime());
    expect((await eventsOf('audit.checkpoint-key-rotated.v1')).map(({ by }) => by)).toEqual([null, 'somebody']);
  });

  it.each([
    ['have signed for long enough', { keyLifeMs: 0 }, true],
    ['cannot be opened any more', { sealKey: randomBytes(32) }, false],
  ])('are replaced when they %s', async (_what, changes, endorsed) => {
    const before = await checkpointsOf().sign(() => 'asked');
    const after = await checkpointsOf(changes).sign(() => 'asked');
    const [active, retired] = await checkpointStore.keys(log.tree.query);
    expect(openCheckpoint(before?.note ?? '', [parseVkey(retired?.vkey ?? '')])).toBeDefined();
    expect(openCheckpoint(after?.note ?? '', [parseVkey(active?.vkey ?? '')])).toBeDefined();
    expect(active?.endorsement !== null).toBe(endorsed);
  });
});

describe('a database that was set back', () => {
  /** As it was with so many rows, while what was signed later lies outside. */
  async function setBack(to: number, from: number) {
    await logged(to);
    await checkpointsOf().sign(() => 'asked');
    await log.rows('create table kept_state as select * from tree_state');
    await log.rows('create table kept_tile as select * from tree_tile');
    await logged(from, to + 1);
    const later = await checkpointsOf().sign(() => 'asked');
    await outside.keep(later?.note ?? '', []);
    await log.rows('alter table event_log disable trigger append_only');
    await log.rows('delete from event_log where sequence > $1', [to]);
    await log.rows('delete from checkpoint where size > $1', [to]);
    await log.rows('truncate tree_tile');
    await log.rows('insert into tree_tile select * from kept_tile');
    await log.rows('update tree_state set (size, sequence) = (select size, sequence from kept_state)');
  }

  it('is told, signs nothing, and is fine again once it has read what it lost', async () => {
    await setBack(10, 60);
    const { keeper, stop, until, metric } = keeperOf();
    await until('behind');
    expect(keeper.state()).toMatchObject({ why: expect.stringContaining('has 60 events, and the database has 10: it was set back to an earlier state. Restore a backup') as string });
    await expect(checkpointsOf().sign(() => 'asked')).rejects.toMatchObject({ code: 'log-suspect' });
    expect((await metric('granary_event_log_checkpoint_state'))?.find(({ labels }) => labels['state'] === 'behind')?.value).toBe(1);

    await logged(60, 11);
    await until('consistent');
    nextHour();
    await signed(2);
    await stop();
    expect(readKept(kept.notes[1]!).size).toBe(60);
  });

  it('is told when it holds other events now, until an operator accepts that', async () => {
    await setBack(10, 60);
    const writer = await log.writer();
    await writer.append(1, rows(11, 70).map((row) => ({ ...row, eventId: `other-${row.sequence}` })));
    await writer.close();
    const alarmed = keeperOf();
    await alarmed.until('contradicts');
    expect(alarmed.keeper.state()).toMatchObject({ why: expect.stringMatching(/has other events among the first 60 than the database.*GRANARY_AUDIT_ACCEPT_REWIND=60/) as string });
    await alarmed.stop();

    const { origin } = await log.tree.state();
    const { stop, until } = keeperOf({ acceptRewind: 60 });
    await until('consistent');
    await stop();
    const state = await log.tree.state();
    expect([state.origin === origin, state.suspect]).toEqual([false, null]);
    expect(readKept(kept.notes.at(-1)!)).toMatchObject({ origin: state.origin, size: 70 });
  });

  it('is told when what lies outside is of another log, or of nobody known', async () => {
    await logged(3);
    const stranger = openNoteSigner('granary/another', randomBytes(32));
    const { origin } = await log.tree.state();
    await outside.keep(signCheckpoint({ origin, size: 0, root: Buffer.alloc(32), extensions: [] }, [stranger]), []);
    const first = keeperOf();
    await first.until('contradicts');
    expect(first.keeper.state()).toMatchObject({ why: expect.stringContaining('none of the keys that are trusted signed this') as string });
    await first.stop();

    await checkpointStore.suspect(log.tree.query, null);
    await checkpointsOf().sign(() => 'asked');
    await outside.keep((await checkpointStore.newest(log.tree.query))[0]?.note ?? '', []);
    await log.rows(`update tree_state set origin = 'granary/copy'`);
    const second = keeperOf();
    await second.until('contradicts');
    expect(second.keeper.state()).toMatchObject({ why: expect.stringContaining(`is of the log ${origin}, and this is granary/copy`) as string });
    await second.stop();
  });
});

it('signs nothing over a tree that was changed below it', async () => {
  await logged(3);
  await checkpointsOf().sign(() => 'asked');
  await log.rows(`update tree_tile set hashes = decode(repeat('00', 96), 'hex')`);
  await expect(checkpointsOf().sign(() => 'asked')).rejects.toMatchObject({ code: 'tree-contradicts' });
});
