import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder, temporaryRepository, waitFor } from '@granary/testing';
import type { TemporaryFolder, TemporaryRepository } from '@granary/testing';
import { createGitApart } from './index';
import type { GitApart } from './index';

const SOURCES = join(__dirname, '../../testing/jest/sources.cjs');
const program = { file: join(__dirname, 'starter.worker.ts'), execArgv: ['--require', SOURCES] };
const environment = { inherited: { PATH: process.env['PATH'] ?? '' }, configFile: devNull };
const timeoutMs = 60_000;

let folder: TemporaryFolder;
let repository: TemporaryRepository;
let git: GitApart;
let slow: GitApart;

beforeAll(async () => {
  folder = temporaryFolder();
  repository = await temporaryRepository({ 'a.txt': 'a' });
  git = createGitApart(environment, program);
  // A program called git that says when it runs, and does not end by itself.
  mkdirSync(join(folder.path, 'bin'));
  writeFileSync(join(folder.path, 'bin', 'git'), `#!/bin/sh\necho $$ > ${folder.path}/running\nexec sleep 600\n`, { mode: 0o755 });
  slow = createGitApart({ ...environment, inherited: { PATH: `${join(folder.path, 'bin')}:${environment.inherited.PATH}` } }, program);
});
afterAll(() => {
  git.stop();
  slow.stop();
  repository.remove();
  folder.remove();
});

const starters = (): number[] => readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('starter.worker')).map(Number);
/** Runs the git that does not end. */
async function fetchForever(signal?: AbortSignal): Promise<{ fetching: Promise<unknown>; pid: number }> {
  rmSync(join(folder.path, 'running'), { force: true });
  const fetching = slow.run(['fetch'], { timeoutMs, signal });
  fetching.catch(() => undefined);
  return { fetching, pid: await waitFor(() => Number(readFileSync(join(folder.path, 'running'), 'utf8')), { what: 'git to run' }) };
}
const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

it('answers as git does, many at once and from one process', async () => {
  const call = { gitDir: join(repository.path, '.git'), timeoutMs };
  const heads = await Promise.all(Array.from({ length: 5 }, () => git.run(['rev-parse', 'HEAD'], call)));
  expect(heads).toEqual(Array.from({ length: 5 }, () => ({ state: 'done', stdout: expect.stringMatching(/^[0-9a-f]{40}\n$/) as string })));
  expect(await git.run(['rev-parse', 'none'], call)).toMatchObject({ state: 'failed', exitCode: 128, stderr: expect.stringContaining("ambiguous argument 'none'") as string, timedOutMs: null });
  const listed: string[] = [];
  for await (const records of git.records(['ls-tree', '-z', '--name-only', 'HEAD'], call)) listed.push(...records.map(String));
  expect(listed).toEqual(['a.txt']);
  expect(starters()).toHaveLength(1);
});

it('says that git is missing', async () => {
  await expect(createGitApart({ ...environment, inherited: { PATH: folder.path } }, program).run(['version'], { timeoutMs })).rejects.toMatchObject({ kind: 'permanent', code: 'git-missing', message: expect.stringContaining('install git') as string });
});

it('ends a git whose time is over, and one that nobody waits for any more', async () => {
  expect(await slow.run(['fetch'], { timeoutMs: 50 })).toMatchObject({ state: 'failed', timedOutMs: 50 });
  const controller = new AbortController();
  const { fetching, pid } = await fetchForever(controller.signal);
  controller.abort(new Error('cancelled'));
  await expect(fetching).rejects.toThrow('cancelled');
  await waitFor(() => !isAlive(pid), { what: 'git to end' });
  await expect(slow.run(['fetch'], { timeoutMs, signal: controller.signal })).rejects.toThrow('cancelled');
});

it('fails what runs when its process ends, takes that along, and goes on with another', async () => {
  const apart = createGitApart(environment, program);
  const before = starters();
  expect(await apart.run(['version'], { timeoutMs })).toMatchObject({ state: 'done' });
  const [own = 0] = starters().filter((pid) => !before.includes(pid));
  process.kill(own, 'SIGKILL');
  // A call at the very moment of its end fails, too.
  expect(await waitFor(() => apart.run(['version'], { timeoutMs }), { what: 'another process' })).toMatchObject({ state: 'done' });
  expect(starters()).not.toContain(own);
  apart.stop();
  await waitFor(() => starters().length === before.length, { what: 'the other one to end' });

  const { fetching, pid } = await fetchForever();
  slow.stop();
  await expect(fetching).rejects.toMatchObject({ kind: 'transient', code: 'git-failed' });
  await waitFor(() => !isAlive(pid), { what: 'git to end' });
});
