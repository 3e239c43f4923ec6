import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { temporaryFolder } from '@granary/testing';
import { appendLeaves, EMPTY_EDGE, formatVkey, inclusionRanges, leafHash, momentLines, proofOf, rootOf, signCheckpoint } from '@granary/transparency';
import { aSigner, ORIGIN, someLeaves } from '../test/an-export';
import { EVERYBODY, readExtract } from './extract';
import { openExtract } from './extract-writer.store';
import { verifyExport } from './verify/verify-export.store';

// Of a day: 25 leaves, of which the eighth is a hole.
const leaves = someLeaves(1);
const { edge, tiles } = appendLeaves(EMPTY_EDGE, leaves.map(({ line }) => leafHash(line)));
const checkpoint = signCheckpoint({ origin: ORIGIN, size: leaves.length, root: rootOf(edge), extensions: momentLines({ time: new Date('2026-03-02T00:00:00Z'), epoch: 1, sequence: 26 }) }, [aSigner()]);
const vkey = formatVkey(aSigner().key);
const records = leaves.map(({ line }, index) => ({ index, leaf: line.toString(), proof: proofOf(inclusionRanges(index, leaves.length), () => tiles[0]?.hashes ?? null).map((one) => one.toString('base64')) }));

async function download(some = records, of = EVERYBODY, times: { since: string | null; until: string | null } = { since: null, until: null }) {
  const folder = temporaryFolder();
  const writer = openExtract(folder.path, 5_000);
  for (const record of some) await writer.add(record);
  await writer.finish({ of, ...times, checkpoint }, [vkey]);
  return folder;
}

const problemsOf = async (root: string, keys = [vkey]) => (await verifyExport(root, { keys })).problems.map(({ code, file, line, message }) => [code, file, line, message] as const);

it('is checked record by record', async () => {
  const folder = await download();
  expect(await verifyExport(folder.path, { keys: [vkey] })).toEqual({ of: '*', problems: [], anchored: true, days: null, dropped: 0, records: 25, decisions: 0, checkpoints: 1, newest: { time: '2026-03-02T00:00:00.000Z', size: 25 } });
  expect(await problemsOf(folder.path, [formatVkey(aSigner(2).key)])).toMatchObject([['checkpoint-untrusted', 'extract.json', null, expect.any(String)]]);
  folder.remove();
  const some = await download(records.slice(3, 9).filter(({ index }) => index !== 5 && index !== 7), 'acme', { since: '2026-03-01T03:00:00Z', until: '2026-03-01T09:00:00Z' });
  expect(await verifyExport(some.path)).toMatchObject({ of: 'acme', problems: [], records: 4, anchored: false });
  some.remove();
});

it.each<[string, typeof records, Parameters<typeof download>[1], Parameters<typeof download>[2], string]>([
  ['a record that was changed', records.map((record, at) => (at === 4 ? { ...record, leaf: record.leaf.replace('the 4th', 'the 5th') } : record)), '*', undefined, 'this is not leaf 4 of the log: record or proof were changed'],
  ['a record in another place', records.map((record, at) => (at === 4 ? { ...record, index: 5 } : record)), '*', undefined, 'this is not leaf 5 of the log'],
  ['records that changed places', [...records.slice(0, 3), ...records.slice(3, 5).reverse()], 'acme', undefined, 'leaf 3 stands behind leaf 4'],
  ['a record that is missing between all', records.filter((_, at) => at !== 4), '*', undefined, 'the records of leaves 4 to 4 are missing before it'],
  ['a record of somebody else', records, 'umbra', undefined, 'it is of the tenant acme'],
  ['a record of another time', records, '*', { since: '2026-03-01T03:00:00Z', until: null }, 'which is not what was asked for'],
  ['something that is none', [{ ...records[0], leaf: 'nothing' } as never], '*', undefined, 'it is no record'],
])('tells %s', async (_what, some, of, times, message) => {
  const folder = await download(some, of, times);
  const [found] = await problemsOf(folder.path);
  expect(found).toMatchObject(['record-changed', expect.stringMatching(/^records-00\d/), expect.any(Number), expect.stringContaining(message)]);
  folder.remove();
});

it('tells a file that is damaged, cut or gone, and a description that is none', async () => {
  const folder = await download();
  const file = join(folder.path, 'records-001.jsonl.gz');
  const lines = gunzipSync(readFileSync(file)).toString().split('\n');
  writeFileSync(file, gzipSync(lines.slice(1).join('\n')));
  expect(await problemsOf(folder.path)).toMatchObject([['file-damaged', 'records-001.jsonl.gz', lines.length - 2, expect.stringContaining('sha256')]]);
  rmSync(file);
  expect(await problemsOf(folder.path)).toMatchObject([['file-damaged', 'records-001.jsonl.gz', 0, expect.stringContaining('ENOENT')]]);
  for (const text of ['{', 'null', '{}', readFileSync(join(folder.path, 'extract.json'), 'utf8').replaceAll('records-00', '../records-')]) expect(() => readExtract(text)).toThrow('does not describe a download');
  folder.remove();
});
