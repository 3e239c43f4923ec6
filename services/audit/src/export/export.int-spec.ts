import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keepCheckpoint, keepKeys, openExtract, verifyExport } from '@granary/audit-export';
import type { AuditExportReadRequest, AuditExportReadResponse } from '@granary/contracts';
import { createMetrics } from '@granary/observability';
import { startTestObjectStore, temporaryFolder, waitFor, type TemporaryFolder, type TestObjectStore } from '@granary/testing';
import { formatVkey, momentLines, openNoteSigner, rootOf, signCheckpoint } from '@granary/transparency';
import { openLog, type TestLog } from '../../test/log';
import { aRow } from '../../test/row';
import { createCheckpoints } from '../prove/checkpoints.handler';
import { retain } from '../retain/retain.worker';
import { ExportStore } from '../store/export.store';
import { Exporter, type ExporterOptions } from './exporter.worker';
import { exportMeters } from './metrics';
import { openObjectStore } from './object-store.client';
import { recordsRpcs } from './records.handler';
import { createUploader } from './upload.worker';

const DAY_MS = 86_400_000;
const signer = openNoteSigner('granary.test/log', Buffer.alloc(32, 1));
const vkey = formatVkey(signer.key);

let log: TestLog;
let folder: TemporaryFolder;
let storage: TestObjectStore;
let now: Date;
const exporters: Exporter[] = [];
let sequence: number;
let writer: Awaited<ReturnType<TestLog['writer']>>;

beforeAll(async () => {
  storage = await startTestObjectStore();
});
afterAll(() => storage.stop());
beforeEach(async () => {
  log = await openLog();
  folder = temporaryFolder();
  sequence = 0;
  writer = await log.writer();
  await writer.openEpoch(1, { from: [0, 50, 100] });
  await log.rows(`update tree_state set origin = 'granary.test/log'`);
  await log.rows(`insert into checkpoint_key (id, vkey, created_at) values ($1, $2, now())`, [signer.key.id, vkey]);
  await keepKeys(folder.path, [vkey]);
});
afterEach(async () => {
  await Promise.all(exporters.splice(0).map((exporter) => exporter.stop()));
  await writer.close();
  await log.close();
  folder.remove();
});

/** Logs so many events of a day, an hour apart. */
async function logDay(day: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, hour) => aRow({ sequence: (sequence += 1), storedAt: `${day}T${String(hour).padStart(2, '0')}:00:00.000Z`, type: hour === 1 ? 'auth.grant-changed.v1' : 'task.started.v1', body: `{"text":"ü\\n${sequence}"}` }));
  await writer.append(1, rows);
}

/** What the service does each hour: signs the tree as it is. */
async function sign(time: string, root = folder.path): Promise<void> {
  const { size } = await log.tree.state();
  const hash = rootOf(await log.tree.edge(size));
  const note = signCheckpoint({ origin: 'granary.test/log', size, root: hash, extensions: momentLines({ time: new Date(time), epoch: 1, sequence }) }, [signer]);
  await log.rows(`insert into checkpoint (time, kind, origin, size, root, epoch, sequence, note) values ($1, 'hourly', 'granary.test/log', $2, $3, 1, $4, $5)`, [time, size, hash, sequence, note]);
  await keepCheckpoint(root, note);
}

function exporter(changes: Partial<ExporterOptions> = {}): Exporter {
  const metrics = createMetrics('audit');
  const one = new Exporter({ root: folder.path, partBytes: 2_000, keepMs: 90 * DAY_MS, store: new ExportStore(log.database), tree: log.tree, openUploader: null, meters: exportMeters(metrics), log: log.log, now: () => now, newId: randomUUID, everyMs: 20, ...changes });
  exporters.push(one);
  return one;
}

async function runUntil(day: string, changes: Partial<ExporterOptions> = {}): Promise<Exporter> {
  const one = exporter(changes);
  await one.start();
  await waitFor(() => one.check().detail.includes(`exported up to ${day}`), { what: `the export up to ${day}` });
  return one;
}

/** Three days with events, of which the second has none. */
async function threeDays(): Promise<void> {
  await logDay('2026-03-01', 20);
  await sign('2026-03-01T20:00:00Z');
  await logDay('2026-03-03', 5);
  await sign('2026-03-03T04:30:00Z');
  await logDay('2026-03-04', 3);
  await sign('2026-03-04T05:00:00Z');
  now = new Date('2026-03-04T06:00:00Z');
}

const verify = async (root = folder.path) => verifyExport(root, { keys: [vkey] });

it('writes each day once it is over, with its holes, also one without events, and all of it can be checked', async () => {
  await writer.append(1, [aRow({ sequence: 4, storedAt: '2026-03-01T00:00:00.000Z' })], { holes: [{ first: 1, last: 3 }] });
  sequence = 4;
  await threeDays();
  await runUntil('2026-03-04T00:00:00.000Z');

  expect(await verify()).toMatchObject({ problems: [], days: { first: '2026-03-01', last: '2026-03-03', count: 3 }, records: 27, decisions: 2, checkpoints: 3 });
  const announced = await log.rows(`select body::json->'data' as data from outbox where body::json->>'type' = 'audit.day-exported.v1' order by id`);
  expect(announced).toMatchObject([{ data: { day: '2026-03-01', firstLeaf: 0, leaves: 22 } }, { data: { day: '2026-03-02', firstLeaf: 22, leaves: 0 } }, { data: { day: '2026-03-03', leaves: 5, checkpointSize: 30 } }]);
});

it('waits until events of the next day are logged and a checkpoint covers the day', async () => {
  await logDay('2026-03-01', 3);
  await sign('2026-03-01T20:00:00Z');
  now = new Date('2026-03-02T00:10:00Z');
  const one = exporter();
  await one.start();
  await waitFor(() => one.check().detail === 'nothing exported yet', { what: 'a round' });
  await logDay('2026-03-02', 1);
  await sign('2026-03-02T00:05:00Z');
  await waitFor(() => existsSync(join(folder.path, '2026/03/01/manifest.json')), { what: 'the day' });
  expect(await verify()).toMatchObject({ problems: [], records: 3 });
});

it('begins a day anew that was interrupted, and takes one for its own that is the same', async () => {
  await threeDays();
  mkdirSync(join(folder.path, 'unfinished/2026-03-01'), { recursive: true });
  writeFileSync(join(folder.path, 'unfinished/2026-03-01/events-001.jsonl.gz'), 'half of it');
  const one = await runUntil('2026-03-04T00:00:00.000Z');
  await one.stop();
  const before = readFileSync(join(folder.path, '2026/03/03/manifest.json'), 'utf8');
  // As if the process had ended before it could say that the day is there.
  await log.rows(`delete from export_day where day >= '2026-03-03'`);
  await runUntil('2026-03-04T00:00:00.000Z');
  expect(readFileSync(join(folder.path, '2026/03/03/manifest.json'), 'utf8')).toBe(before);
  expect((await verify()).problems).toEqual([]);
});

it.each([
  ['a row was changed', `update event_log set body = replace(body, '7', '8') where sequence = 7`, '2026-03-01', 'the first is leaf 6, in whose place epoch 1, sequence 7 stands now (event '],
  ['a row was removed', 'delete from event_log where sequence = 7', '2026-03-01', 'the first is leaf 6, in whose place epoch 1, sequence 8 stands now (event '],
  ['the last row of a day was removed', 'delete from event_log where sequence = 20', '2026-03-03', 'the first is leaf 19, in whose place epoch 1, sequence 21 stands now (event '],
  ['a day was made longer', `update event_log set stored_at = '2026-03-01T23:00:00Z' where sequence in (21, 22)`, '2026-03-01', 'the first is leaf 20, in whose place epoch 1, sequence 21 stands now (event '],
])('exports nothing of a log that was altered, and says where: %s', async (_what, change, day, where) => {
  await threeDays();
  await log.rows(`alter table event_log disable trigger append_only`);
  await log.rows(change);
  const metrics = createMetrics('audit');
  const one = exporter({ meters: exportMeters(metrics) });
  await one.start();
  await waitFor(() => one.check().state === 'unhealthy', { what: 'the alarm' });
  expect(one.check().detail).toContain(`the rows of the event log up to the end of ${day} are not those that were put into its tree: ${where}`);
  expect(await metrics.metrics()).toContain('granary_audit_log_altered_total{service="audit"} 1');
  expect(existsSync(join(folder.path, day.replaceAll('-', '/')))).toBe(false);
});

it('has one who writes; another takes over', async () => {
  await threeDays();
  const first = await runUntil('2026-03-04T00:00:00.000Z');
  const second = exporter();
  await second.start();
  await waitFor(() => second.check().detail === 'standby', { what: 'a standby' });
  await first.stop();
  expect(first.check().detail).toBe('standby');
});

it('puts checkpoints into a folder that their signer has not', async () => {
  await threeDays();
  const other = temporaryFolder();
  await runUntil('2026-03-04T00:00:00.000Z', { root: other.path });
  expect(await verify(other.path)).toMatchObject({ problems: [], checkpoints: 3, anchored: true });
  other.remove();
});

const sealKey = randomBytes(32);

function reader() {
  const checkpoints = createCheckpoints({ database: log.database, log: log.log, now: () => now, newId: randomUUID, sealKey, randomBytes, keyLifeMs: 365 * DAY_MS });
  const [handler] = recordsRpcs({ store: new ExportStore(log.database), search: log.search, tree: log.tree, checkpoints, now: () => now });
  return (tenant: string, request: AuditExportReadRequest = {}) => handler?.handle(request as never, { tenant } as never) as Promise<AuditExportReadResponse>;
}

it('signs a checkpoint for records that none has yet, once a minute, and none of a log that is not what it was', async () => {
  await log.rows('delete from checkpoint_key');
  const read = reader();
  const sizes: number[] = [];
  const readAt = async (time: string) => {
    now = new Date(`2026-03-01T${time}Z`);
    sizes.push((await read('default')).size);
  };
  await readAt('02:00:00');
  await logDay('2026-03-01', 3);
  await readAt('02:00:59');
  await readAt('02:01:00');
  await readAt('02:30:00');
  await logDay('2026-03-01', 2);
  await log.rows(`update tree_state set suspect = 'it was set back'`);
  await readAt('02:40:00');
  expect(sizes).toEqual([0, 0, 3, 3, 3]);
  expect(await log.rows('select size::int, kind from checkpoint order by time')).toEqual([{ size: 0, kind: 'asked' }, { size: 3, kind: 'asked' }]);
  await log.rows('delete from checkpoint');
  await expect(read('default')).rejects.toMatchObject({ code: 'log-suspect' });
});

it('gives records with their proofs, everybody the own ones and the platform all, page by page', async () => {
  now = new Date('2026-03-01T12:00:30Z');
  const read = reader();
  await writer.append(1, [aRow({ sequence: 4, storedAt: '2026-03-01T00:00:00.000Z', body: JSON.stringify('"'.repeat(45_000)) })], { holes: [{ first: 1, last: 3 }] });
  await writer.append(1, [5, 6, 7, 8, 9, 10].map((at) => aRow({ sequence: at, tenant: at % 2 === 0 ? 'acme' : 'default', storedAt: `2026-03-01T0${at}:00:00.000Z`.replace('T010', 'T10'), body: JSON.stringify('"'.repeat(45_000)) })));
  sequence = 10;
  await sign('2026-03-01T12:00:00Z');
  await writer.append(1, [aRow({ sequence: 11, storedAt: '2026-03-01T13:00:00.000Z' })]);

  /** Downloads all there is, as `granary audit export` does, and checks it. */
  const download = async (tenant: string, request: AuditExportReadRequest = {}) => {
    const copy = temporaryFolder();
    const extract = openExtract(copy.path);
    const pages: number[][] = [];
    let page = await read(tenant, request);
    for (;;) {
      pages.push(page.records.map(({ index }) => index));
      for (const record of page.records) await extract.add(record);
      if (page.next === null) break;
      page = await read(tenant, { ...request, size: page.size, after: page.next });
    }
    await extract.finish({ of: tenant === '_platform' ? '*' : tenant, since: request.since ?? null, until: request.until ?? null, checkpoint: page.checkpoint }, [vkey]);
    const { problems } = await verify(copy.path);
    copy.remove();
    return { pages, problems };
  };
  expect(await download('_platform')).toEqual({ pages: [[0, 1], [2, 3], [4, 5], [6, 7]], problems: [] });
  expect(await download('acme')).toEqual({ pages: [[3, 5], [7]], problems: [] });
  expect(await download('default', { since: '2026-03-01T05:00:00Z', until: '2026-03-01T09:00:00Z', limit: 1 })).toMatchObject({ pages: [[2], [4]], problems: [] });
  expect(await download('umbra')).toEqual({ pages: [[]], problems: [] });
  await expect(read('acme', { size: 5 })).rejects.toMatchObject({ kind: 'permanent', code: 'not-proven-yet' });
});

describe('with object storage', () => {
  const settings = (): Parameters<typeof openObjectStore>[0] => ({ bucket: storage.bucket, prefix: 'log/', region: 'eu-test-1', endpoint: storage.url, credentials: storage.credentials, lock: { mode: 'COMPLIANCE', forMs: DAY_MS } });
  const openUploader = async () => createUploader({ root: folder.path, objects: await openObjectStore(settings(), () => new Date()), store: new ExportStore(log.database), uploaded: () => undefined });
  beforeEach(() => storage.objects.clear());

  /** What an `aws s3 sync` would bring. */
  function download(): TemporaryFolder {
    const copy = temporaryFolder();
    for (const [key, { body }] of storage.objects) {
      const file = join(copy.path, key.slice('log/'.length));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, body);
    }
    return copy;
  }

  it('stores everything once, checkpoints at once, and a copy of it can be checked', async () => {
    await threeDays();
    storage.fail(2);
    await runUntil('2026-03-04T00:00:00.000Z', { openUploader });
    await waitFor(async () => (await log.rows('select 1 from export_day where uploaded_at is not null')).length === 3, { what: 'the upload' });
    await sign('2026-03-04T06:00:00Z');
    await waitFor(() => storage.objects.has('log/checkpoints/2026-03-04/06-00-00.000Z.txt'), { what: 'the checkpoint' });

    const copy = download();
    expect(await verify(copy.path)).toMatchObject({ problems: [], records: 25, checkpoints: 4 });
    copy.remove();
    const uploader = await openUploader();
    expect(await uploader.newestCheckpoint()).toContain('time 2026-03-04T06:00:00.000Z');
    uploader.close();
  });

  it('says so when what lies there is something else, and keeps the day', async () => {
    await threeDays();
    const foreign = await openObjectStore(settings(), () => new Date());
    await foreign.put('2026/03/01/leaves.bin', { text: 'something else' });
    foreign.close();
    now = new Date('2026-12-01T00:00:00Z');
    const one = exporter({ openUploader });
    await one.start();
    await waitFor(() => one.check().detail.includes('2026/03/01/leaves.bin is stored already'), { what: 'the refusal' });
    expect(one.check().state).toBe('degraded');
    expect(await log.rows('select 1 from export_day where dropped_at is not null')).toEqual([]);
  });
});

it('lets go what is older than the log is kept; what is left is proven, and so is what comes', async () => {
  const keepMs = 2 * DAY_MS;
  await writer.addPartitions(1, [150, 200, 250, 300]);
  for (let some = 0; some < 12; some += 1) await logDay('2026-03-01', 24);
  await sign('2026-03-01T23:30:00Z');
  await logDay('2026-03-02', 10);
  await sign('2026-03-02T12:00:00Z');
  await logDay('2026-03-03', 10);
  await sign('2026-03-03T12:00:00Z');
  await logDay('2026-03-04', 1);
  await sign('2026-03-04T00:30:00Z');
  now = new Date('2026-03-04T01:00:00Z');
  const one = await runUntil('2026-03-04T00:00:00.000Z');
  await one.stop();
  expect(await log.rows('select count(*)::int as rows from event_log')).toEqual([{ rows: 309 }]);

  // What the AI audit has not read stays, however old.
  await retain({ root: folder.path, keepMs, uploads: false, store: new ExportStore(log.database), log: log.log, now: () => new Date('2026-06-01T00:00:00Z'), newId: randomUUID, dropped: () => undefined }, new AbortController().signal);
  expect((await new ExportStore(log.database).keptDays()).map(({ day }) => day)).toEqual(['2026-03-01', '2026-03-02', '2026-03-03']);
  await log.rows('update ai_cursor set epoch = 1, sequence = $1', [sequence]);

  // A process that ended between the word of the database and the removal.
  now = new Date('2026-03-05T00:00:00Z');
  const [first] = await new ExportStore(log.database).keptDays();
  await new ExportStore(log.database).dropDay(first as NonNullable<typeof first>, keepMs, randomUUID());
  const next = await runUntil('2026-03-04T00:00:00.000Z', { keepMs });
  await waitFor(() => existsSync(join(folder.path, 'tombstones/2026-03-02.json')) && !existsSync(join(folder.path, '2026/03/02')), { what: 'the days to go' });
  await next.stop();

  expect(await verify()).toMatchObject({ problems: [], dropped: 2, records: 10, days: { first: '2026-03-01', count: 3 } });
  expect(await log.rows('select min(sequence)::int as first, count(*)::int as rows from event_log')).toEqual([{ first: 299, rows: 11 }]);
  expect((await log.rows('select from_sequence::int as first from log_partition order by 1')).map((row) => row['first'])).toEqual([250, 300]);
  expect(await log.rows('select level, index::int as index from tree_tile order by 1, 2')).toEqual([{ level: 0, index: 1 }, { level: 1, index: 0 }]);
  expect(await log.rows(`select body::json->'data' as data from outbox where body::json->>'type' = 'audit.day-dropped.v1' order by id`)).toMatchObject([{ data: { day: '2026-03-01', leaves: 288, sequence: 288, keptForMs: keepMs } }, { data: { day: '2026-03-02' } }]);
  await expect(log.rows('delete from event_log where sequence = 299')).rejects.toThrow('append-only');

  // The writer, and the days after, go on behind what is left.
  await writer.append(1, [aRow({ sequence: (sequence += 1), storedAt: '2026-03-05T00:00:00.000Z' })]);
  await sign('2026-03-05T00:01:00Z');
  now = new Date('2026-03-05T01:00:00Z');
  await runUntil('2026-03-05T00:00:00.000Z', { keepMs });
  expect(await verify()).toMatchObject({ problems: [], records: 11 });
});
