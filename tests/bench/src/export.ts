// The export of the event log in figures: days written and checked without servers, and by the service out of a full log.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dayOf, daysLater, keepCheckpoint, keepKeys, layout, openDay, readManifest, startOf, verifyExport } from '@granary/audit-export';
import type { DayManifest } from '@granary/audit-export';
import { accessDocuments, eventExamples } from '@granary/contracts';
import type { AccessDocument } from '@granary/contracts';
import type { Database } from '@granary/persistence';
import { startTestAuth, temporaryFolder } from '@granary/testing';
import { formatVkey, leafLine, momentLines, openNoteSigner, signCheckpoint } from '@granary/transparency';
import { access } from '../../support/access.ts';
import { startServers } from '../../support/servers.ts';
import { perSecond, quantile, repeat } from './figures.ts';
import { auditService, lastRow, until } from './log-writer.ts';

const TYPE = 'harvest.completed.v1';
const DAY = '2026-03-02';
const MB = 1_000_000;
const FILLED_AT_ONCE = 50_000;

/** @param quick fewer events and runs, to see that everything works */
export async function benchExport(quick: boolean): Promise<Record<string, unknown>> {
  return { ...(await benchFolder(quick ? 1 : 3, quick ? 20_000 : 300_000)), ...(await benchService(quick ? 20_000 : 1_000_000, quick ? 20 : 200)) };
}

/** Without servers: leaves in memory into a day, and back through all checks. */
async function benchFolder(runs: number, count: number): Promise<Record<string, unknown>> {
  const lines = Array.from({ length: count }, (_, at) => Buffer.from(lineOf(at + 1)));
  const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
  const signer = openNoteSigner('granary.bench/log', Buffer.alloc(32, 1));
  const keys = [formatVkey(signer.key)];
  let stored = 0;
  const checked: number[] = [];
  const written = await repeat(runs, async () => {
    const { path: root, remove } = temporaryFolder();
    const begun = performance.now();
    const writer = await openDay({ root, origin: signer.key.name, day: DAY, firstLeaf: 0, frontier: [] });
    for (const line of lines) await writer.add(line, TYPE);
    const { size, root: hash } = writer.tree();
    const note = signCheckpoint({ origin: signer.key.name, size, root: hash, extensions: momentLines({ time: startOf(daysLater(DAY, 1)), epoch: 1, sequence: size }) }, [signer]);
    const { files } = await writer.finish({ last: { epoch: 1, sequence: size }, previous: null, before: null, after: { checkpoint: note, proof: [] } });
    const rate = perSecond(bytes / MB, begun);
    stored = files.reduce((sum, file) => sum + file.bytes, 0);
    await Promise.all([keepKeys(root, keys), keepCheckpoint(root, note)]);

    const checking = performance.now();
    const { problems, records } = await verifyExport(root, { keys });
    if (problems.length > 0 || records !== count) throw new Error(`the export is wrong: ${problems[0]?.message}`);
    checked.push(perSecond(records, checking));
    remove();
    return rate;
  });
  return {
    'bytes of a record': Math.round(bytes / count),
    'a day written from memory, MB of JSON lines /s': written,
    'records checked offline /s': { median: Math.round(quantile(checked, 0.5)), min: Math.round(Math.min(...checked)), max: Math.round(Math.max(...checked)) },
    'bytes on disk of a record, with its hash': Number((stored / count).toFixed(1)),
  };
}

/** By the service, as the platform runs it, out of a log with as many events of yesterday. */
async function benchService(events: number, samples: number): Promise<Record<string, unknown>> {
  const servers = await startServers({ access: { ...access, ...Object.fromEntries(['audit', 'auth', 'operator'].map((name) => [name, accessDocuments[name] as AccessDocument])) } });
  // It answers as auth does, with auth's own rights.
  const auth = await startTestAuth({ connect: (identity) => servers.connect(identity === 'admin' ? 'auth' : identity) });
  const service = auditService(servers);
  const database = await servers.open('audit', { applicationName: 'bench' });
  const yesterday = daysLater(dayOf(new Date()), -1);
  const root = join(servers.folder, 'exports', 'audit');
  try {
    await service.start();
    await until(async () => (await lastRow(database).catch(() => 0)) > 0, service);
    await service.stop();
    await fill(database, events, yesterday);
    await service.start();
    for (let size = 0; size < events; size += FILLED_AT_ONCE) await until(async () => (await leaves(database)) > Math.min(size + FILLED_AT_ONCE, events), service);
    const rpc = await auth.rpc({ role: 'auditor' });
    // The first proof signs the checkpoint that the day waits for, and the announcement of that is an event of today.
    await until(async () => rpc.call('audit.proof.event', { eventId: `bench-${events}` }).catch(() => null), service);
    await until(async () => existsSync(layout.unfinishedDay(root, yesterday)), service);
    const begun = performance.now();
    const manifest = (await until(async () => exportedDay(database, yesterday), service)) as DayManifest;
    const took = performance.now() - begun;
    const { keys } = await rpc.call('audit.checkpoint-key.list', {});
    const checking = performance.now();
    const { problems, records } = await verifyExport(root, { keys: keys.map(({ key }) => key) });
    if (problems.length > 0) throw new Error(`the export is wrong: ${problems[0]?.message}`);
    const checked = perSecond(records, checking);
    const size = manifest.files.reduce((sum, { name }) => sum + statSync(join(layout.day(root, yesterday), name)).size, 0);

    const found: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      const asking = performance.now();
      await rpc.call('audit.events.search', { types: [TYPE], since: `${yesterday}T00:00:00Z`, order: 'desc', limit: 50, before: { epoch: 1, sequence: Math.ceil((events / samples) * (sample + 1)) + 1 } });
      found.push(performance.now() - asking);
    }
    return {
      'events of the day': manifest.leaves,
      'a day exported from the database, records /s': Math.round((manifest.leaves * 1_000) / took),
      'a day exported from the database, MB of JSON lines /s': Number(((manifest.leaves * lineOf(events).length) / MB / (took / 1_000)).toFixed(1)),
      'the same, checked offline, records /s': Math.round(checked),
      'files of the day, MB': Number((size / MB).toFixed(1)),
      'search of a page of 50 over all, by RPC, ms': { p50: Number(quantile(found, 0.5).toFixed(2)), p99: Number(quantile(found, 0.99).toFixed(2)) },
    };
  } finally {
    await service.stop();
    await database.close();
    await auth.stop();
    await servers.stop();
  }
}

/** Rows of yesterday, as they were logged before there was a tree; the one that is there already becomes their first. */
async function fill({ across }: Database, events: number, day: string): Promise<void> {
  const body = JSON.stringify(eventExamples[TYPE]);
  await across.rows.query(`alter table event_log disable trigger append_only`);
  await across.rows.query(`update event_log set stored_at = $1`, [startOf(day)]);
  await across.rows.query(`alter table event_log enable trigger append_only`);
  await across.rows.query(`truncate tree_tile, tree_epoch`);
  await across.rows.query(`update tree_state set size = 0, epoch = 0, sequence = 0`);
  for (let first = 2; first < events + 2; first += FILLED_AT_ONCE) {
    await across.rows.query(
      `insert into event_log (epoch, sequence, stored_at, tenant, type, key, event_id, body)
       select 1, number, $5::timestamptz + number * interval '10 ms', 'default', $4, 'key', 'bench-' || number, replace($3, 'correlationid', 'c' || md5(number::text)) from generate_series($1::bigint, $2::bigint) as number`,
      [first, Math.min(first + FILLED_AT_ONCE, events + 2) - 1, body, TYPE, startOf(day)],
    );
  }
}

async function leaves({ across }: Database): Promise<number> {
  const [row] = await across.rows.query<{ size: string }[]>('select size from tree_state');
  return Number(row?.size ?? 0);
}

async function exportedDay({ across }: Database, day: string) {
  const [row] = await across.rows.query<{ manifest: string }[]>('select manifest from export_day where day = $1', [day]);
  return row === undefined ? null : readManifest(row.manifest);
}

function lineOf(sequence: number): string {
  const event = { ...eventExamples[TYPE], id: `0197${sequence.toString(16).padStart(8, '0')}-${Math.random()}` };
  return leafLine({ epoch: 1, sequence, storedAt: '2026-03-02T09:00:00.000Z', tenant: 'default', type: TYPE, key: 'key', eventId: event.id, body: JSON.stringify(event) });
}
