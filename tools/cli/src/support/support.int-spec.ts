import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { rpcExamples } from '@granary/contracts';
import { layoutOf } from '@granary/embedded';
import { Fault } from '@granary/faults';
import { json, useExamplePlatform } from '../../test/use-example-platform';
import { wellVitals } from '../../test/well-platform';
import { granary } from '../../test/run-granary';

const used = useExamplePlatform();
// One for each entrance, so that a leak tells where it came in.
const canary = (name: string): string => `${name}${'Zq7'.repeat(6)}canary`;

/** The files of an archive, by their names without the folder. */
function untar(packed: Buffer): Map<string, string> {
  const archive = gunzipSync(packed);
  const files = new Map<string, string>();
  for (let at = 0; archive[at] !== 0; ) {
    const name = archive.subarray(at, at + 100).toString('utf8').replace(/\0.*$/, '');
    const size = Number.parseInt(archive.subarray(at + 124, at + 135).toString('latin1'), 8);
    files.set(name.split('/').slice(1).join('/'), archive.subarray(at + 512, at + 512 + size).toString('utf8'));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

it('collects what there is of a platform that is half dead, says what is missing, and gives no credential away', async () => {
  const layout = layoutOf(used.platform.folder);
  writeFileSync(layout.credentials, JSON.stringify({ version: 1, nats: { audit: canary('nats') }, postgres: {} }), { mode: 0o600 });
  mkdirSync(join(layout.root, 'services', 'auth'), { recursive: true });
  writeFileSync(join(layout.root, 'services', 'auth', 'signing.key'), canary('file'));
  mkdirSync(join(layout.root, 'logs'), { recursive: true });
  const lines = [
    { time: '2026-03-02T07:00:00.000Z', msg: 'long ago' },
    { time: '2026-03-02T09:10:00.000Z', msg: `fetch of https://ada:${canary('url')}@git.example.org/app.git failed`, password: canary('field'), body: JSON.stringify({ apiKey: canary('nested') }) },
    { time: '2026-03-02T09:11:00.000Z', msg: `the broker knows ${canary('nats')}, and the file ${canary('file')}` },
  ];
  writeFileSync(layout.logOf('harvester'), lines.map((line) => `${JSON.stringify({ level: 'error', ...line })}\n`).join(''));
  writeFileSync(layout.logOf('nats'), `[7] [ERR] authorization: Bearer ${canary('bearer1')}\n`);
  const [repository] = rpcExamples['harvester.repository.list'].response.repositories;
  used.platform.answer('harvester.repository.list', () => ({ repositories: repository ? [{ ...repository, lastError: `https://x:${canary('list')}@git.example.org/ is away` }] : [], next: null }));
  used.platform.vitals('audit', { ...wellVitals('audit'), metrics: `${wellVitals('audit').metrics}odd{url="https://x:${canary('label')}@h/"} 1\n` });
  used.platform.vitals('normalizer', null);
  used.platform.answer('harvester.job.list', () => {
    throw Fault.transient('database-away', `postgres://harvester:${canary('fault')}@db/granary is away`);
  });
  const env = { GRANARY_API_KEY: canary('key'), GRANARY_LOG_LEVEL: 'info' };

  const file = join(used.home, 'evidence.tar.gz');
  const made = await used.run(['support-bundle', '--out', file, '--json'], { env });
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const files = untar(readFileSync(file));
  const manifest = JSON.parse(files.get('manifest.json') ?? '') as { files: { path: string }[]; missing: { path: string; why: string }[] };
  expect(json(made)).toMatchObject({ file, missing: manifest.missing });
  expect([...files.keys()]).toEqual(expect.arrayContaining(['README.md', 'doctor.txt', 'machine.json', 'versions.json', 'services/audit.metrics.txt', 'broker/streams.json', 'lists/held.normalizer.json', 'lists/refused.harvester.json', 'logs/harvester.log', 'configuration/command.json']));
  expect(manifest.missing).toEqual(expect.arrayContaining([{ path: 'services/normalizer.status.json', why: 'the service does not answer' }, { path: 'lists/jobs.json', why: 'postgres://[redacted]@db/granary is away' }]));
  expect(files.get('logs/harvester.log')).toMatch(/^\{"level":"error","time":"2026-03-02T09:10[^]*the broker knows \[redacted\], and the file \[redacted\]"\}\n$/);
  expect(files.get('configuration/command.json')).toContain('"GRANARY_API_KEY": "[redacted]"');
  expect(files.get('doctor.txt')).toContain('normalizer is away');
  const everything = [...files].map(([path, text]) => `${path}\n${text}`).join('\n');
  for (const secret of ['nats', 'file', 'url', 'field', 'nested', 'bearer1', 'list', 'label', 'fault', 'key'].map(canary)) expect([secret, everything.includes(secret)]).toEqual([secret, false]);
  expect(everything).not.toContain(used.platform.platform.operator.password);

  // What is there already is somebody's evidence.
  expect(await used.run(['support-bundle', '--out', file])).toMatchObject({ code: 1, stderr: expect.stringContaining('is not overwritten') });
  expect(await used.run(['support-bundle', '--out', join(used.home, 'no', 'such')])).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be written') });
});

it('collects what a machine has on which nothing runs', async () => {
  const made = await granary(['support-bundle', '--since', '2026-03-01'], { cwd: used.home });
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/Wrote [^]*granary-support-2026-03-02T09-30-00\.tar\.gz: \d+ files, without credentials[^]*Could not be got:[^]*logs: there is none in/) });
});
