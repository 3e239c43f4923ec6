import { createLogger } from '@granary/observability';
import { openDatabase } from '@granary/persistence';
import type { Database } from '@granary/persistence';
import { freshDatabase, walkTenants } from '@granary/testing';
import type { FreshDatabase } from '@granary/testing';
import { v7 } from 'uuid';
import type { Fact, FactKey } from '@granary/extract';
import { keyText } from '@granary/extract';
import { jobRow as job, now, repositoryRow as repository, tenant } from '../../test/rows';
import { pressArtifact } from '../harvest/artifact';
import { ArtifactEntity } from './artifact.entity';
import { ArtifactStore } from './artifact.store';
import { FactEntity } from './fact.entity';
import { FactStore } from './fact.store';
import { JobEntity } from './job.entity';
import { JobStore } from './job.store';
import type { Claim, Taking } from './job.store';
import { FindingEntity } from './finding.entity';
import { GateEntity } from './gate.entity';
import { Caches1790000000000 } from './migrations/caches.migration';
import { Findings1745000000000 } from './migrations/findings.migration';
import { Freshness1750000000000 } from './migrations/freshness.migration';
import { Harvests1740000000000 } from './migrations/harvests.migration';
import { JobContext1795000000000 } from './migrations/job-context.migration';
import { ArtifactRepositories1785000000000 } from './migrations/artifact-repositories.migration';
import { TenantRows1780000000000 } from './migrations/tenant-rows.migration';
import { Withheld1760000000000 } from './migrations/withheld.migration';
import { RepositoryEntity } from './repository.entity';
import { RepositoryStore } from './repository.store';

const cause = { tenant, correlationId: 'c1' };
const lookups = { count: () => undefined };
const harvested = (commit: string) => ({ commit: commit.repeat(40), packDigest: `sha256:${commit}` });

let fresh: FreshDatabase;
let database: Database;
let repositories: RepositoryStore;
let jobs: JobStore;

const added = async (overrides: Partial<RepositoryEntity> = {}): Promise<RepositoryEntity> => {
  const one = repository(overrides);
  await repositories.add(database.across.rows, one, 60_000);
  return one;
};
const waitingJob = async (repositoryId: string): Promise<JobEntity> => {
  const one = job(repositoryId);
  await jobs.add(database.across.rows, one);
  return one;
};
const take = (jobId: string, owner = 'me', leaseMs = 60_000): Promise<Taking> => database.across.transact(cause, ({ manager }) => jobs.take(manager, jobId, owner, leaseMs, now));
const claimOf = (jobId: string, attempt = 1, owner = 'me'): Claim => ({ tenant, jobId, attempt, owner });
const shown = async (jobId: string): Promise<JobEntity> => (await jobs.find(tenant, jobId)) ?? Promise.reject(new Error('no such job'));
const takeable = async (): Promise<string[]> => (await jobs.takeable(100)).map(({ jobId }) => jobId);
const expire = (jobId: string) => database.across.rows.query(`update jobs set lease_until = now() - interval '1 second' where job_id = $1`, [jobId]);

beforeAll(async () => {
  fresh = await freshDatabase('harvester');
  database = await openDatabase({
    url: fresh.url,
    schema: 'harvester',
    applicationName: 'harvester',
    entities: [RepositoryEntity, JobEntity, FactEntity, ArtifactEntity, FindingEntity, GateEntity],
    migrations: [Harvests1740000000000, Findings1745000000000, Freshness1750000000000, Withheld1760000000000, TenantRows1780000000000, ArtifactRepositories1785000000000, Caches1790000000000, JobContext1795000000000],
    log: createLogger({ service: 'test', level: 'silent' }),
  });
  repositories = new RepositoryStore(database);
  jobs = new JobStore(database, 3);
});

afterEach(() => database.dataSource.query('truncate jobs, repositories, facts, artifacts, artifact_repositories, artifact_names, cache_lookups, mirrors, findings, gates, ai_usage, ai_postures'));

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

describe('repositories', () => {
  it('are found by id, name and location, in their tenant, while they are active', async () => {
    const one = await added({ name: 'sample', location: '/srv/sample' });
    const found = async (selector: string, location: string | null = null, of = tenant) => (await repositories.find(of, selector, location))?.repositoryId;
    expect(await Promise.all([found(one.repositoryId), found('sample'), found('/srv/sample', '/srv/sample'), found('other', '/srv/other'), found('sample', null, 'beta'), found(v7())])).toEqual([
      one.repositoryId,
      one.repositoryId,
      one.repositoryId,
      undefined,
      undefined,
      undefined,
    ]);
    await repositories.markRemoved(database.across.rows, one.repositoryId, now);
    expect(await found(one.repositoryId)).toBeUndefined();
    expect(await repositories.get(tenant, one.repositoryId)).toMatchObject({ state: 'removed', removedAt: now });
  });

  it('have a name and a location of their own in their tenant, until they are removed', async () => {
    const manager = database.across.rows;
    const one = await added({ name: 'sample', location: '/srv/sample' });
    expect(await repositories.add(manager, repository({ name: 'sample' }), 0)).toBe('name');
    expect(await repositories.add(manager, repository({ location: '/srv/sample' }), 0)).toBe('location');
    expect(await repositories.add(manager, repository({ name: 'sample', location: '/srv/sample', tenant: 'beta' }), 0)).toBe('added');
    await repositories.markRemoved(manager, one.repositoryId, now);
    expect(await repositories.add(manager, repository({ name: 'sample', location: '/srv/sample' }), 0)).toBe('added');
  });

  it('are listed by name, page by page', async () => {
    for (const name of ['c', 'a', 'b']) await added({ name });
    expect((await repositories.list(tenant, 'all', '', 2)).map(({ name }) => name)).toEqual(['a', 'b']);
    expect((await repositories.list(tenant, 'all', 'b', 2)).map(({ name }) => name)).toEqual(['c']);
  });

  it('are taken for a poll once, by whoever comes first', async () => {
    const due = await Promise.all(Array.from({ length: 6 }, () => added()));
    const later = await added();
    await database.across.rows.query(`update repositories set next_poll_at = now() - interval '1 second' where repository_id <> $1`, [later.repositoryId]);
    const taken = await Promise.all([repositories.takeDue(4, 60_000), repositories.takeDue(4, 60_000)]);
    expect(taken.flat().map(({ repositoryId }) => repositoryId).sort()).toEqual(due.map(({ repositoryId }) => repositoryId).sort());
    expect(await repositories.takeDue(4, 60_000)).toEqual([]);
    await repositories.savePoll(database.across.rows, later.repositoryId, { lastPolledAt: now, lastError: 'gone', pollFailures: 1 }, -1);
    expect(await repositories.takeDue(4, 60_000)).toMatchObject([{ repositoryId: later.repositoryId, lastError: 'gone', pollFailures: 1 }]);
  });
});

describe('freshness', () => {
  const fresh = async (): Promise<unknown> => repositories.freshness();
  const seen = (minute: number): Date => new Date(Date.UTC(2026, 2, 2, 10, minute));

  it('is told of active repositories that are behind, the longest first', async () => {
    const manager = database.across.rows;
    const [late, later] = [await added({ unharvestedSince: seen(2) }), await added({ unharvestedSince: seen(1), tenant: 'beta' })];
    const [done, gone] = [await added(), await added()];
    await repositories.saveHarvested(manager, done.repositoryId, harvested('a'), null);
    await repositories.markRemoved(manager, gone.repositoryId, now);
    const blocked = await added({ unharvestedSince: seen(3) });
    await repositories.saveWithheld(manager, blocked.repositoryId, 'a'.repeat(40), null);
    expect(await fresh()).toEqual({ watched: 4, withheld: 1, behind: [{ repositoryId: later.repositoryId, since: seen(1) }, { repositoryId: late.repositoryId, since: seen(2) }] });
  });

  it('is lost with a head that moves on during its harvest, from when that was seen', async () => {
    const manager = database.across.rows;
    const { repositoryId } = await added({ unharvestedSince: seen(1) });
    await repositories.moveHead(manager, repositoryId, { ref: 'refs/heads/main', commit: 'b'.repeat(40) }, seen(3), seen(1));
    await repositories.saveHarvested(manager, repositoryId, harvested('a'), null);
    expect(await repositories.get(tenant, repositoryId)).toMatchObject({ harvestedCommit: 'a'.repeat(40), unharvestedSince: seen(3) });
    await repositories.saveHarvested(manager, repositoryId, harvested('b'), seen(9));
    expect(await repositories.get(tenant, repositoryId)).toMatchObject({ harvestedCommit: 'b'.repeat(40), unharvestedSince: null, retryAt: seen(9) });
  });

  it('is not lost with a commit that the gate withheld, and neither is what was harvested before it', async () => {
    const manager = database.across.rows;
    const { repositoryId } = await added({ harvestedCommit: 'c'.repeat(40), unharvestedSince: seen(1), harvestFailures: 2 });
    await repositories.saveWithheld(manager, repositoryId, 'a'.repeat(40), null);
    expect(await repositories.get(tenant, repositoryId)).toMatchObject({ harvestedCommit: 'c'.repeat(40), withheldCommit: 'a'.repeat(40), unharvestedSince: null, harvestFailures: 0 });
    await repositories.moveHead(manager, repositoryId, { ref: 'refs/heads/main', commit: 'b'.repeat(40) }, seen(3), seen(3));
    await repositories.saveWithheld(manager, repositoryId, 'a'.repeat(40), null);
    expect(await repositories.get(tenant, repositoryId)).toMatchObject({ unharvestedSince: seen(3) });
    await repositories.saveHarvested(manager, repositoryId, harvested('b'), null);
    expect(await repositories.get(tenant, repositoryId)).toMatchObject({ harvestedCommit: 'b'.repeat(40), withheldCommit: null, unharvestedSince: null });
  });
});

describe('jobs', () => {
  it('wait once a repository', async () => {
    const { repositoryId } = await added();
    const first = await waitingJob(repositoryId);
    expect(await jobs.add(database.across.rows, job(repositoryId))).toBe(false);
    expect(await database.transact(cause, ({ manager }) => jobs.waiting(manager, repositoryId))).toMatchObject({ jobId: first.jobId });
  });

  it('are taken once, in order, and never two of one repository', async () => {
    const [one, two] = [await added(), await added()];
    const first = await waitingJob(one.repositoryId);
    const second = await waitingJob(two.repositoryId);
    expect(await takeable()).toEqual([first.jobId, second.jobId]);
    const takings = await Promise.all([take(first.jobId, 'a'), take(first.jobId, 'b')]);
    expect(takings.map(({ state }) => state).sort()).toEqual(['missed', 'taken']);
    expect(await shown(first.jobId)).toMatchObject({ state: 'fetching', attempts: 1, startedAt: now });
    const third = await waitingJob(one.repositoryId);
    expect(await takeable()).toEqual([second.jobId]);
    await expect(take(third.jobId)).rejects.toMatchObject({ code: '23505' });
  });

  it('of tenants are taken in turns, however many one of them asked for first', async () => {
    const waitingOf = async (of: string, count: number): Promise<string[]> => {
      const ids: string[] = [];
      for (let n = 0; n < count; n += 1) {
        const { repositoryId } = await added({ tenant: of });
        const one = job(repositoryId, { tenant: of });
        await jobs.add(database.across.rows, one);
        ids.push(one.jobId);
      }
      return ids;
    };
    const waiting = { a: await waitingOf('a', 8), b: await waitingOf('b', 3), c: await waitingOf('c', 1) };
    const nameOf = (jobId: string): string => Object.entries(waiting).flatMap(([of, ids]) => (ids.includes(jobId) ? [`${of}${ids.indexOf(jobId) + 1}`] : [])).join();
    expect((await jobs.takeable(7)).map(({ jobId }) => nameOf(jobId))).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'b3']);

    // One at a time, and another one only when that has ended.
    const served: string[] = [];
    for (let at = new Date(now); served.length < 12; at = new Date(at.getTime() + 1000)) {
      const [next] = await jobs.takeable(1);
      if (!next) throw new Error('nothing is left');
      await database.across.transact(cause, async ({ manager }) => {
        await jobs.take(manager, next.jobId, 'me', 60_000, at);
        await jobs.save(manager, next.jobId, { state: 'completed' });
      });
      served.push(nameOf(next.jobId));
    }
    expect(served).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'b3', 'a4', 'a5', 'a6', 'a7', 'a8']);
  });

  it('of a tenant that has one running wait for a tenant that has none', async () => {
    const [one, two, other] = [await added(), await added(), await added({ tenant: 'beta' })];
    const first = await waitingJob(one.repositoryId);
    const second = await waitingJob(two.repositoryId);
    const third = job(other.repositoryId, { tenant: 'beta' });
    await jobs.add(database.across.rows, third);
    await take(first.jobId);
    expect(await takeable()).toEqual([third.jobId, second.jobId]);
  });

  it('are taken over when their lease is over, three times at most', async () => {
    const { repositoryId } = await added();
    const { jobId } = await waitingJob(repositoryId);
    expect(await take(jobId)).toMatchObject({ state: 'taken', first: true });
    for (const attempt of [2, 3]) {
      expect(await takeable()).toEqual([]);
      await expire(jobId);
      expect(await takeable()).toEqual([jobId]);
      expect(await take(jobId, 'other')).toMatchObject({ state: 'taken', first: false, job: { attempts: attempt } });
    }
    await expire(jobId);
    expect(await take(jobId)).toMatchObject({ state: 'spent', job: { attempts: 3 } });
  });

  it('are written by who holds them, and by nobody else', async () => {
    const { repositoryId } = await added();
    const { jobId } = await waitingJob(repositoryId);
    await take(jobId);
    const manager = database.across.rows;
    expect(await jobs.saveHeld(manager, claimOf(jobId), { state: 'scanning', commit: 'b'.repeat(40), stages: [{ stage: 'scanning', startedAt: now.toISOString(), durationMs: null }] })).toBe(true);
    expect(await jobs.beat(claimOf(jobId), 60_000, { done: 1, total: 2 })).toBe(true);
    expect(await shown(jobId)).toMatchObject({ state: 'scanning', commit: 'b'.repeat(40), progress: { done: 1, total: 2 } });
    for (const claim of [claimOf(jobId, 2), claimOf(jobId, 1, 'other'), claimOf(v7())]) {
      expect(await jobs.saveHeld(manager, claim, { state: 'parsing' })).toBe(false);
      expect(await jobs.beat(claim, 60_000, { done: 2, total: 2 })).toBe(false);
      expect(await jobs.giveBack(manager, claim, { delayMs: 0, counted: true, stages: [], error: null })).toBe(false);
    }
    await jobs.save(manager, jobId, { state: 'cancelled' });
    expect(await jobs.beat(claimOf(jobId), 60_000, { done: 2, total: 2 })).toBe(false);
    expect(await jobs.saveHeld(manager, claimOf(jobId), { state: 'completed' })).toBe(false);
  });

  it('are given back to wait, counted or not, beside a newer one', async () => {
    const { repositoryId } = await added();
    const { jobId } = await waitingJob(repositoryId);
    await take(jobId);
    const newer = await waitingJob(repositoryId);
    const error = { stage: 'fetching' as const, code: 'remote-unreachable', message: 'away' };
    expect(await jobs.giveBack(database.across.rows, claimOf(jobId), { delayMs: 60_000, counted: true, stages: [], error })).toBe(true);
    expect(await shown(jobId)).toMatchObject({ state: 'pending', attempts: 1, error, leaseOwner: null });
    expect(await takeable()).toEqual([newer.jobId]);
    await database.across.rows.query('update jobs set not_before = now()');
    expect(await takeable()).toEqual([jobId, newer.jobId]);
    expect(await take(jobId)).toMatchObject({ state: 'taken', first: false, job: { attempts: 2, error: null } });
    expect(await jobs.giveBack(database.across.rows, claimOf(jobId, 2), { delayMs: 0, counted: false, stages: [], error: null })).toBe(true);
    expect(await shown(jobId)).toMatchObject({ state: 'pending', attempts: 1, error: null });
  });

  it('are listed newest first by repository and state, and counted by state', async () => {
    const [one, two] = [await added(), await added()];
    const first = await waitingJob(one.repositoryId);
    const second = await waitingJob(two.repositoryId);
    await take(first.jobId);
    const third = await waitingJob(one.repositoryId);
    const listed = async (...options: Parameters<JobStore['list']>) => (await jobs.list(...options)).map(({ jobId }) => jobId);
    expect(await listed(tenant, { among: 'all' }, null, 2)).toEqual([third.jobId, second.jobId]);
    expect(await listed(tenant, { among: 'all' }, second.jobId, 2)).toEqual([first.jobId]);
    expect(await listed(tenant, { among: new Set([one.repositoryId]) }, null, 9)).toEqual([third.jobId, first.jobId]);
    expect(await listed(tenant, { among: 'all', state: 'fetching' }, null, 9)).toEqual([first.jobId]);
    expect(await listed('beta', { among: 'all' }, null, 9)).toEqual([]);
    // Taken by the store alone, the first one has entered no stage, so it is as old as its start.
    await database.across.rows.query(`update jobs set started_at = now() - interval '90 seconds' where job_id = $1`, [first.jobId]);
    await database.across.rows.query(`update jobs set not_before = now() + interval '1 hour' where job_id = $1`, [third.jobId]);
    expect(Object.fromEntries(await jobs.standing())).toEqual({ pending: { count: 2, oldestSeconds: expect.closeTo(0, -1) as number }, fetching: { count: 1, oldestSeconds: expect.closeTo(90, -1) as number } });
    expect((await database.transact(cause, ({ manager }) => jobs.open(manager, one.repositoryId))).map(({ jobId }) => jobId)).toEqual([first.jobId, third.jobId]);
  });
});

describe('facts', () => {
  const key = (blob: string, overrides: Partial<FactKey> = {}): FactKey => ({ blob: blob.repeat(40), kind: 'module', pathClass: 'ts', extractor: 'javascript@1', ruleSet: 'none', ...overrides });
  const known = (facts: FactStore, of: string, keys: FactKey[]) => facts.known(of, keys.map((one) => ({ key: one, text: keyText(one) })));
  const fact = (items: number): Fact => ({ state: 'analysed', body: JSON.stringify(Array.from({ length: items }, (_, line) => ({ specifier: `./module-${line}`, kind: 'static', line: line + 1 }))), items, light: null, findings: items === 3 ? '{"secrets":[]}' : null });

  it('are known to their tenant by everything that they depend on', async () => {
    const facts = new FactStore(database, 3_600_000, lookups);
    const stored: [FactKey, Fact][] = [
      [key('1'), fact(0)],
      [key('2'), fact(100)],
      [key('2', { pathClass: 'tsx' }), fact(3)],
      [key('3'), { state: 'skipped', reason: 'minified', findings: null }],
      [key('4', { kind: 'manifest', pathClass: 'package.json', extractor: 'npm-manifests@2' }), { state: 'analysed', body: '{"content":null,"error":"ü"}', items: 0, light: null, findings: null }],
    ];
    await facts.save(tenant, stored.map(([one, of]) => ({ key: one, fact: of })));
    await facts.save(tenant, []);
    expect(await known(facts, tenant, stored.map(([one]) => one))).toEqual(new Map(stored.map(([one, of]) => [keyText(one), of])));
    const unknown = [key('5'), key('1', { pathClass: 'js' }), key('1', { extractor: 'javascript@2' }), key('1', { ruleSet: 'rules@1' })];
    expect(await known(facts, tenant, unknown)).toEqual(new Map());
    expect(await known(facts, 'beta', [key('1')])).toEqual(new Map());
  });

  it('that are corrupt are unknown, and mended by what is computed again', async () => {
    const facts = new FactStore(database, 3_600_000, lookups);
    await facts.save(tenant, [{ key: key('1'), fact: fact(2) }, { key: key('2'), fact: fact(100) }]);
    await database.across.rows.query(`update facts set body = set_byte(body, 3, get_byte(body, 3) # 1)`);
    expect(await known(facts, tenant, [key('1'), key('2')])).toEqual(new Map());
    await facts.save(tenant, [{ key: key('2'), fact: fact(100) }]);
    expect(await known(facts, tenant, [key('1'), key('2')])).toEqual(new Map([[keyText(key('2')), fact(100)]]));
  });

  it('whose reading failed are tried again after a while, three times in all, and whenever somebody asks', async () => {
    const facts = new FactStore(database, 3_600_000, lookups);
    const poison: Fact = { state: 'skipped', reason: 'crashed', findings: null };
    const light: Fact = { state: 'analysed', body: '{"imports":[]}', items: 0, light: 'timed-out', findings: null };
    const large: Fact = { state: 'analysed', body: '{"imports":[]}', items: 0, light: 'too-large', findings: null };
    const all = [key('a'), key('b'), key('c')];
    const save = () => facts.save(tenant, [poison, light, large].map((fact, n) => ({ key: all[n] as FactKey, fact })));
    const passHours = (hours: number) => database.across.rows.query(`update facts set read_at = read_at - $1 * interval '1 hour' - interval '1 second'`, [hours]);
    const blobs = all.map(({ blob }) => blob);

    await save();
    expect((await known(facts, tenant, all)).size).toBe(3);
    const due = await facts.repairAt(tenant, blobs);
    expect(Math.round(((due?.getTime() ?? 0) - Date.now()) / 60_000)).toBe(60);
    await passHours(1);
    expect([...(await known(facts, tenant, all)).keys()]).toEqual([keyText(key('c'))]);
    await save();
    await passHours(1);
    expect((await known(facts, tenant, all)).size).toBe(3);
    await passHours(1);
    expect((await known(facts, tenant, all)).size).toBe(1);
    await save();
    await passHours(100);
    expect((await known(facts, tenant, all)).size).toBe(3);
    expect(await facts.repairAt(tenant, blobs)).toBeNull();
    const wants = all.map((one) => ({ key: one, text: keyText(one) }));
    expect([...(await facts.known(tenant, wants, new Date())).keys()]).toEqual([keyText(key('c'))]);
    expect((await facts.known(tenant, wants, new Date(0))).size).toBe(3);
    expect(await facts.repairAt(tenant, [])).toBeNull();
  });

  it('are read and written by thousands', async () => {
    const facts = new FactStore(database, 3_600_000, lookups);
    const keys = Array.from({ length: 5000 }, (_, n) => key('', { blob: n.toString(16).padStart(40, '0') }));
    await facts.save(tenant, keys.map((one, n) => ({ key: one, fact: fact(n % 5) })));
    expect((await known(facts, tenant, keys)).size).toBe(5000);
  });
});

describe('artifacts', () => {
  it('are kept once, read in pieces, and mended by what is kept again', async () => {
    const artifacts = new ArtifactStore(database);
    const artifact = await pressArtifact('text/plain', [Array.from({ length: 5000 }, (_, n) => n * 7919).join()]);
    const [first, second, third] = [v7(), v7(), v7()];
    for (const repositoryId of [first, first, second]) await artifacts.keep(database.across.rows, { tenant, repositoryId }, artifact, now);
    const read = (offset: number, length: number) => artifacts.readPiece(tenant, 'all', artifact.digest, offset, length);
    const storedBytes = artifact.body.length;
    expect(await read(0, 10)).toEqual({ bytes: artifact.bytes, storedBytes, piece: artifact.body.subarray(0, 10) });
    expect(await read(storedBytes - 5, 10)).toMatchObject({ piece: artifact.body.subarray(-5) });
    expect(await read(storedBytes, 10)).toMatchObject({ piece: Buffer.alloc(0) });
    expect(await read(Number.MAX_SAFE_INTEGER, 10)).toMatchObject({ piece: Buffer.alloc(0) });
    const among = async (...repositories: string[]) => (await artifacts.readPiece(tenant, new Set(repositories), artifact.digest, 0, 10)) !== null;
    expect([await among(first), await among(third, second), await among(third), await among()]).toEqual([true, true, false, false]);
    expect(await artifacts.readPiece('beta', 'all', artifact.digest, 0, 10)).toBeNull();
    expect(await artifacts.readPiece(tenant, 'all', `sha256:${'0'.repeat(64)}`, 0, 10)).toBeNull();
    await database.across.rows.query('update artifacts set body = set_byte(body, 3, get_byte(body, 3) # 1), bytes = 7 where digest = $1', [artifact.digest]);
    await artifacts.keep(database.across.rows, { tenant, repositoryId: first }, artifact, now);
    expect(await read(0, 10)).toEqual({ bytes: artifact.bytes, storedBytes, piece: artifact.body.subarray(0, 10) });
  });
});

it('keep tenants apart in every table', async () => {
  const { separated, problems } = await walkTenants(fresh, database);
  expect(problems).toEqual([]);
  expect(separated).toEqual(['ai_postures', 'ai_usage', 'artifact_names', 'artifact_repositories', 'artifacts', 'cache_lookups', 'facts', 'findings', 'gates', 'held_events', 'inbox', 'jobs', 'mirrors', 'outbox', 'repositories']);
});

it('the schema goes as it came', async () => {
  const tables = async (): Promise<string[]> => (await database.dataSource.query<{ name: string }[]>(`select tablename as name from pg_tables where schemaname = 'harvester' order by 1`)).map(({ name }) => name);
  const before = await tables();
  expect(before).toEqual(expect.arrayContaining(['artifacts', 'facts', 'jobs', 'repositories']));
  const findings = ['ai_postures', 'ai_usage', 'findings', 'gates'];
  const columns = async (): Promise<string[]> => (await database.dataSource.query<{ name: string }[]>(`select column_name as name from information_schema.columns where table_schema = 'harvester' and table_name = 'repositories'`)).map(({ name }) => name);
  const [behind, done] = [await added({ unharvestedSince: null }), await added({ harvestedCommit: 'a'.repeat(40), unharvestedSince: null })];
  const blocked = await added();
  await jobs.add(database.across.rows, job(blocked.repositoryId, { state: 'blocked', commit: 'a'.repeat(40) }));
  await database.across.rows.query(`insert into ai_postures (tenant, repository_id, commit, posture) values ('${tenant}', '${done.repositoryId}', 'c', '{}')`);
  const caches = ['artifact_names', 'cache_lookups', 'mirrors'];
  await database.dataSource.undoLastMigration();
  expect(await tables()).toEqual(before);
  await database.dataSource.undoLastMigration();
  expect(await tables()).toEqual(before.filter((name) => !caches.includes(name)));
  await database.dataSource.undoLastMigration();
  expect(await tables()).toEqual(before.filter((name) => !['artifact_repositories', ...caches].includes(name)));
  await database.dataSource.undoLastMigration();
  expect(await database.dataSource.query(`select commit from ai_postures where to_jsonb(ai_postures)->>'tenant' is null`)).toEqual([{ commit: 'c' }]);
  await database.dataSource.undoLastMigration();
  expect(await columns()).not.toContain('withheld_commit');
  await database.dataSource.undoLastMigration();
  expect(await columns()).not.toContain('unharvested_since');
  expect(await tables()).toEqual(before.filter((name) => !['artifact_repositories', ...caches].includes(name)));
  await database.dataSource.runMigrations();
  expect(await repositories.get(tenant, behind.repositoryId)).toMatchObject({ unharvestedSince: behind.headMovedAt });
  expect(await repositories.get(tenant, done.repositoryId)).toMatchObject({ unharvestedSince: null });
  expect(await repositories.get(tenant, blocked.repositoryId)).toMatchObject({ withheldCommit: 'a'.repeat(40), unharvestedSince: null });
  expect(await database.of(tenant).query('select tenant, commit from ai_postures')).toEqual([{ tenant, commit: 'c' }]);
  for (let undone = 0; undone < 7; undone += 1) await database.dataSource.undoLastMigration();
  expect(await tables()).toEqual(before.filter((name) => !['artifact_repositories', ...caches, ...findings].includes(name)));
  await database.dataSource.undoLastMigration();
  expect(await tables()).toEqual(before.filter((name) => ![...findings, ...caches, 'artifact_repositories', 'artifacts', 'facts', 'jobs', 'repositories'].includes(name)));
  await database.dataSource.runMigrations();
  expect(await tables()).toEqual(before);
});
