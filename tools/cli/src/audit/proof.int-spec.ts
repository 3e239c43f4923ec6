import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rpcExamples } from '@granary/contracts';
import { formatProof, formatVkey, inclusionRanges, leafHash, leafLine, momentLines, nodeHash, openNoteSigner, proofOf, signCheckpoint } from '@granary/transparency';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const { eventId } = rpcExamples['audit.proof.event'].request;
const signer = openNoteSigner('granary/test', Buffer.alloc(32, 7));
const KEY = formatVkey(signer.key);
const OTHER_KEY = formatVkey(openNoteSigner('granary/test', Buffer.alloc(32, 8)).key);
const EVENT = { epoch: 1, sequence: 2, storedAt: '2026-03-02T09:14:02.117Z', tenant: 'default', type: 'harvest.requested.v1', key: 'key', eventId, body: '{}' };
const LINES = [leafLine({ epoch: 1, hole: { first: 1, last: 1 } }), leafLine(EVENT)] as const;
const [HOLE, LEAF] = LINES.map(leafHash) as [Buffer, Buffer];
const checkpoint = signCheckpoint({ origin: 'granary/test', size: 2, root: nodeHash(HOLE, LEAF), extensions: momentLines({ time: new Date('2026-03-02T10:00:00Z'), epoch: 1, sequence: 2 }) }, [signer]);
const proofFor = (index: number) => formatProof({ index, proof: proofOf(inclusionRanges(index, 2), () => Buffer.concat([HOLE, LEAF])), checkpoint });

beforeEach(() => {
  used.platform.answer('audit.proof.event', () => ({ position: { epoch: 1, sequence: 2 }, index: 1, leaf: LINES[1], proof: proofFor(1) }));
  used.platform.answer('audit.checkpoint-key.list', () => ({ origin: 'granary/test', keys: [{ key: KEY, state: 'active', createdAt: '2026-03-02T09:00:00Z', retiredAt: null, endorsement: null }] }));
});

it('shows an event, and with --proof that it is in the log', async () => {
  expect((await used.run(`audit show ${eventId}`)).stdout).toMatch(/^position +1:4711\n/);
  const proven = await used.run(`audit show ${eventId} --proof`);
  expect(proven).toMatchObject({ code: 0, stderr: expect.stringContaining('keys that the platform itself names') });
  expect(proven.stdout).toMatch(/^proven +leaf 1 of the 2 that granary\/test signed at 2026-03-02T10:00:00.000Z$/m);
  expect(json(await used.run(`audit show ${eventId} --key ${KEY} --json`))).toMatchObject({ leaf: EVENT, index: 1, size: 2, key: KEY });
  expect(used.requests('audit.proof.event')).toEqual([{ eventId }, { eventId }]);
});

it('believes no answer that the key does not vouch for', async () => {
  expect(await used.run(`audit show ${eventId} --key ${OTHER_KEY}`)).toMatchObject({ code: 1, stderr: expect.stringContaining('none of the keys that are trusted signed this') });
  expect(await used.run(`audit show ${eventId} --key ${KEY}x`)).toMatchObject({ code: 1, stderr: expect.stringContaining('is no key') });
  used.platform.answer('audit.proof.event', () => ({ position: { epoch: 1, sequence: 2 }, index: 1, leaf: LINES[1].replace('default', 'another'), proof: proofFor(1) }));
  expect(await used.run(`audit show ${eventId} --proof`)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('This is not leaf 1 of the 2 that granary/test signed') });
  used.platform.answer('audit.proof.event', () => ({ position: { epoch: 1, sequence: 2 }, index: 0, leaf: LINES[0], proof: proofFor(0) }));
  expect(await used.run(`audit show ${eventId} --proof`)).toMatchObject({ code: 1, stderr: expect.stringContaining('events were lost there') });
});

describe('a proof in a file', () => {
  it('is checked without a platform', async () => {
    expect(await used.run(`audit show ${eventId} --output event.tlog-proof`)).toMatchObject({ code: 0, stdout: expect.stringContaining('event.tlog-proof') });
    expect(readFileSync(join(used.home, 'event.tlog-proof'), 'utf8')).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra /);
    const before = used.platform.asked.length;
    expect((await used.run(`audit check event.tlog-proof --key ${KEY}`)).stdout).toMatch(/^proven +leaf 1 of the 2/m);
    expect(used.platform.asked).toHaveLength(before);
  });

  it.each([
    ['without a key', '', proofFor(1), 2, 'a file cannot vouch for itself'],
    ['by another key', `--key ${OTHER_KEY}`, proofFor(1).replace('index', `extra ${Buffer.from(LINES[1]).toString('base64')}\nindex`), 1, 'none of the keys'],
    ['without the event', `--key ${KEY}`, proofFor(1), 1, 'does not bring the event'],
    ['with another event', `--key ${KEY}`, proofFor(1).replace('index', `extra ${Buffer.from(LINES[1].replace('{}', '[]')).toString('base64')}\nindex`), 1, 'the event, its place or the proof was changed'],
    ['that is none', `--key ${KEY}`, 'hello', 1, 'this is no proof'],
    ['that is huge', `--key ${KEY}`, 'x'.repeat(1_000_001), 1, 'larger than any proof'],
  ])('is refused %s', async (_what, options, text, code, message) => {
    writeFileSync(join(used.home, 'bad.tlog-proof'), text);
    expect(await used.run(`audit check bad.tlog-proof ${options}`.trim())).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('that is not there is not found', async () => {
    expect(await used.run(`audit check nothing --key ${KEY}`)).toMatchObject({ code: 4, stderr: expect.stringContaining('cannot be read') });
  });
});

it('lists checkpoints and keys', async () => {
  expect((await used.run('audit checkpoints')).stdout).toMatch(/hourly +4,711 +1:4709/);
  expect(used.requests('audit.checkpoint.list')).toEqual([{ limit: 24 }]);
  expect(await used.run('audit checkpoints --limit 0')).toMatchObject({ code: 2 });
  expect((await used.run('audit keys')).stdout).toContain(KEY);
});

it('proves that the log only grew', async () => {
  expect((await used.run('audit consistency 1 2')).stdout).toBe('1 leaves, root bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\nare the beginning of\n2 leaves, root +sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=\n');
  expect(used.requests('audit.proof.consistency')).toEqual([{ first: 1, second: 2 }]);
  used.platform.answer('audit.proof.consistency', () => ({ ...rpcExamples['audit.proof.consistency'].response, hashes: [] }));
  expect(await used.run('audit consistency 1')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is not the beginning of the log of 2') });
});

it('rotates the key after a yes', async () => {
  expect(await used.run('audit rotate-key')).toMatchObject({ code: 2, stderr: expect.stringContaining('give --yes') });
  expect(await used.run('audit rotate-key --yes')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^From now on granary\/.* signs\.\n$/) });
});
