import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { FactPack, Repository } from '@granary/contracts';
import type { HostedService } from '@granary/service-host';
import { temporaryFolder, waitFor } from '@granary/testing';
import type { TemporaryFolder } from '@granary/testing';
import { rawRepository } from '../test/raw-repository';
import type { World } from '../test/world';
import { startWorld } from '../test/world';

let world: World;
let service: HostedService;
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = temporaryFolder();
  world = await startWorld();
  // Many small batches, so that whoever waits for a worker is seen to get a turn.
  Object.assign(world.environment, { GRANARY_HARVESTER_BATCH: '1B', GRANARY_HARVESTER_WORKERS: '1', GRANARY_HARVESTER_JOBS: '2' });
  service = await world.host();
});

afterEach(() => world.forget());

afterAll(async () => {
  await service?.stop();
  await world?.stop();
  folder.remove();
});

const shown = async (repositoryId: string): Promise<Repository> => {
  const { repositories } = await world.rpc.call('harvester.repository.list', {});
  return repositories.find((one) => one.repositoryId === repositoryId) ?? Promise.reject(new Error('it is not listed'));
};
const until = (repositoryId: string, what: string, matching: (repository: Repository) => boolean): Promise<Repository> =>
  waitFor(
    async () => {
      const repository = await shown(repositoryId);
      return matching(repository) ? repository : null;
    },
    { what, everyMs: 100 },
  );
const packOf = async (commit: string): Promise<FactPack> => (await world.read((await world.eventOf('harvest.completed.v1', { commit })).data.facts.digest)) as FactPack;
const harvested = async (location: string, options: { name?: string; branch?: string } = {}): Promise<Repository> => {
  const { jobId, repository } = await world.add(location, options);
  await world.jobIn(jobId, 'completed');
  return shown(repository.repositoryId);
};

describe('a repository that is watched', () => {
  it('is behind since its unharvested head was first seen, however often that moves', async () => {
    const made = await world.repository({ 'a.ts': '' });
    const { repositoryId, unharvestedSince } = await harvested(made.path);
    expect(unharvestedSince).toBeNull();
    // A harvest that does not end: what moves meanwhile stays unharvested.
    const first = await made.commit({ 'slow.ts': '// POISON-SLOW 1500\n// behind' });
    const seen = (await world.eventOf('repository.head-moved.v1', { commit: first })).data.seenAt;
    const second = await made.commit({ 'b.ts': '' });
    await world.eventOf('repository.head-moved.v1', { commit: second });
    expect(await shown(repositoryId)).toMatchObject({ headCommit: second, unharvestedSince: seen });
    expect(await until(repositoryId, 'the newest commit', ({ harvestedCommit }) => harvestedCommit === second)).toMatchObject({ unharvestedSince: null });
  });

  it('is followed through a rewritten and an unrelated history, and through renamed files', async () => {
    const made = await world.repository({ 'a.ts': `import 'one';`, 'b.ts': `import 'two';` });
    const { repositoryId, harvestedCommit: first } = await harvested(made.path);
    await made.git('mv', 'a.ts', 'renamed.ts');
    await made.git('commit', '--quiet', '--amend', '--message', 'another first commit');
    const rewritten = await made.head();
    const { data } = await world.eventOf('harvest.completed.v1', { repositoryId, commit: rewritten });
    expect(data).toMatchObject({ base: first, files: { total: 2, analysed: 0, reused: 2 } });
    expect(await world.read(data.changes?.digest ?? '')).toMatchObject({ base: first, changes: [{ path: 'a.ts', status: 'removed' }, { path: 'renamed.ts', status: 'added' }] });

    await made.git('checkout', '--quiet', '--orphan', 'unrelated');
    await made.git('rm', '--quiet', '-rf', '.');
    const unrelated = await made.commit({ 'c.ts': `import 'three';` });
    await made.git('branch', '--quiet', '--force', 'main', unrelated);
    await made.git('switch', '--quiet', 'main');
    const { data: last } = await world.eventOf('harvest.completed.v1', { repositoryId, commit: unrelated });
    expect(last).toMatchObject({ base: rewritten, files: { total: 1 } });
  });

  it('on a branch that is deleted says so, keeps what it has, and goes on when the branch is back', async () => {
    const made = await world.repository({ 'a.ts': '' });
    await made.git('branch', 'release');
    const { repositoryId, harvestedCommit } = await harvested(made.path, { branch: 'release' });
    await made.git('branch', '--quiet', '-D', 'release');
    const lost = await until(repositoryId, 'the error of the poll', ({ lastError }) => lastError !== null);
    expect(lost).toMatchObject({ state: 'active', harvestedCommit, unharvestedSince: null });
    expect(lost.lastError).toMatch(/has no commit on release; its branches are main\. /);
    const asked = await world.rpc.call('harvester.harvest.request', { repository: repositoryId });
    expect(await world.jobIn(asked.jobId, 'failed')).toMatchObject({ attempts: 1, error: { stage: 'fetching', code: 'branch-not-found' } });
    const back = await made.commit({ 'b.ts': '' });
    await made.git('branch', 'release');
    await world.eventOf('harvest.completed.v1', { repositoryId, commit: back });
    expect(await until(repositoryId, 'the error to be gone', ({ lastError }) => lastError === null)).toMatchObject({ harvestedCommit: back });
  });

  it('follows its default branch when that is renamed, and a head that is detached', async () => {
    const made = await world.repository({ 'a.ts': '' });
    const { repositoryId } = await harvested(made.path);
    await made.git('branch', '--quiet', '--move', 'main', 'trunk');
    const trunk = await made.commit({ 'b.ts': '' });
    expect((await world.eventOf('harvest.completed.v1', { repositoryId, commit: trunk })).data.ref).toBe('refs/heads/trunk');
    await made.git('checkout', '--quiet', '--detach');
    const detached = await made.commit({ 'c.ts': '' });
    expect((await world.eventOf('harvest.completed.v1', { repositoryId, commit: detached })).data.ref).toBe('HEAD');
  });

  it('that is moved away says so, and goes on when it is back', async () => {
    const made = await world.repository({ 'a.ts': '' });
    const [here, there] = [join(folder.path, 'here.git'), join(folder.path, 'there.git')];
    await made.git('clone', '--quiet', '--bare', made.path, here);
    const { repositoryId } = await harvested(here);
    renameSync(here, there);
    // A poll that is under way at this moment may say it in git's words.
    const missing = `${here} does not exist: pass the absolute path of a folder that contains .git, on the machine where the harvester runs`;
    await until(repositoryId, 'the error of the poll', ({ lastError }) => lastError === missing);
    const next = await made.commit({ 'b.ts': '' });
    await made.git('push', '--quiet', there, 'main');
    renameSync(there, here);
    await world.eventOf('harvest.completed.v1', { repositoryId, commit: next });
    expect(await until(repositoryId, 'the error to be gone', ({ lastError }) => lastError === null)).toMatchObject({ harvestedCommit: next, unharvestedSince: null });
  });

  it('has its submodules recorded by commit and address, and not fetched', async () => {
    const made = await world.repository({ 'a.ts': '', '.gitmodules': '[submodule "lib"]\n\tpath = vendored/lib\n\turl = https://git.example.org/team/lib.git\n\tbranch = main\n' });
    const commit = 'c'.repeat(40);
    await made.git('update-index', '--add', '--cacheinfo', `160000,${commit},vendored/lib`);
    await made.git('commit', '--quiet', '--message', 'a submodule');
    await harvested(made.path);
    const pack = await packOf(await made.head());
    expect(pack.files.find(({ path }) => path === 'vendored/lib')).toMatchObject({ skipped: 'submodule', blob: commit });
    expect(pack.manifests).toMatchObject([{ path: '.gitmodules', kind: 'gitmodules', content: { submodules: [{ path: 'vendored/lib', url: 'https://git.example.org/team/lib.git' }] } }]);
  });

  it('may be shallow, or name its objects by SHA-256', async () => {
    const made = await world.repository({ 'a.ts': '' });
    await made.commit({ 'b.ts': '' });
    await made.git('clone', '--quiet', '--depth=1', `file://${made.path}`, join(folder.path, 'shallow'));
    expect(await harvested(join(folder.path, 'shallow'))).toMatchObject({ harvestedCommit: await made.head() });

    const sha256 = join(folder.path, 'sha256');
    await made.git('init', '--quiet', '--initial-branch=main', '--object-format=sha256', sha256);
    for (const message of ['one', 'two']) {
      await made.git('-C', sha256, 'commit', '--quiet', '--allow-empty', '--message', message);
      const head = await made.git('-C', sha256, 'rev-parse', 'HEAD');
      if (message === 'one') expect(await harvested(sha256)).toMatchObject({ harvestedCommit: head });
      else expect((await world.eventOf('harvest.completed.v1', { commit: head })).data.base).toHaveLength(64);
    }
  });

  it('with nothing but tags is refused, with what to do', async () => {
    const made = await world.repository({ 'a.ts': '' });
    const tagged = join(folder.path, 'tagged.git');
    await made.git('init', '--quiet', '--bare', tagged);
    await made.git('push', '--quiet', tagged, 'HEAD:refs/tags/v1');
    await expect(world.add(tagged)).rejects.toMatchObject({ kind: 'permanent', code: 'empty-repository', message: expect.stringContaining('only has tags') as string });
  });
});

describe('all repositories of a tenant', () => {
  it('are harvested by one request, and those of others are not', async () => {
    const other = await world.as({ tenant: 'beta', role: 'owner' });
    const made = await world.repository({ 'a.ts': '' });
    const theirs = await world.rpc.call('harvester.repository.add', { location: made.path }, other);
    await waitFor(async () => ((await world.rpc.call('harvester.job.show', { jobId: theirs.jobId }, other)).job.state === 'completed' ? true : null), { everyMs: 100, what: 'their harvest' });
    const { repositories } = await world.rpc.call('harvester.repository.list', {});
    const { requested, correlationId } = await world.rpc.call('harvester.harvest.request-all', {});
    expect(requested).toBe(repositories.length);
    const { jobs } = await world.rpc.call('harvester.job.list', { limit: 100 });
    const asked = jobs.filter((job) => job.correlationId === correlationId);
    expect(asked.map(({ repositoryId }) => repositoryId).sort()).toEqual(repositories.map(({ repositoryId }) => repositoryId).sort());
    for (const { jobId } of asked) expect(await world.jobIn(jobId, 'completed')).toMatchObject({ reason: 'manual' });
    expect((await world.rpc.call('harvester.job.list', {}, other)).jobs).toHaveLength(1);
    expect(await world.rpc.call('harvester.harvest.request-all', {}, await world.as({ tenant: 'nobody', role: 'owner' }))).toMatchObject({ requested: 0 });
  });

  it('are not kept waiting by one that is huge', async () => {
    const made = async (name: string, count: number, content: (n: number) => string): Promise<string> => {
      const { path, git } = await rawRepository(folder.path, name);
      const files = Array.from({ length: count }, (_, n) => `M 100644 inline file${n}.ts\ndata ${content(n).length}\n${content(n)}\n`);
      await git(['fast-import', '--quiet'], `commit refs/heads/main\ncommitter a <a@example.org> 0 +0000\ndata 0\n${files.join('')}`);
      return path;
    };
    const { jobId } = await world.add(await made('huge.git', 1500, (n) => `// POISON-SLOW 20\nexport const huge = ${n};\n`));
    await world.jobIn(jobId, 'parsing');
    const small = await Promise.all(Array.from({ length: 4 }, (_, n) => made(`small-${n}.git`, 1, () => `export const small = ${n};\n`)));
    const asked = await Promise.all(small.map((path) => world.add(path)));
    for (const one of asked) expect(await world.jobIn(one.jobId, 'completed', 'failed')).toMatchObject({ state: 'completed' });
    const still = await world.show(jobId);
    expect(still).toMatchObject({ state: 'parsing', progress: { total: 1500 } });
    expect(still.progress.done).toBeGreaterThan(0);
    await world.rpc.call('harvester.job.cancel', { jobId });
  });
});
