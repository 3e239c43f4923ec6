import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder, temporaryRepository, type TemporaryRepository } from '@granary/testing';
import { createGit, gitEnvironment, listTree, listWorkTree, openCatFile } from './index';
import type { TreeEntry } from './index';

const environment = { inherited: { PATH: process.env['PATH'] ?? '' }, configFile: devNull };
const git = createGit(environment);
const timeoutMs = 60_000;
let repository: TemporaryRepository;
let gitDir: string;

beforeAll(async () => {
  repository = await temporaryRepository({ 'a.txt': 'a', 'empty.txt': '', 'b/ö.bin': Buffer.from([0, 10, 255, 10]), 'b/large.txt': `${'line\n'.repeat(100_000)}end`, '.gitignore': 'ignored*\n' });
  gitDir = join(repository.path, '.git');
});

afterAll(() => repository.remove());

async function entriesOf(commit: string): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  for await (const some of listTree(git, commit, { gitDir, timeoutMs })) entries.push(...some);
  return entries;
}

describe('the objects of a repository', () => {
  const bytesOf = (contents: readonly (Buffer | null)[]): (number | null)[] => contents.map((content) => content && content.length);

  it('are listed and read whole and in order, each way that there is', async () => {
    const entries = await entriesOf('HEAD');
    expect(entries.map(({ path, bytes, type }) => [path, bytes, type])).toEqual([['.gitignore', 9, 'file'], ['a.txt', 1, 'file'], ['b/large.txt', 500_003, 'file'], ['b/ö.bin', 4, 'file'], ['empty.txt', 0, 'file']]);
    const asked = [...entries.map(({ blob }) => blob), '0'.repeat(40), entries[1]?.blob ?? ''];
    const objects = openCatFile(gitDir, gitEnvironment(environment));
    try {
      const [read, each] = [[] as (Buffer | null)[], [] as (Buffer | null)[]];
      for await (const content of objects.read(asked)) read.push(content && Buffer.from(content));
      await objects.each(asked, (content, place) => (each[place] = content && Buffer.from(content)));
      expect(bytesOf(read)).toEqual([9, 1, 500_003, 4, 0, null, 1]);
      expect(each).toEqual(read);
      expect(read[3]).toEqual(Buffer.from([0, 10, 255, 10]));
      await objects.each([], () => fail());
      await objects.each([await repository.head()], (content) => expect(content?.toString()).toContain('committer Granary test'));
    } finally {
      objects.close();
    }
  });

  it('are many more than fit into a pipe', async () => {
    const { blob = '' } = (await entriesOf('HEAD'))[2] ?? {};
    const objects = openCatFile(gitDir, gitEnvironment(environment));
    let bytes = 0;
    await objects.each(Array.from({ length: 20 }, () => blob), (content) => (bytes += content?.length ?? 0));
    objects.close();
    expect(bytes).toBe(20 * 500_003);
  });

  it('are missed when there is no repository, and when git ends', async () => {
    const nowhere = openCatFile(join(repository.path, 'nowhere'), gitEnvironment(environment));
    await expect(nowhere.each(['a'], () => undefined)).rejects.toThrow('git cat-file ended too early');
    const objects = openCatFile(gitDir, gitEnvironment(environment));
    await expect(objects.each(['HEAD^{tree}'], () => undefined)).rejects.toThrow("git cat-file answered '");
    objects.close();
    await expect(entriesOf('nothing')).rejects.toThrow('Not a valid object name');
    const elsewhere = createGit({ ...environment, inherited: { PATH: repository.path } });
    await expect(listTree(elsewhere, 'HEAD', { gitDir, timeoutMs }).next()).rejects.toMatchObject({ code: 'git-missing' });
  });
});

it('lists what a work tree holds besides what git ignores, and runs nothing that its configuration names', async () => {
  const worked = temporaryFolder();
  const { path, git: run, remove } = await temporaryRepository({ 'a/b.txt': '', 'c.txt': '', '.gitignore': 'ignored*\n' });
  try {
    mkdirSync(join(path, 'a/inner'));
    for (const name of ['a/new.txt', 'ignored.txt', 'a/inner/d.txt']) writeFileSync(join(path, name), '');
    await run('init', '--quiet', 'a/inner');
    await run('config', 'core.fsmonitor', `touch ${join(worked.path, 'ran')};`);
    const listed = (prefix: string) => listWorkTree(git, { gitDir: join(path, '.git'), workTree: path, prefix, timeoutMs });
    expect((await listed('')).sort()).toEqual(['.gitignore', 'a/b.txt', 'a/new.txt', 'c.txt']);
    expect((await listed('a')).sort()).toEqual(['a/b.txt', 'a/new.txt']);
    expect(await listed('ignored.txt')).toEqual([]);
    expect(readdirSync(worked.path)).toEqual([]);
  } finally {
    remove();
    worked.remove();
  }
});
