import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { leafHash } from '@granary/transparency';
import { temporaryFolder } from '@granary/testing';
import { ORIGIN, someLeaves, writeExport } from '../test/an-export';
import { checkpointsOf, daysWithCheckpoints, keepCheckpoint, keepKeyFile, keepSingleCheckpoint, keysOf, newestCheckpoint } from './checkpoint-files.store';
import { openDay, type DayEnd } from './day-writer.store';
import { readManifest } from './manifest';
import { createPartWriter } from './part-files.store';
import { readTombstone, tombstoneText } from './tombstone';

const DAY = '2026-03-01';
const END: DayEnd = { last: { epoch: 1, sequence: 2 }, previous: null, before: null, after: { checkpoint: 'signed', proof: [] } };
const leaves = someLeaves(1).slice(0, 7);

const folder = temporaryFolder();
const root = folder.path;
afterAll(() => folder.remove());

async function aDay(partBytes = 1_000) {
  const writer = await openDay({ root, origin: ORIGIN, day: DAY, firstLeaf: 0, frontier: [], partBytes });
  for (const { line, type } of leaves) await writer.add(line, type);
  return writer;
}

it('writes a day that is there whole or not at all, and the same to the byte when written again', async () => {
  const abandoned = await aDay();
  expect(() => readdirSync(join(root, '2026'))).toThrow('ENOENT');
  await abandoned.abandon();

  const manifest = await (await aDay()).finish(END);
  const place = join(root, '2026/03/01');
  expect(readdirSync(place).sort()).toEqual(['decisions-001.jsonl.gz', 'events-001.jsonl.gz', 'events-002.jsonl.gz', 'leaves.bin', 'manifest.json']);
  const content = manifest.files.filter(({ name }) => name.startsWith('events')).map(({ name }) => gunzipSync(readFileSync(join(place, name))).toString());
  expect(content.join('')).toBe(leaves.map(({ line }) => `${line.toString()}\n`).join(''));
  expect(content.every((text) => text.length <= 1_000)).toBe(true);
  expect(readFileSync(join(place, 'leaves.bin'))).toEqual(Buffer.concat(leaves.map(({ line }) => leafHash(line))));
  expect(gunzipSync(readFileSync(join(place, 'decisions-001.jsonl.gz'))).toString()).toBe(`{"leaf":5,${leaves[5]?.line.toString().slice(1)}\n`);
  expect(readManifest(readFileSync(join(place, 'manifest.json'), 'utf8'))).toEqual(manifest);

  // As after a crash between the last file and whoever remembers that it is there.
  expect(await (await aDay()).finish(END)).toEqual(manifest);
  await expect((await aDay(2_000)).finish(END)).rejects.toMatchObject({ kind: 'permanent', code: 'export-differs' });
});

it('writes a day without events', async () => {
  const manifest = await (await openDay({ root, origin: ORIGIN, day: '2026-03-02', firstLeaf: 7, frontier: [leafHash('a'), leafHash('b'), leafHash('c')] })).finish(END);
  expect(manifest).toMatchObject({ firstLeaf: 7, leaves: 0, files: [{ name: 'leaves.bin', records: 0, bytes: 0 }] });
});

it('gives a line that is longer than a part a part of its own, and refuses what cannot be an event', async () => {
  const writer = createPartWriter({ folder: root, prefix: 'lines', partBytes: 10 });
  for (const line of ['short', 'four', 'much longer than a part', 'x']) await writer.write(Buffer.from(line));
  expect((await writer.close()).map(({ name, records }) => [name, records])).toEqual([['lines-001.jsonl.gz', 1], ['lines-002.jsonl.gz', 1], ['lines-003.jsonl.gz', 1], ['lines-004.jsonl.gz', 1]]);
  const other = createPartWriter({ folder: root, prefix: 'other', partBytes: 10 });
  await expect(other.write(Buffer.alloc(2 ** 21))).rejects.toThrow('longer than any event can be');
  await other.abandon();
});

it('compresses many blocks in their order', async () => {
  const writer = createPartWriter({ folder: root, prefix: 'many', partBytes: 100_000_000 });
  const lines = Array.from({ length: 9_000 }, (_, at) => `${at} `.padEnd(1_000, String(at)));
  for (const line of lines) await writer.write(Buffer.from(line));
  const [file] = await writer.close();
  const bytes = readFileSync(join(root, file?.name ?? ''));
  expect(bytes.length).toBe(file?.bytes);
  expect(gunzipSync(bytes).toString()).toBe(`${lines.join('\n')}\n`);
});

it('keeps checkpoints by their day, each once', async () => {
  const kept = temporaryFolder();
  expect(await newestCheckpoint(kept.path)).toBeNull();
  const { vkey, checkpoints } = await writeExport(kept.path, { days: 1 });
  expect(await daysWithCheckpoints(kept.path)).toEqual(['2026-03-01', '2026-03-02']);
  const first = await checkpointsOf(kept.path, '2026-03-01');
  expect(first).toEqual(checkpoints.slice(0, 4).map(({ note }) => note));
  await keepCheckpoint(kept.path, first[1] as string);
  expect(await checkpointsOf(kept.path, '2026-03-01')).toEqual(first);
  expect(await newestCheckpoint(kept.path)).toBe(checkpoints[4]?.note);
  expect(await keysOf(kept.path)).toEqual([vkey]);

  // As object storage has them, one by one.
  const copy = temporaryFolder();
  for (const note of first) await keepSingleCheckpoint(copy.path, note);
  await keepKeyFile(copy.path, 'id', { vkey, endorsement: null });
  expect(await checkpointsOf(copy.path, '2026-03-01')).toEqual(first);
  expect([await newestCheckpoint(copy.path), await keysOf(copy.path)]).toEqual([first[3], [vkey]]);
  copy.remove();
  kept.remove();
});

it.each([
  ['{', 'no JSON object'],
  ['{"format":"other"}', 'its format is not'],
  ['{"format":"granary-audit-day/1","origin":"o","day":"2026-02-31"}', 'which log or which day'],
])('refuses the manifest %s', (text, why) => {
  expect(() => readManifest(text)).toThrow(why);
  expect(() => readTombstone(text)).toThrow('this is no tombstone');
});

it('refuses a manifest that was changed, also where only its form was', async () => {
  const manifest = await (await openDay({ root, origin: ORIGIN, day: '2026-03-03', firstLeaf: 1, frontier: [leafHash('a')] })).finish(END);
  const text = readFileSync(join(root, '2026/03/03/manifest.json'), 'utf8');
  for (const [from, to] of [['"leaves": 0', '"leaves": -1'], ['leaves.bin', '../leaves.bin'], ['"frontier": [', '"frontier": ["a",'], ['{', '{ '], ['"previous": null', '"previous": 1'], ['"sequence": 2', '"sequence": "2"'], ['"proof": []', '"proof": ["x"]']] as const) {
    expect(() => readManifest(text.replace(from, to))).toThrow('this is no manifest');
  }
  const stone = tombstoneText({ droppedAt: '2026-06-01T00:00:00.000Z', keptForMs: 1, manifest });
  expect(readTombstone(stone)).toEqual({ format: 'granary-audit-tombstone/1', droppedAt: '2026-06-01T00:00:00.000Z', keptForMs: 1, manifest });
  expect(() => readTombstone(stone.replace('{', '{ '))).toThrow('this is no tombstone');
  expect(() => readTombstone(stone.replace('"2026-06', '"soon'))).toThrow('this is no tombstone');
});
