import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HostedService } from '@granary/service-host';
import { temporaryFolder, waitFor } from '@granary/testing';
import type { TemporaryFolder, TemporaryRepository } from '@granary/testing';
import type { GitWebServer } from '../test/git-web-server';
import { gitWebServer } from '../test/git-web-server';
import type { World } from '../test/world';
import { startWorld } from '../test/world';

let world: World;
let service: HostedService;
let folder: TemporaryFolder;
let made: TemporaryRepository;
let web: GitWebServer;

beforeAll(async () => {
  folder = temporaryFolder();
  world = await startWorld();
  service = await world.host();
  made = await world.repository({ 'a.ts': `import './d/b';`, 'd/b.ts': 'export {};' });
  web = await gitWebServer({ folder: folder.path, plain: true });
});

afterAll(async () => {
  await service?.stop();
  await world?.stop();
  web?.close();
  folder.remove();
});

const objectOf = (bare: string, id: string): string => join(bare, 'objects', id.slice(0, 2), id.slice(2));

/** A bare clone without one of the objects that its newest commit needs. */
async function without(what: string, name: string): Promise<{ bare: string; id: string }> {
  const bare = join(folder.path, `${name}.git`);
  const id = await made.git('rev-parse', what);
  // Copied object by object, because git would pack them.
  await made.git('clone', '--quiet', '--bare', '--local', made.path, bare);
  expect(existsSync(objectOf(bare, id))).toBe(true);
  rmSync(objectOf(bare, id));
  return { bare, id };
}

/** Adds a repository whose harvest has to fail, once and for good, with one message. */
async function failing(location: string): Promise<{ message: string; repositoryId: string }> {
  const { jobId, repository: { repositoryId } } = await world.add(location);
  const job = await world.jobIn(jobId, 'failed', 'completed');
  expect(job).toMatchObject({ state: 'failed', attempts: 1, error: { stage: 'fetching', code: 'repository-damaged' } });
  const { data } = await world.eventOf('harvest.failed.v1', { jobId });
  expect(data).toMatchObject({ stage: 'fetching', code: 'repository-damaged', message: job.error?.message, retryable: false });
  return { message: job.error?.message ?? '', repositoryId };
}

const polledAt = async (repositoryId: string): Promise<string | null> => (await world.rpc.call('harvester.repository.list', {})).repositories.find((one) => one.repositoryId === repositoryId)?.lastPolledAt ?? null;

it.each([
  ['a file', 'HEAD:a.ts', 'file'],
  ['a folder', 'HEAD:d', 'folder'],
  ['the root', 'HEAD^{tree}', 'root'],
  ['the commit', 'HEAD', 'commit'],
])('a remote that lacks %s fails the harvest with what is wrong, why and what to do', async (_, what, name) => {
  const { bare, id } = await without(what, name);
  const { message } = await failing(bare);
  expect(message).toMatch(new RegExp(`^${bare} lacks objects that its newest commit needs \\(.*${id}.*\\): 'git fsck' there says which`));
  expect(message.split('\n')).toHaveLength(1);
});

it('a remote behind a server that only hands out files fails it the same way', async () => {
  const { bare } = await without('HEAD:d', 'plain');
  await made.git('--git-dir', bare, 'update-server-info');
  const { message } = await failing(`${web.url}/plain.git`);
  expect(message).toContain('lacks objects that its newest commit needs');
});

it('a partial clone says where the rest is to be found', async () => {
  const bare = join(folder.path, 'partial.git');
  await made.git('config', 'uploadpack.allowFilter', 'true');
  await made.git('clone', '--quiet', '--bare', '--filter=blob:none', `file://${made.path}`, bare);
  const { message } = await failing(bare);
  expect(message).toContain('of a partial clone, give the address that it was cloned from');
});

it('is not harvested again by itself, and is when it was mended and somebody asks', async () => {
  const { bare, id } = await without('HEAD:a.ts', 'mended');
  const { repositoryId } = await failing(bare);
  const known = await polledAt(repositoryId);
  const next = await waitFor(async () => ((at) => (at !== known ? at : null))(await polledAt(repositoryId)), { everyMs: 100, what: 'a poll' });
  await waitFor(async () => (await polledAt(repositoryId)) !== next, { everyMs: 100, what: 'another poll' });
  expect(world.eventsOf(repositoryId).map(({ type }) => type)).toEqual(['repository.registered.v1', 'harvest.requested.v1', 'harvest.started.v1', 'harvest.failed.v1']);
  renameSync(objectOf(join(made.path, '.git'), id), objectOf(bare, id));
  const { jobId } = await world.rpc.call('harvester.harvest.request', { repository: repositoryId });
  expect(await world.jobIn(jobId, 'completed', 'failed')).toMatchObject({ state: 'completed', counts: { files: 2 } });
});
