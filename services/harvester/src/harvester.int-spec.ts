import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FactPack } from '@granary/contracts';
import { checkShape } from '@granary/contracts';
import type { HostedService } from '@granary/service-host';
import { temporaryFolder, waitFor } from '@granary/testing';
import { gitWebServer } from '../test/git-web-server';
import type { World } from '../test/world';
import { startWorld, tenant } from '../test/world';

let world: World;
let service: HostedService;

beforeAll(async () => {
  world = await startWorld();
  service = await world.host();
});

afterEach(() => world.forget());

afterAll(async () => {
  await service?.stop();
  await world?.stop();
});

describe('a repository that is added', () => {
  it('is harvested, announced and watched', async () => {
    const made = await world.repository({
      'package.json': '{"name":"sample","dependencies":{"b":"^1.0.0"}}',
      'src/a.ts': `import { b } from './b';\nimport type { C } from 'c';\nconst d = require('d');\n`,
      'src/b.ts': 'export const b = 1;\n',
      'src/copy.ts': 'export const b = 1;\n',
      'README.md': '# Sample\n',
    });
    const { repository: one, jobId, correlationId, created } = await world.add(made.path, { name: 'sample' });
    const head = await made.head();
    expect(created).toBe(true);
    expect(one).toMatchObject({ name: 'sample', location: made.path, branch: null, state: 'active', headCommit: head, harvestedCommit: null, lastError: null });

    const completed = await world.eventOf('harvest.completed.v1', { jobId });
    expect(completed).toMatchObject({ tenantid: tenant, correlationid: correlationId, partitionkey: one.repositoryId });
    expect(completed.data).toMatchObject({
      repositoryId: one.repositoryId,
      name: 'sample',
      ref: 'refs/heads/main',
      commit: head,
      base: null,
      changes: null,
      tier: 2,
      tierReasons: [],
      files: { total: 5, analysed: 4, reused: 1, skipped: 0 },
      languages: expect.arrayContaining([expect.objectContaining({ language: 'typescript', files: 3 })]) as unknown,
    });
    const job = await world.jobIn(jobId, 'completed');
    expect(job).toMatchObject({ reason: 'registered', attempts: 1, commit: head, tier: 2, progress: { done: 4, total: 4 }, counts: { files: 5, analysed: 4, reused: 1, skipped: 0, imports: 3 }, error: null });
    expect(job.stages.map(({ stage, durationMs }) => [stage, typeof durationMs])).toEqual([['fetching', 'number'], ['scanning', 'number'], ['parsing', 'number'], ['storing', 'number']]);

    const events = world.eventsOf(one.repositoryId);
    expect(events.map(({ type, correlationid }) => [type, correlationid])).toEqual(['repository.registered.v1', 'harvest.requested.v1', 'harvest.started.v1', 'harvest.completed.v1'].map((type) => [type, correlationId]));
    expect(events.map(({ causationid }) => causationid)).toEqual([undefined, events[0]?.id, events[1]?.id, events[2]?.id]);

    const pack = (await world.read(completed.data.facts.digest)) as FactPack;
    expect(checkShape('fact-pack', pack, 'strict')).toMatchObject({ ok: true });
    expect(pack.files.map(({ path }) => path)).toEqual(['README.md', 'package.json', 'src/a.ts', 'src/b.ts', 'src/copy.ts']);
    expect(pack.modules.map(({ path, imports }) => [path, imports.map(({ specifier, kind }) => `${kind} ${specifier}`)])).toEqual([
      ['src/a.ts', ['static ./b', 'type c', 'require d']],
      ['src/b.ts', []],
      ['src/copy.ts', []],
    ]);
    expect(pack.manifests).toEqual([{ path: 'package.json', kind: 'package.json', content: { name: 'sample', dependencies: { b: '^1.0.0' } }, error: null }]);

    const next = await made.commit({ 'src/b.ts': `import 'new';\n`, 'src/copy.ts': null });
    const moved = await world.eventOf('repository.head-moved.v1', { commit: next });
    expect(moved.data).toMatchObject({ repositoryId: one.repositoryId, ref: 'refs/heads/main', before: head });
    const again = await world.eventOf('harvest.completed.v1', { commit: next });
    expect(again.correlationid).toBe(moved.correlationid);
    expect(again.correlationid).not.toBe(correlationId);
    expect(again.data).toMatchObject({ base: head, files: { total: 4, analysed: 1, reused: 3, skipped: 0 } });
    expect(await world.show(again.data.jobId)).toMatchObject({ reason: 'head-moved', counts: { imports: 4 } });
    expect(await world.read(again.data.changes?.digest ?? '')).toMatchObject({
      version: 1,
      base: head,
      commit: next,
      changes: [
        { path: 'src/b.ts', status: 'modified' },
        { path: 'src/copy.ts', status: 'removed', after: null },
      ],
    });
    const { repositories: listed } = await world.rpc.call('harvester.repository.list', {});
    expect(listed.find(({ repositoryId }) => repositoryId === one.repositoryId)).toMatchObject({ headCommit: next, harvestedCommit: next });
  });

  it('is the same one when its location is added again, which harvests it', async () => {
    const made = await world.repository({ 'a.ts': '' });
    const first = await world.add(made.path);
    await world.jobIn(first.jobId, 'completed');
    const second = await world.add(`${made.path}/`);
    expect(second).toMatchObject({ created: false, repository: { repositoryId: first.repository.repositoryId, name: first.repository.name } });
    expect(second.jobId).not.toBe(first.jobId);
    expect(await world.jobIn(second.jobId, 'completed')).toMatchObject({ reason: 'manual', counts: { analysed: 0, reused: 1 } });
    await expect(world.add(made.path, { branch: 'other' })).rejects.toMatchObject({ kind: 'permanent' });
  });

  it('gets a free name, or the one that was asked for, or a refusal', async () => {
    const web = temporaryFolder();
    const made = await world.repository({ 'a.ts': '' });
    await made.git('clone', '--quiet', '--bare', made.path, join(web.path, 'one', 'same.git'));
    await made.git('clone', '--quiet', '--bare', made.path, join(web.path, 'two', 'same.git'));
    expect((await world.add(join(web.path, 'one', 'same.git'))).repository.name).toBe('same');
    expect((await world.add(join(web.path, 'two', 'same.git'))).repository.name).toBe('same-2');
    await expect(world.add(made.path, { name: 'same' })).rejects.toMatchObject({ kind: 'permanent', code: 'name-taken' });
    await expect(world.add(made.path, { name: '../same' })).rejects.toMatchObject({ kind: 'permanent', code: 'bad-name' });
    web.remove();
  });

  it('is added once by many who add it at the same moment', async () => {
    const made = await world.repository({ 'a.ts': '' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.add(made.path)));
    expect(new Set(answers.map(({ repository: { repositoryId } }) => repositoryId)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
  });

  it.each([
    ['an option', '--upload-pack=touch x', 'bad-location'],
    ['a remote helper', 'ext::sh -c true', 'bad-location'],
    ['a relative path', 'a/b', 'bad-location'],
    ['a path that is not there', '/no/such/folder', 'not-a-repository'],
    ['a folder without .git', '/tmp', 'not-a-repository'],
    ['a server that is not there', 'http://127.0.0.1:9/a.git', 'remote-unreachable'],
  ])('is refused as %s, and nothing stays behind', async (_, location, code) => {
    const before = await world.query('select count(*) from repositories');
    await expect(world.add(location)).rejects.toMatchObject({ code });
    expect(await world.query('select count(*) from repositories')).toEqual(before);
  });

  it('is refused without commits, or with a branch that is not there', async () => {
    const made = await world.repository({ 'a.ts': '' });
    await expect(world.add(made.path, { branch: 'nope' })).rejects.toMatchObject({ kind: 'permanent', code: 'branch-not-found', message: expect.stringContaining('its branches are main') as string });
    await expect(world.add(made.path, { branch: '--x' })).rejects.toMatchObject({ kind: 'permanent', code: 'bad-branch' });
    await made.git('checkout', '--quiet', '--orphan', 'empty');
    await made.git('branch', '-D', 'main');
    await expect(world.add(made.path)).rejects.toMatchObject({ kind: 'permanent', code: 'empty-repository' });
  });
});

describe('a repository behind a web server', () => {
  it('is fetched with credentials that show nowhere', async () => {
    const web = temporaryFolder();
    const made = await world.repository({ 'a.ts': `import 'b';` });
    await made.git('clone', '--quiet', '--bare', made.path, join(web.path, 'private.git'));
    const server = await gitWebServer({ folder: web.path, user: { name: 'me', password: 'c4nary-s3cret' } });
    const location = `${server.url}/private.git`;
    await expect(world.add(location)).rejects.toMatchObject({ kind: 'permanent', code: 'authentication-failed' });
    const { repository: one, jobId } = await world.add(location.replace('://', '://me:c4nary-s3cret@'));
    expect(one).toMatchObject({ name: 'private', location });
    expect(await world.jobIn(jobId, 'completed')).toMatchObject({ counts: { imports: 1 } });
    await waitFor(async () => (await world.rpc.call('harvester.repository.list', {})).repositories.find(({ repositoryId, lastPolledAt }) => repositoryId === one.repositoryId && lastPolledAt !== one.lastPolledAt), { everyMs: 100, what: 'the next poll' });

    expect(JSON.stringify(world.announced) + world.logged.join('')).not.toContain('c4nary');
    for (const table of ['repositories', 'jobs', 'outbox', 'facts', 'artifacts']) expect(JSON.stringify(await world.query(`select * from ${table}`))).not.toContain('c4nary');
    for (const file of readdirSync(world.data, { recursive: true, encoding: 'utf8' })) {
      const path = join(world.data, file);
      if (statSync(path).isFile()) expect(readFileSync(path, 'latin1')).not.toContain('c4nary');
    }
    expect(statSync(join(world.data, 'harvester.key')).mode & 0o777).toBe(0o600);
    server.close();
    await waitFor(async () => (await world.rpc.call('harvester.repository.list', {})).repositories.find(({ repositoryId, lastError }) => repositoryId === one.repositoryId && lastError?.includes('cannot be reached')), { everyMs: 100, what: 'the error of the poll' });
    await world.rpc.call('harvester.repository.remove', { repository: 'private' });
    web.remove();
  });

  it('gets new credentials when it is added again with them', async () => {
    const web = temporaryFolder();
    const made = await world.repository({ 'a.ts': '' });
    await made.git('clone', '--quiet', '--bare', made.path, join(web.path, 'renewed.git'));
    const user = { name: 'me', password: 'old' };
    const server = await gitWebServer({ folder: web.path, user });
    const withPassword = (password: string): string => `${server.url.replace('://', `://me:${password}@`)}/renewed.git`;
    const { jobId } = await world.add(withPassword('old'));
    await world.jobIn(jobId, 'completed');
    user.password = 'new';
    const refused = await world.rpc.call('harvester.harvest.request', { repository: 'renewed' });
    expect(await world.jobIn(refused.jobId, 'failed')).toMatchObject({ error: { code: 'authentication-failed' } });
    const renewed = await world.add(withPassword('new'));
    expect(renewed.created).toBe(false);
    await world.jobIn(renewed.jobId, 'completed');
    const again = await world.rpc.call('harvester.harvest.request', { repository: 'renewed' });
    await world.jobIn(again.jobId, 'completed');
    await world.rpc.call('harvester.repository.remove', { repository: 'renewed' });
    server.close();
    web.remove();
  });

  it('is fetched in full when the server only hands out files', async () => {
    const web = temporaryFolder();
    const made = await world.repository({ 'a.ts': `import 'b';` });
    await made.commit({ 'b.ts': '' });
    await made.git('clone', '--quiet', '--bare', made.path, join(web.path, 'plain.git'));
    await made.git('--git-dir', join(web.path, 'plain.git'), 'update-server-info');
    const server = await gitWebServer({ folder: web.path, plain: true });
    const { jobId } = await world.add(`${server.url}/plain.git`);
    expect(await world.jobIn(jobId, 'completed', 'failed')).toMatchObject({ state: 'completed', counts: { files: 2 } });
    await world.rpc.call('harvester.repository.remove', { repository: 'plain' });
    server.close();
    web.remove();
  });
});

describe('a harvest', () => {
  it('reads poison lightly or not at all, says so, and meets it again only when somebody asks', async () => {
    const made = await world.repository({ 'a.ts': `import 'poison/a';`, 'hangs.ts': `// POISON-HANG\nimport 'light';`, 'crashes.ts': '// POISON-CRASH POISON-ALWAYS', 'z.ts': `import 'poison/z';` });
    const { jobId } = await world.add(made.path);
    expect(await world.jobIn(jobId, 'completed', 'failed')).toMatchObject({ state: 'completed', tier: 3, counts: { files: 4, analysed: 3, skipped: 1, imports: 3 } });
    const { data: first } = await world.eventOf('harvest.completed.v1', { jobId });
    const pack = (await world.read(first.facts.digest)) as FactPack;
    expect(pack.files.map(({ path, skipped }) => [path, skipped])).toEqual([['a.ts', null], ['crashes.ts', 'crashed'], ['hangs.ts', null], ['z.ts', null]]);
    const attempts = async () => (await world.query(`select attempts from facts where skipped = 'crashed'`)).map((row) => row.attempts);
    const next = await world.eventOf('harvest.completed.v1', { commit: await made.commit({ 'hangs.ts': null, 'b.ts': `import 'poison/b';` }) });
    expect(await world.show(next.data.jobId)).toMatchObject({ tier: 2, counts: { analysed: 1, reused: 2, skipped: 1 } });
    expect(await attempts()).toEqual([1]);
    const asked = await world.rpc.call('harvester.harvest.request', { repository: made.path });
    expect(await world.jobIn(asked.jobId, 'completed')).toMatchObject({ counts: { analysed: 0, reused: 3, skipped: 1 } });
    expect(await attempts()).toEqual([2]);
  });

  it('computes facts anew that were corrupted', async () => {
    const made = await world.repository({ 'unique.ts': `import 'corrupted-later';` });
    const { jobId } = await world.add(made.path);
    await world.jobIn(jobId, 'completed');
    await world.query(`update facts set body = set_byte(body, 10, 7) where position('corrupted-later'::bytea in body) > 0`);
    const again = await world.rpc.call('harvester.harvest.request', { repository: made.path });
    expect(await world.jobIn(again.jobId, 'completed')).toMatchObject({ counts: { analysed: 1, reused: 0, imports: 1 } });
  });

  it('is cancelled at once while it runs, and stays cancelled', async () => {
    const made = await world.repository({ 'slow.ts': '// POISON-SLOW 1200\n// cancelled' });
    const { jobId, repository: one } = await world.add(made.path);
    await world.jobIn(jobId, 'parsing');
    const { job } = await world.rpc.call('harvester.job.cancel', { jobId });
    expect(job).toMatchObject({ state: 'cancelled', error: null });
    const cancelled = await world.eventOf('harvest.cancelled.v1', { jobId });
    expect(cancelled.data.stage).toBe('parsing');
    expect(cancelled.causationid).toBe(world.eventsOf(one.repositoryId).find(({ type }) => type === 'harvest.started.v1')?.id);
    expect((await world.rpc.call('harvester.job.cancel', { jobId })).job.state).toBe('cancelled');
    const again = await world.rpc.call('harvester.harvest.request', { repository: one.name });
    expect(await world.jobIn(again.jobId, 'completed')).toMatchObject({ counts: { analysed: 1 } });
    expect(await world.show(jobId)).toMatchObject({ state: 'cancelled' });
    await world.eventOf('harvest.completed.v1', { jobId: again.jobId });
    expect(world.eventsOf(one.repositoryId).filter(({ type }) => type === 'harvest.completed.v1')).toHaveLength(1);
    await expect(world.rpc.call('harvester.job.cancel', { jobId: again.jobId })).rejects.toMatchObject({ kind: 'permanent', code: 'job-ended' });
  });

  it('waits for the one before it, is asked for once, and is cancelled while it waits', async () => {
    const made = await world.repository({ 'slow.ts': '// POISON-SLOW 1200\n// waits' });
    const { jobId, repository: one } = await world.add(made.path);
    await world.jobIn(jobId, 'fetching', 'scanning', 'parsing');
    const asked = await Promise.all(Array.from({ length: 4 }, () => world.rpc.call('harvester.harvest.request', { repository: one.repositoryId })));
    const [waiting] = new Set(asked.map((answer) => answer.jobId));
    expect(asked.every((answer) => answer.jobId === waiting)).toBe(true);
    expect(waiting).not.toBe(jobId);
    expect(await world.show(waiting ?? '')).toMatchObject({ state: 'pending', startedAt: null });
    await world.rpc.call('harvester.job.cancel', { jobId: waiting ?? '' });
    expect((await world.eventOf('harvest.cancelled.v1', { jobId: waiting ?? '' })).data.stage).toBe('pending');
    expect(await world.jobIn(jobId, 'completed')).toMatchObject({ attempts: 1 });
  });

  it('fails with one clear message when the repository is gone, and comes back by itself', async () => {
    const web = temporaryFolder();
    const made = await world.repository({ 'a.ts': '' });
    const copy = join(web.path, 'copy.git');
    await made.git('clone', '--quiet', '--bare', made.path, copy);
    const { jobId, repository: one } = await world.add(copy);
    await world.jobIn(jobId, 'completed');
    await made.git('--git-dir', copy, 'update-ref', '-d', 'refs/heads/main');
    const failing = await world.rpc.call('harvester.harvest.request', { repository: one.name });
    expect(await world.jobIn(failing.jobId, 'failed')).toMatchObject({ error: { stage: 'fetching', code: 'empty-repository', message: expect.stringContaining('has no commits') as string } });
    expect((await world.eventOf('harvest.failed.v1', { jobId: failing.jobId })).data).toMatchObject({ stage: 'fetching', code: 'empty-repository', retryable: false });
    const next = await made.commit({ 'b.ts': '' });
    await made.git('push', '--quiet', copy, 'main');
    expect((await world.eventOf('harvest.completed.v1', { commit: next })).data.repositoryId).toBe(one.repositoryId);
    web.remove();
  });

  it('is tried three times when trying can help, and later again without being asked', async () => {
    const made = await world.repository({ 'a.ts': `import 'x';` });
    await world.query(`alter table facts add constraint refuse_facts check (tenant <> '${tenant}') not valid`);
    const { jobId, repository: one } = await world.add(made.path);
    const failed = await world.jobIn(jobId, 'failed');
    expect(failed).toMatchObject({ attempts: 3, error: { stage: 'parsing', code: 'unexpected' } });
    expect((await world.eventOf('harvest.failed.v1', { jobId })).data).toMatchObject({ retryable: true });
    await world.query('alter table facts drop constraint refuse_facts');
    const retried = await world.eventOf('harvest.requested.v1', { repositoryId: one.repositoryId, reason: 'retry' });
    expect(await world.jobIn(retried.data.jobId, 'completed')).toMatchObject({ reason: 'retry', attempts: 1 });
    expect(world.eventsOf(one.repositoryId).filter(({ type }) => type === 'harvest.started.v1')).toHaveLength(2);
  });
});

describe('jobs', () => {
  it('are listed by repository and state, page by page', async () => {
    const made = await world.repository({ 'a.ts': '' });
    const { repository: one, jobId } = await world.add(made.path, { name: 'paged' });
    await world.jobIn(jobId, 'completed');
    const ids = [jobId];
    for (let n = 0; n < 4; n += 1) {
      const { jobId: next } = await world.rpc.call('harvester.harvest.request', { repository: 'paged' });
      await world.jobIn(next, 'completed');
      ids.unshift(next);
    }
    const first = await world.rpc.call('harvester.job.list', { repository: 'paged', state: 'completed', limit: 3 });
    const second = await world.rpc.call('harvester.job.list', { repository: 'paged', state: 'completed', limit: 3, cursor: first.next ?? '' });
    expect([first, second].map(({ jobs }) => jobs.map((job) => job.jobId))).toEqual([ids.slice(0, 3), ids.slice(3)]);
    expect(second.next).toBeNull();
    expect((await world.rpc.call('harvester.job.list', { repository: one.repositoryId, state: 'failed' })).jobs).toEqual([]);
    await expect(world.rpc.call('harvester.job.list', { cursor: 'x' })).rejects.toMatchObject({ kind: 'permanent', code: 'bad-cursor' });
    await expect(world.rpc.call('harvester.job.list', { repository: 'none' })).rejects.toMatchObject({ kind: 'permanent', code: 'repository-not-found' });
    await expect(world.rpc.call('harvester.job.show', { jobId: one.repositoryId })).rejects.toMatchObject({ kind: 'permanent', code: 'job-not-found' });
  });

  it('of other tenants are not seen', async () => {
    const { jobs } = await world.rpc.call('harvester.job.list', { limit: 1 });
    const other = await world.as({ tenant: 'beta', role: 'owner' });
    await expect(world.rpc.call('harvester.job.show', { jobId: jobs[0]?.jobId ?? '' }, other)).rejects.toMatchObject({ code: 'job-not-found' });
    expect(await world.rpc.call('harvester.job.list', {}, other)).toEqual({ jobs: [], next: null });
    expect(await world.rpc.call('harvester.repository.list', {}, other)).toEqual({ repositories: [], next: null });
  });
});

describe('a role on some repositories', () => {
  it('lets those be seen and harvested, page by page, and no others', async () => {
    const [seen, hidden] = await Promise.all(['seen', 'hidden'].map(async (name) => world.add((await world.repository({ [`${name}.ts`]: '' })).path, { name })));
    if (!seen || !hidden) throw new Error('both are there');
    await Promise.all([seen, hidden].map(({ jobId }) => world.jobIn(jobId, 'completed')));
    const { repositoryId } = seen.repository;
    const some = await world.as({ tenant, role: 'operator', repositories: [repositoryId] });
    const names = async () => (await world.rpc.call('harvester.repository.list', {}, some)).repositories.map(({ name }) => name);
    expect(await names()).toEqual(['seen']);
    expect(await world.rpc.call('harvester.harvest.request-all', {}, some)).toMatchObject({ requested: 1 });

    const first = await world.rpc.call('harvester.job.list', { limit: 1 }, some);
    const rest = await world.rpc.call('harvester.job.list', { limit: 1, cursor: first.next ?? '' }, some);
    expect([...first.jobs, ...rest.jobs].map((job) => job.repositoryId)).toEqual([repositoryId, repositoryId]);
    expect(rest).toMatchObject({ jobs: [{ jobId: seen.jobId }], next: null });
    expect(await world.rpc.call('harvester.finding.list', {}, some)).toEqual({ findings: [], next: null });

    const unknown = { kind: 'permanent', code: 'repository-not-found' };
    await expect(world.rpc.call('harvester.harvest.request', { repository: 'hidden' }, some)).rejects.toMatchObject(unknown);
    await expect(world.rpc.call('harvester.job.list', { repository: hidden.repository.repositoryId }, some)).rejects.toMatchObject(unknown);
    await expect(world.rpc.call('harvester.repository.remove', { repository: hidden.repository.location }, some)).rejects.toMatchObject(unknown);
    await expect(world.rpc.call('harvester.job.cancel', { jobId: hidden.jobId }, some)).rejects.toMatchObject({ code: 'job-not-found' });
    await expect(world.rpc.call('harvester.repository.add', { location: seen.repository.location }, some)).rejects.toMatchObject({ code: 'permission-missing', message: expect.stringContaining('on some repositories only') as string });
  });
});

describe('a repository that is removed', () => {
  it('is forgotten with its mirror and its running harvest, and can be added again', async () => {
    const made = await world.repository({ 'slow.ts': '// POISON-SLOW 1200\n// removed' });
    const { jobId, repository: one } = await world.add(made.path, { name: 'removed' });
    await world.jobIn(jobId, 'parsing');
    const mirror = join(world.data, 'mirrors', `${one.repositoryId}.git`);
    expect(existsSync(mirror)).toBe(true);
    expect((await world.rpc.call('harvester.repository.remove', { repository: made.path })).repository).toMatchObject({ repositoryId: one.repositoryId, state: 'removed' });
    expect(await world.show(jobId)).toMatchObject({ state: 'cancelled' });
    await world.eventOf('repository.removed.v1', { repositoryId: one.repositoryId });
    expect(existsSync(mirror)).toBe(false);
    await expect(world.rpc.call('harvester.repository.remove', { repository: 'removed' })).rejects.toMatchObject({ kind: 'permanent', code: 'repository-not-found' });
    const again = await world.add(made.path, { name: 'removed' });
    expect(again.repository.repositoryId).not.toBe(one.repositoryId);
    await world.jobIn(again.jobId, 'completed');
  });
});

describe('artifacts', () => {
  it('that nobody wrote are refused', async () => {
    await expect(world.rpc.call('harvester.artifact.read', { digest: `sha256:${'0'.repeat(64)}`, offset: 0 })).rejects.toMatchObject({ kind: 'permanent', code: 'artifact-not-found' });
  });
});

describe('the service', () => {
  it('shows in metrics what it does', async () => {
    await world.add((await world.repository({ 'a.ts': '' })).path);
    const series = async (): Promise<string[]> => (await (await fetch(`${service.url}/metrics`)).text()).split('\n').filter((line) => line.startsWith('granary_'));
    // Repositories are counted every ten seconds.
    await waitFor(async () => (await series()).some((line) => /^granary_repositories_watched\{.*\} [1-9]/.test(line)), { everyMs: 200, what: 'the repository to be counted' });
    const lines = await series();
    for (const wanted of [/^granary_harvest_jobs\{.*state="blocked".*\} 0$/, /^granary_harvests_total\{.*outcome="completed".*\} [1-9]/, /^granary_harvest_stage_seconds_count\{.*stage="parsing".*\} [1-9]/, /^granary_harvest_files_total\{.*result="reused".*\} [1-9]/, /^granary_polls_total\{.*outcome="moved".*\} [1-9]/, /^granary_repositories_behind\{.*longer_than="1d".*\} 0$/, /^granary_analysis_worker_deaths_total\{.*reason="timed-out".*\} [1-9]/]) {
      expect(lines.filter((line) => wanted.test(line))).toHaveLength(1);
    }
  });
});
