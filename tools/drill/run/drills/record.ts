import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { waitFor } from '@granary/testing';
import { leafHash, leafLine } from '@granary/transparency';
import type { EventLeaf } from '@granary/transparency';
import type { Client } from 'pg';
import type { Drill, Fault } from '../drill.ts';
import { change, harvestsRest, metricOf, pidOf } from '../faults.ts';
import type { World } from '../world.ts';

/** After each page that was compared with the stream there are 25 s until the next. */
const COMPARED_SLOWLY = { GRANARY_AUDIT_COMPARE_RATE: '10' };

/** The event log: written past the service, and kept from being signed. */
export const recordDrills: readonly Drill[] = [
  {
    name: 'LogDiffersFromStream',
    fault: 'a row of the event log is removed past the service',
    settings: COMPARED_SLOWLY,
    begin: (world) => removeRow(world),
    sees: [/kind=not-logged/, /"kind":"not-logged"/],
    withinMs: 180_000,
  },
  {
    name: 'LogAltered',
    fault: 'a row of the event log is changed past the service, and its leaf in the tree so that both fit; audit starts anew',
    settings: COMPARED_SLOWLY,
    begin: (world) => changeRow(world),
    sees: [/event-log-proof.*has other events/],
  },
  {
    name: 'CheckpointMissing',
    fault: 'the folder of the checkpoints outside of the database is away, and audit starts anew',
    // It is tried again every five seconds; eleven failures are many.
    timeScale: 8,
    begin: async (world) => takeFolderAway(world),
    sees: [/event-log-proof.*ENOTDIR/],
    withinMs: 240_000,
  },
  {
    name: 'ExportBehind',
    fault: 'the folder of the export is away, and audit starts anew',
    // The same, every ten seconds.
    timeScale: 12,
    async begin(world) {
      const session = await world.database();
      await signed(world, session).finally(() => session.end());
      return takeFolderAway(world);
    },
    sees: [/audit-export.*ENOTDIR/],
    withinMs: 300_000,
  },
];

/** One that was logged and not compared with the stream yet. */
async function removeRow(world: World): Promise<Fault> {
  const compared = () => metricOf(world, 'audit', 'granary_event_log_complete_sequence');
  const before = await compared();
  await change(world);
  await waitFor(async () => (await compared()) > before, { timeoutMs: 60_000, everyMs: 200, what: 'log and stream to be compared' });
  await change(world);
  const session = await world.database();
  const keepOne = async () => {
    await session.query('drop table if exists kept');
    const { rowCount } = await session.query(`create temp table kept as select * from audit.event_log where sequence > $1 order by epoch desc, sequence limit 1`, [await compared()]);
    return rowCount === 1;
  };
  await waitFor(keepOne, { timeoutMs: 30_000, everyMs: 200, what: 'an event that is logged and not compared yet' });
  await pastTheService(session, 'delete from audit.event_log log using kept where log.epoch = kept.epoch and log.sequence = kept.sequence');
  return putBackBy(session, () => session.query('insert into audit.event_log select * from kept on conflict do nothing'));
}

type Row = Omit<EventLeaf, 'storedAt'> & { storedAt: Date };

/** The newest harvest, when there is a checkpoint outside of the database that vouches for it. */
async function signed(world: World, session: Client): Promise<Row> {
  await change(world);
  await harvestsRest(world);
  const { rows } = await session.query<Row>(`select epoch, sequence::float8 as sequence, stored_at as "storedAt", tenant, type, key, event_id as "eventId", body from audit.event_log where type = 'harvest.completed.v1' order by epoch desc, sequence desc limit 1`);
  const [row] = rows;
  if (row === undefined) throw new Error('the event log has no harvest');
  // Checkpoints are signed for whoever asks once a minute at most.
  await waitFor(() => world.granary('audit', 'show', row.eventId, '--proof').then(() => true), { timeoutMs: 90_000, everyMs: 2_000, what: 'the newest harvest to be proven' });
  const newest = await session.query<{ at: number }>('select extract(epoch from max(time))::float8 as at from audit.checkpoint');
  await waitFor(async () => (await metricOf(world, 'audit', 'granary_event_log_checkpoint_timestamp_seconds')) >= Math.floor(newest.rows[0]?.at ?? Infinity), { what: 'the checkpoint to be kept outside of the database' });
  return row;
}

async function changeRow(world: World): Promise<Fault> {
  const session = await world.database();
  const row = await signed(world, session);
  const other = { ...row, body: row.body.replace('"time":"20', '"time":"19') };
  const write = async (from: Row, to: Row) => {
    await pastTheService(session, 'update audit.event_log set body = $3 where epoch = $1 and sequence = $2', [to.epoch, to.sequence, to.body]);
    await session.query('update audit.tree_tile set hashes = overlay(hashes placing $2 from position($1 in hashes)) where level = 0 and position($1 in hashes) > 0', [leafOf(from), leafOf(to)]);
  };
  await write(row, other);
  process.kill(pidOf(world, 'audit'), 'SIGKILL');
  return putBackBy(session, () => write(other, row));
}

const leafOf = (row: Row): Buffer => leafHash(leafLine({ ...row, storedAt: row.storedAt.toISOString() }));

/** As who has the administrator's password can: the table refuses it to everybody as long as its trigger is there. */
async function pastTheService(session: Client, sql: string, values: unknown[] = []): Promise<void> {
  await session.query('begin');
  await session.query('alter table audit.event_log disable trigger append_only');
  await session.query(sql, values);
  await session.query('alter table audit.event_log enable trigger append_only');
  await session.query('commit');
}

/** The owner of the record puts back what was changed, from what there was before. */
function putBackBy(session: Client, putBack: () => Promise<unknown>): Fault {
  let isBack = false;
  const mended = async () => {
    if (!isBack) await putBack();
    isBack = true;
  };
  return { mended, clear: () => mended().finally(() => session.end()) };
}

/** Something else lies in its place. */
function takeFolderAway(world: World): Fault {
  const folder = join(world.data, 'services', 'audit', 'exports', 'audit');
  mkdirSync(dirname(folder), { recursive: true });
  if (existsSync(folder)) renameSync(folder, `${folder}-away`);
  writeFileSync(folder, '');
  let isBack = false;
  const mended = () => {
    if (isBack) return;
    rmSync(folder);
    if (existsSync(`${folder}-away`)) renameSync(`${folder}-away`, folder);
    isBack = true;
  };
  // Who starts looks for the newest there.
  process.kill(pidOf(world, 'audit'), 'SIGKILL');
  return { mended, clear: mended };
}
