import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createGitApart } from '@granary/git';
import type { GitApart } from '@granary/git';
import { createLogger } from '@granary/observability';
import { temporaryFolder, temporaryRepository } from '@granary/testing';
import type { TemporaryFolder, TemporaryRepository } from '@granary/testing';
import { PROGRAMS } from '../../test/programs';
import { createMirrors, prepareGitConfiguration } from '../mirror/mirror.client';
import type { Mirrors } from '../mirror/mirror.client';
import { createRemotes } from '../mirror/remote.client';
import type { Remotes } from '../mirror/remote.client';
import type { KnownSnapshot } from './known';
import { listFiles } from './list-files.handler';
import type { Listed } from './list-files.handler';

const { signal } = new AbortController();
let folder: TemporaryFolder;
let made: TemporaryRepository;
let git: GitApart;
let mirrors: Mirrors;
let remotes: Remotes;

beforeAll(async () => {
  folder = temporaryFolder();
  made = await temporaryRepository({ 'src/a.ts': '1', 'src/b.ts': '2', 'src/deep/c.ts': '3', 'package.json': '{}', 'ünï.ts': '4' });
  git = createGitApart({ inherited: { PATH: process.env['PATH'] ?? '' }, configFile: await prepareGitConfiguration(folder.path) }, PROGRAMS.starter);
  mirrors = createMirrors({ git, folder: folder.path, fetchTimeoutMs: 20_000, log: createLogger({ service: 'test', level: 'silent' }) });
  remotes = createRemotes({ git });
  before = await listed(null);
});

afterAll(() => {
  git.stop();
  made.remove();
  folder.remove();
});

type ListedCommit = Listed & { readonly commit: string };
/** What the example before left behind. */
let before: ListedCommit;
/** Fetches and lists the newest commit, all of it or from what is known. */
const listed = async (known: KnownSnapshot | null): Promise<ListedCommit> => {
  const remote = { location: made.path, transport: 'file', credentials: null, branch: null } as const;
  const { commit } = await mirrors.fetch('r', remote, await remotes.head(remote, { timeoutMs: 60_000 }), signal);
  return { ...(await listFiles(mirrors, { repositoryId: 'r', commit, base: known?.commit ?? null, ruleSet: 'r', known }, signal)), commit };
};
/** Lists all of a commit that is fetched, and compares it with the one before. */
const listedWhole = async (commit: string): Promise<ListedCommit> => ({ ...(await listFiles(mirrors, { repositoryId: 'r', commit, base: before.commit, ruleSet: 'r', known: null }, signal)), commit });
const knownOf = ({ commit, files }: { commit: string; files: Listed['files'] }): KnownSnapshot => ({ commit, files, ruleSet: 'r', facts: new Map(), notes: new WeakMap() });
const at = (path: string): string => join(made.path, path);
const write = (path: string, content: string): void => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
};

it.each<[string, () => void]>([
  ['other content', () => write('src/a.ts', 'changed')],
  ['files that are new', () => ['0.ts', 'src/ab.ts', 'zz/ä.ts', 'src/new folder/[x]*.ts'].forEach((path) => write(path, path))],
  ['a file with a name like an option', () => write('--help', 'x')],
  ['files that are gone', () => rmSync(at('src/deep'), { recursive: true })],
  ['a file that moved', () => renameSync(at('src/b.ts'), at('moved.ts'))],
  ['a file that becomes a folder', () => (rmSync(at('moved.ts')), write('moved.ts/inside.ts', 'x'))],
  ['a folder that becomes a file', () => (rmSync(at('moved.ts'), { recursive: true }), write('moved.ts', 'x'))],
  ['a file that becomes a link', () => (rmSync(at('src/ab.ts')), symlinkSync('a.ts', at('src/ab.ts')))],
  ['another mode', () => chmodSync(at('src/a.ts'), 0o755)],
  ['nothing', () => undefined],
])('follows %s, and gives what listing everything gives', async (_, edit) => {
  edit();
  const commit = await made.commit({});
  await mirrors.keep('r', before.commit);
  const followed = await listed(knownOf(before));
  const all = await listedWhole(commit);
  expect(followed.files).toEqual(all.files);
  expect(followed).toMatchObject({ canBeFollowed: true, commit });
  // Those that stayed are not even scanned again.
  expect(followed.files.some((file) => before.files.includes(file))).toBe(true);
  expect(followed.changes).toEqual(all.changes);
  before = all;
});

it('lists everything when the commit before is not in the mirror any more', async () => {
  await made.commit({ 'again.ts': 'x' });
  await mirrors.remove('r');
  const anew = await listed(knownOf(before));
  expect(anew.files.map(({ path }) => path)).toContain('again.ts');
  expect(anew.changes).toBeNull();
  before = anew;
});

it('lists everything when too much differs, or a path cannot be asked for', async () => {
  for (const files of [Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`many/${n}.ts`, `${n}`])), { 'back\\slash.ts': 'x' }]) {
    const commit = await made.commit(files);
    await mirrors.keep('r', before.commit);
    const after = await listed(knownOf(before));
    const all = await listedWhole(commit);
    expect(after.files).toEqual(all.files);
    expect(after.changes).toHaveLength(Object.keys(files).length);
    before = all;
  }
});
