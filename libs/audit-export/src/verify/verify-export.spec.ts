import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { hash } from 'node:crypto';
import { formatVkey, leafHash, momentLines, openCheckpoint, signCheckpoint, signNote } from '@granary/transparency';
import { temporaryFolder } from '@granary/testing';
import { aSigner, ORIGIN, writeExport, type WrittenExport } from '../../test/an-export';
import { keepKeyFile } from '../checkpoint-files.store';
import { manifestText, readManifest, type DayManifest } from '../manifest';
import { tombstoneText } from '../tombstone';
import { verifyExport } from './verify-export.store';
import { joinNotes, splitNotes } from '../notes';

const whole = temporaryFolder();
let written: WrittenExport;
beforeAll(async () => {
  written = await writeExport(whole.path);
});
afterAll(() => whole.remove());

const DAY = '2026/03/02';
const day = (root: string, name: string): string => join(root, DAY, name);
const lines = (root: string, name: string): string[] => gunzipSync(readFileSync(day(root, name))).toString().split('\n').slice(0, -1);

/** As somebody would who knows the format: the file is whole again, and the manifest names its new digest. */
function rewrite(root: string, name: string, changed: string[]): void {
  const bytes = gzipSync(`${changed.join('\n')}\n`);
  writeFileSync(day(root, name), bytes);
  remanifest(root, (file) => (file.name === name ? { ...file, records: changed.length, bytes: bytes.length, sha256: hash('sha256', bytes, 'hex') } : file));
}

function remanifest(root: string, change: (file: DayManifest['files'][number]) => DayManifest['files'][number]): void {
  const manifest = readManifest(readFileSync(day(root, 'manifest.json'), 'utf8'));
  writeFileSync(day(root, 'manifest.json'), manifestText({ ...manifest, files: manifest.files.map(change) }));
}

const swap = (all: string[], a: number, b: number): string[] => all.map((line, at) => (at === a ? (all[b] as string) : at === b ? (all[a] as string) : line));
const without = (all: string[], at: number): string[] => all.filter((_, place) => place !== at);

it('finds nothing wrong with an export that nobody touched', async () => {
  expect(await verifyExport(whole.path, { keys: [written.vkey] })).toEqual({
    of: null,
    problems: [],
    anchored: true,
    days: { first: '2026-03-01', last: '2026-03-03', count: 3 },
    dropped: 0,
    records: 75,
    decisions: 3,
    checkpoints: 13,
    newest: { time: '2026-03-04T00:01:00.000Z', size: 75 },
  });
  expect(readdirSync(join(whole.path, DAY)).filter((name) => name.startsWith('events-')).length).toBeGreaterThan(1);
});

it('takes the keys of the folder when none is given, and says that these prove less', async () => {
  expect(await verifyExport(whole.path)).toMatchObject({ problems: [], anchored: false });
});

// The second day has the leaves 25 to 49, of 2,000 bytes a part: eight or nine in each.
describe('tells exactly what was done:', () => {
  const events = 'events-001.jsonl.gz';
  it.each<[string, (root: string) => void, object[]]>([
    ['a byte of a body is another', (root) => rewrite(root, events, lines(root, events).map((line, at) => (at === 3 ? line.replace('the 27th', 'the 28th') : line))), [
      { code: 'record-changed', file: `${DAY}/${events}`, line: 4, leaf: 28, message: `${events}, line 4 (says it is 1:30): the record of leaf 28 was changed` },
      { code: 'manifest-changed', day: '2026-03-02' },
    ]],
    ['a compressed file was edited', (root) => {
      const bytes = readFileSync(day(root, events));
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] as number) ^ 0xff;
      writeFileSync(day(root, events), bytes);
    }, [{ code: 'file-damaged', file: `${DAY}/${events}`, line: 0, leaf: 25, message: expect.stringContaining('cannot be read beyond line 0') as string }]],
    ['a byte of a file that changes no record', (root) => {
      const bytes = readFileSync(day(root, events));
      bytes[9] = 99; // the operating system in the header
      writeFileSync(day(root, events), bytes);
    }, [{ code: 'file-damaged', file: `${DAY}/${events}`, message: `${events}: its bytes are not those that its manifest names (sha256)` }]],
    ['a line is gone', (root) => rewrite(root, events, without(lines(root, events), 2)), [
      { code: 'record-missing', line: 3, leaf: 27, message: expect.stringContaining('the record of leaf 27 is missing; that of leaf 28 follows') as string },
      { code: 'manifest-changed' },
    ]],
    ['two lines changed places', (root) => rewrite(root, events, swap(lines(root, events), 1, 4)), [
      { code: 'record-reordered', line: 2, leaf: 26, message: expect.stringContaining('the record of leaf 29 stands where that of leaf 26 belongs') as string },
      { code: 'manifest-changed' },
    ]],
    ['a line was added', (root) => rewrite(root, events, [...lines(root, events).slice(0, 2), lines(root, events)[1]?.replace('26', '99') as string, ...lines(root, events).slice(2)]), [
      { code: 'record-added', line: 3, leaf: 27 },
      { code: 'manifest-changed' },
    ]],
    ['a file is gone', (root) => rmSync(day(root, events)), [{ code: 'file-missing', file: `${DAY}/${events}`, leaf: 25, message: expect.stringMatching(/^events-001\.jsonl\.gz with 10 records, leaves 25 to 34 is missing$/) as string }]],
    ['a file is there that nobody wrote', (root) => writeFileSync(day(root, 'events-099.jsonl.gz'), ''), [{ code: 'file-unknown', file: `${DAY}/events-099.jsonl.gz` }]],
    ['the hashes were changed', (root) => {
      const bytes = readFileSync(day(root, 'leaves.bin'));
      bytes[32 * 3] = (bytes[32 * 3] as number) ^ 1;
      writeFileSync(day(root, 'leaves.bin'), bytes);
    }, [{ code: 'leaves-changed', leaf: 28, file: `${DAY}/leaves.bin` }]],
    ['the hashes are gone', (root) => rmSync(day(root, 'leaves.bin')), [{ code: 'file-missing', file: `${DAY}/leaves.bin` }]],
    ['a record and its hash were changed together', (root) => {
      const changed = lines(root, events).map((line, at) => (at === 3 ? line.replace('the 27th', 'the 28th') : line));
      rewrite(root, events, changed);
      const bytes = readFileSync(day(root, 'leaves.bin'));
      leafHash(changed[3] as string).copy(bytes, 32 * 3);
      writeFileSync(day(root, 'leaves.bin'), bytes);
      remanifest(root, (file) => (file.name === 'leaves.bin' ? { ...file, sha256: hash('sha256', bytes, 'hex') } : file));
    }, [
      { code: 'record-changed', leaf: 26, message: expect.stringContaining('between leaf 26 and leaf 31 at least one record is not what was signed') as string },
      { code: 'manifest-changed' },
    ]],
    ['a decision is gone', (root) => rewrite(root, 'decisions-001.jsonl.gz', ['{"leaf":30}']), [{ code: 'decisions-differ', line: 1 }, { code: 'manifest-changed' }]],
    ['a day is gone', (root) => rmSync(join(root, DAY), { recursive: true }), [{ code: 'day-missing', day: '2026-03-02', leaf: 25 }]],
    ['a day lies elsewhere', (root) => renameSync(join(root, DAY), join(root, '2026/03/09')), [{ code: 'day-misplaced', day: '2026-03-09' }, { code: 'day-missing', day: '2026-03-02' }]],
    ['the last day is gone', (root) => rmSync(join(root, '2026/03/03'), { recursive: true }), []],
    ['the last two days are gone', (root) => ['2026/03/03', DAY].forEach((one) => rmSync(join(root, one), { recursive: true })), [{ code: 'tail-missing', day: '2026-03-02', leaf: 25 }]],
    ['a manifest says something else', (root) => remanifest(root, (file) => ({ ...file, bytes: file.bytes + 1 })), [{ code: 'manifest-changed', file: `${DAY}/manifest.json` }]],
    ['a manifest is no manifest', (root) => writeFileSync(day(root, 'manifest.json'), '{}'), [{ code: 'manifest-unreadable', file: `${DAY}/manifest.json` }, { code: 'day-missing' }]],
    ['a checkpoint was signed anew by another key', (root) => {
      const file = join(root, 'checkpoints/2026-03-02.txt');
      const notes = splitNotes(readFileSync(file, 'utf8'));
      const { checkpoint } = openCheckpoint(notes[1] as string, [aSigner().key]);
      notes[1] = signCheckpoint(checkpoint, [aSigner(2)]);
      writeFileSync(file, joinNotes(notes));
    }, [{ code: 'checkpoint-untrusted', file: 'checkpoints/2026-03-02.txt', message: expect.stringMatching(/^checkpoint 2 in .*, of 2026-03-02T06:01:00\.000Z: none of the keys that are trusted signed this; it is signed by granary\.test\/log\+[0-9a-f]{8}$/) as string }]],
    ['a checkpoint was changed', (root) => {
      const file = join(root, 'checkpoints/2026-03-02.txt');
      writeFileSync(file, readFileSync(file, 'utf8').replace('\n32\n', '\n31\n'));
    }, [{ code: 'checkpoint-forged', file: 'checkpoints/2026-03-02.txt' }]],
    ['the log signed another history', (root) => {
      const file = join(root, 'checkpoints/2026-03-02.txt');
      const notes = splitNotes(readFileSync(file, 'utf8'));
      notes[1] = signCheckpoint({ origin: ORIGIN, size: 32, root: leafHash('other'), extensions: momentLines({ time: new Date('2026-03-02T06:01:00Z'), epoch: 1, sequence: 34 }) }, [aSigner()]);
      writeFileSync(file, joinNotes(notes));
    }, [{ code: 'checkpoint-contradicted', day: '2026-03-02', leaf: null }]],
    ['the log was set back', (root) => {
      const file = join(root, 'checkpoints/2026-03-05.txt');
      writeFileSync(file, signCheckpoint({ origin: ORIGIN, size: 3, root: leafHash('other'), extensions: momentLines({ time: new Date('2026-03-04T00:02:00Z'), epoch: 1, sequence: 3 }) }, [aSigner()]));
    }, [{ code: 'checkpoints-rewound' }, { code: 'checkpoint-contradicted' }]],
    ['there is no key', (root) => rmSync(join(root, 'keys.txt')), [{ code: 'key-malformed' }]],
  ])('%s', async (_what, tamper, expected) => {
    const folder = temporaryFolder();
    cpSync(whole.path, folder.path, { recursive: true });
    tamper(folder.path);
    const keys = existsSync(join(folder.path, 'keys.txt')) ? [written.vkey] : [];
    const { problems } = await verifyExport(folder.path, { keys });
    folder.remove();
    expect(problems.slice(0, Math.max(expected.length, 1))).toMatchObject(expected);
    if (expected.length === 0) expect(problems).toEqual([]);
  });

  it('a file ends too early', async () => {
    const folder = temporaryFolder();
    cpSync(whole.path, folder.path, { recursive: true });
    const last = readdirSync(join(folder.path, DAY)).filter((name) => name.startsWith('events-')).at(-1) as string;
    rewrite(folder.path, last, lines(folder.path, last).slice(0, -2));
    expect((await verifyExport(folder.path, { keys: [written.vkey] })).problems[0]).toMatchObject({ code: 'tail-missing', file: `${DAY}/${last}`, leaf: 48, message: expect.stringContaining('the records end here; those of leaves 48 to 49 are missing') as string });
    folder.remove();
  });
});

it('proves what is left when days were dropped by rule', async () => {
  const folder = temporaryFolder();
  cpSync(whole.path, folder.path, { recursive: true });
  const manifest = written.manifests[0] as DayManifest;
  const stone = join(folder.path, 'tombstones');
  cpSync(join(folder.path, 'checkpoints'), stone, { recursive: true });
  const text = tombstoneText({ droppedAt: '2026-06-01T00:00:00.000Z', keptForMs: 1, manifest });
  writeFileSync(join(stone, '2026-03-01.json'), text);
  rmSync(join(folder.path, '2026/03/01'), { recursive: true });

  expect(await verifyExport(folder.path, { keys: [written.vkey] })).toMatchObject({ problems: [], dropped: 1, records: 50, days: { first: '2026-03-01', count: 3 } });
  writeFileSync(join(stone, '2026-03-01.json'), text.replace(manifest.after.root, leafHash('other').toString('base64')));
  expect((await verifyExport(folder.path, { keys: [written.vkey] })).problems).toMatchObject([{ code: 'proof-wrong', file: 'tombstones/2026-03-01.json' }, { code: 'manifest-changed' }]);
  folder.remove();
});

it('believes a key that a trusted one vouches for', async () => {
  const folder = temporaryFolder();
  cpSync(whole.path, folder.path, { recursive: true });
  const next = aSigner(2);
  const file = join(folder.path, 'checkpoints/2026-03-02.txt');
  const notes = splitNotes(readFileSync(file, 'utf8'));
  writeFileSync(file, joinNotes(notes.map((note) => signCheckpoint(openCheckpoint(note, [aSigner().key]).checkpoint, [next]))));
  const vkey = formatVkey(next.key);
  const verify = async (endorsement: string | null) => {
    await keepKeyFile(folder.path, next.key.id, { vkey, endorsement });
    return (await verifyExport(folder.path, { keys: [written.vkey] })).problems.map(({ code }) => code);
  };
  const word = `${ORIGIN} checkpoint key\n${vkey}\n2026-03-02T00:00:00.000Z\n`;

  expect(await verify(signNote(word, [aSigner()]))).toEqual([]);
  const refused = notes.map(() => 'checkpoint-untrusted');
  expect(await verify(null)).toEqual(refused);
  expect(await verify(signNote(word, [aSigner(3)]))).toEqual(refused);
  expect(await verify(signNote(word.replace(vkey, written.vkey), [aSigner()]))).toEqual(refused);
  folder.remove();
});

it('says so when there is nothing', async () => {
  const folder = temporaryFolder();
  expect((await verifyExport(folder.path, { keys: [written.vkey] })).problems).toMatchObject([{ code: 'nothing-there' }]);
  folder.remove();
});
