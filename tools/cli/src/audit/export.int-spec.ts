import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { rpcExamples } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { appendLeaves, EMPTY_EDGE, formatVkey, inclusionRanges, leafHash, leafLine, momentLines, openNoteSigner, proofOf, rootOf, signCheckpoint } from '@granary/transparency';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const signer = openNoteSigner('granary/test', Buffer.alloc(32, 7));
const KEY = formatVkey(signer.key);
const TENANT = rpcExamples['auth.identity.show'].response.principal.tenant;
const LEAVES = [1, 2, 3, 4].map((sequence) => leafLine({ epoch: 1, sequence, storedAt: `2026-03-02T09:14:0${sequence}.000Z`, tenant: TENANT, type: 'harvest.requested.v1', key: 'key', eventId: `event-${sequence}`, body: '{"n":1}' }));
const { edge, tiles } = appendLeaves(EMPTY_EDGE, LEAVES.map((line) => leafHash(line)));
const checkpoint = signCheckpoint({ origin: 'granary/test', size: 4, root: rootOf(edge), extensions: momentLines({ time: new Date('2026-03-02T10:00:00Z'), epoch: 1, sequence: 4 }) }, [signer]);
const record = (index: number) => ({ index, leaf: LEAVES[index] as string, proof: proofOf(inclusionRanges(index, 4), () => tiles[0]?.hashes ?? null).map((hash) => hash.toString('base64')) });

it('downloads records page by page, which are checked anywhere', async () => {
  used.platform.answer('audit.export.read', ({ after, size }) => (after === undefined ? { size: 4, checkpoint, records: [record(0), record(1)], next: { epoch: 1, sequence: 2 } } : { size: size ?? 0, checkpoint, records: [record(3)], next: null }));
  used.platform.answer('audit.checkpoint-key.list', () => ({ origin: 'granary/test', keys: [{ key: KEY, state: 'active', createdAt: '2026-03-02T09:00:00Z', retiredAt: null, endorsement: null }] }));

  expect(json(await used.run('audit export --out records --since 2026-03-02T00:00:00Z --json'))).toMatchObject({ of: TENANT, since: '2026-03-02T00:00:00.000Z', until: null, records: 3 });
  expect(used.requests('audit.export.read')).toEqual([{ since: '2026-03-02T00:00:00.000Z' }, { since: '2026-03-02T00:00:00.000Z', size: 4, after: { epoch: 1, sequence: 2 } }]);
  expect(readdirSync(join(used.home, 'records')).sort()).toEqual(['extract.json', 'keys.txt', 'records-001.jsonl.gz']);
  expect(await used.run('audit export --out records')).toMatchObject({ code: 2, stderr: expect.stringContaining('is not empty') });
  expect(await used.run('audit export')).toMatchObject({ code: 2, stderr: expect.stringContaining('--out') });

  const checked = await used.run('audit verify records');
  expect(checked).toMatchObject({ code: 0, stderr: expect.stringContaining('keys that the folder itself names') });
  expect(checked.stdout).toMatch(new RegExp(`^verdict +everything is what was signed\\nrecords +3 of ${TENANT}\\n[^]*complete up to +2026-03-02T10:00:00.000Z, 4 leaves`));

  const file = join(used.home, 'records', 'records-001.jsonl.gz');
  writeFileSync(file, gzipSync(gunzipSync(readFileSync(file)).toString().replace('event-2', 'event-7')));
  const changed = await used.run(`audit verify records --key ${KEY}`);
  expect(changed).toMatchObject({ code: 1, stderr: '' });
  expect(changed.stdout).toMatch(/1 problem[^]*record-changed +records-001\.jsonl\.gz\n +records-001\.jsonl\.gz, line 2: this is not leaf 1 of the log/);
});

it('leaves nothing behind when records cannot be had', async () => {
  used.platform.answer('audit.export.read', () => {
    throw Fault.permanent('log-suspect', 'the log is another one');
  });
  expect(await used.run('audit export --out refused')).toMatchObject({ code: 1, stderr: expect.stringContaining('the log is another one') });
  expect(existsSync(join(used.home, 'refused'))).toBe(false);
});

it('says so when a folder has no export', async () => {
  const { code, stdout } = await used.run('audit verify nowhere --json');
  expect([code, JSON.parse(stdout)]).toEqual([1, expect.objectContaining({ problems: [expect.objectContaining({ code: 'nothing-there' })] })]);
});
