import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheEntry, CacheTarget } from '@granary/contracts';
import type { Fact, FactKey } from '@granary/extract';
import { EXTRACTOR_IDS, factPackText, FACTS_MEDIA_TYPE, keyText } from '@granary/extract';
import type { NamingEvent } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { artifactShelf, noteArtifacts, openDatabase } from '@granary/persistence';
import type { Database } from '@granary/persistence';
import { freshDatabase, temporaryFolder, waitFor } from '@granary/testing';
import type { FreshDatabase } from '@granary/testing';
import { v7 } from 'uuid';
import { jobRow, now, repositoryRow, tenant } from '../../test/rows';
import { harvesterService } from '../app.module';
import { pressArtifact, type Artifact } from '../harvest/artifact';
import { ARTIFACT_IN_USE, ArtifactStore } from '../store/artifact.store';
import { factShelf } from '../store/fact-shelf.store';
import { FactStore } from '../store/fact.store';
import { JobStore } from '../store/job.store';
import { MirrorStore } from '../store/mirror.store';
import type { RepositoryEntity } from '../store/repository.entity';
import { RepositoryStore } from '../store/repository.store';
import { markFacts } from './mark-facts.worker';
import { openMirrorFolder } from './mirror-folder.client';
import { mirrorCache } from './mirrors.worker';

const log = createLogger({ service: 'test', level: 'silent' });
const cause = { tenant, correlationId: 'c1' };
const lookups = { count: () => undefined };
const { entities = [], migrations = [] } = harvesterService();

let fresh: FreshDatabase;
let database: Database;
let repositories: RepositoryStore;
let artifacts: ArtifactStore;

beforeAll(async () => {
  fresh = await freshDatabase('harvester');
  database = await openDatabase({ url: fresh.url, schema: 'harvester', applicationName: 'harvester', entities, migrations, log });
  repositories = new RepositoryStore(database);
  artifacts = new ArtifactStore(database);
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

const everything = (): typeof database.across.rows => database.across.rows;
const targetOf = ({ tenant: of, kind, id, lastUsedAt }: CacheEntry): CacheTarget => ({ tenant: of, kind, id, lastUsedAt });
/** As if it had been used so many days ago. */
const age = (table: 'artifacts' | 'facts', days: number) => everything().query(`update ${table} set last_used_at = now() - $1 * interval '1 day'`, [days]);
const added = async (overrides: Partial<RepositoryEntity> = {}): Promise<RepositoryEntity> => {
  const one = repositoryRow(overrides);
  await repositories.add(everything(), one, 60_000);
  return one;
};
const harvested = async ({ repositoryId }: RepositoryEntity, packDigest: string) => repositories.saveHarvested(everything(), repositoryId, { commit: 'a'.repeat(40), packDigest }, null);

describe('artifacts', () => {
  const unhandled = new Set<string>();
  const replayed = new Set<string>();
  const asked: NamingEvent[] = [];
  const shelf = () =>
    artifactShelf({
      database,
      inUse: ARTIFACT_IN_USE,
      askConsumers: async (events) => {
        asked.push(...events);
        return new Map(events.flatMap(({ id }) => (unhandled.has(id) ? [[id, 'normalizer'] as const] : [])));
      },
      askReplays: async (events) => new Map(events.flatMap(({ id }) => (replayed.has(id) ? [[id, 'normalizer'] as const] : []))),
    });
  const pressed = (text: string): Promise<Artifact> => pressArtifact('text/plain', [text]);
  const keep = async (artifact: Artifact, of: RepositoryEntity): Promise<string> => {
    const id = v7();
    await database.transact(cause, async ({ manager }) => {
      await artifacts.keep(manager, of, artifact, now);
      await noteArtifacts(manager, tenant, { type: 'harvest.completed.v1', id }, [artifact.digest]);
    });
    return id;
  };
  const listed = async (): Promise<CacheEntry[]> => (await shelf().list(null, 100)).entries;
  const only = async (): Promise<CacheEntry> => (await listed())[0] as CacheEntry;

  beforeEach(async () => {
    unhandled.clear();
    replayed.clear();
    asked.length = 0;
    await everything().query('delete from artifacts');
    await everything().query('delete from repositories');
  });

  it('go when nobody needs them, with all that is noted about them', async () => {
    await keep(await pressed('old'), await added());
    await age('artifacts', 8);
    const entry = await only();
    expect(entry).toMatchObject({ tenant, kind: 'artifact', what: 'text/plain', contentBytes: 3, compression: 'fast', lasting: false, inUse: null });
    expect(await shelf().evict([targetOf(entry), { ...targetOf(entry), id: `sha256:${'0'.repeat(64)}` }])).toMatchObject([{ state: 'evicted', bytes: entry.bytes }, { state: 'gone', bytes: 0 }]);
    expect(await everything().query('select (select count(*) from artifacts) + (select count(*) from artifact_names) + (select count(*) from artifact_repositories) as n')).toEqual([{ n: '0' }]);
  });

  it.each<[string, string, (artifact: Artifact, event: string, of: RepositoryEntity) => unknown]>([
    ['are the newest facts of a watched repository', 'it holds the newest facts of ', (artifact, _event, of) => harvested(of, artifact.digest)],
    ['are named by an event that a consumer has not handled', 'harvest.completed.v1 names it, and normalizer has not handled that yet', (_artifact, event) => unhandled.add(event)],
    ['are named by an event that a replay brings', 'harvest.completed.v1 names it, and a replay to normalizer has that before it', (_artifact, event) => replayed.add(event)],
    ['are being read', 'it was used in the last 10 minutes', ({ digest }) => artifacts.readPiece(tenant, 'all', digest, 0, 10)],
  ])('stay while they %s', async (_what, why, use) => {
    const of = await added();
    const artifact = await pressed('needed');
    const event = await keep(artifact, of);
    await age('artifacts', 8);
    const target: CacheTarget = { tenant, kind: 'artifact', id: artifact.digest, lastUsedAt: new Date().toISOString() };
    await use(artifact, event, of);
    expect((await only()).inUse).toContain(why);
    expect(await shelf().evict([target])).toMatchObject([{ state: 'in-use', why: expect.stringContaining(why) }]);
    expect(await listed()).toHaveLength(1);
  });

  it('of repositories that are not watched any more may go, and what was used since it was listed may not', async () => {
    const of = await added();
    const artifact = await pressed('of a removed repository');
    await keep(artifact, of);
    await harvested(of, artifact.digest);
    await repositories.markRemoved(everything(), of.repositoryId, now);
    await age('artifacts', 8);
    const entry = await only();
    expect(entry.inUse).toBeNull();
    await age('artifacts', 7);
    expect(await shelf().evict([targetOf(entry)])).toMatchObject([{ state: 'in-use', why: 'it was used since it was listed' }]);
  });

  it('are asked about once, for what is handled stays handled', async () => {
    await keep(await pressed('one'), await added());
    await age('artifacts', 8);
    await listed();
    await shelf().evict([targetOf(await only())]);
    expect(asked).toHaveLength(1);
  });

  it('that are named anew while they are to go stay, whoever comes first', async () => {
    const of = await added();
    const artifact = await pressed('contested');
    await keep(artifact, of);
    await age('artifacts', 8);
    const target = targetOf(await only());
    const [holding, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const naming = database.transact(cause, async ({ manager }) => {
      await artifacts.keep(manager, of, artifact, now);
      holding.resolve();
      await letGo.promise;
    });
    await holding.promise;
    const evicting = shelf().evict([target]);
    await waitFor(async () => ((await everything().query<unknown[]>(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%delete from artifacts%'`)).length > 0 ? true : null), { what: 'the deletion to wait' });
    letGo.resolve();
    await naming;
    expect(await evicting).toMatchObject([{ state: 'in-use' }]);
    expect(await artifacts.readPiece(tenant, 'all', artifact.digest, 0, 10)).not.toBeNull();
  });

  it('are packed as tightly as can be while nobody reads them, under the same name', async () => {
    const content = Array.from({ length: 20_000 }, (_, n) => JSON.stringify({ specifier: `./module-${(n * n) % 1009}`, kind: 'static', line: (n * 7) % 313 })).join();
    const artifact = await pressed(content);
    await keep(artifact, await added());
    const fresh = targetOf(await only());
    expect(await shelf().pack?.(fresh)).toMatchObject({ state: 'in-use' });
    await age('artifacts', 1);
    const outcome = await shelf().pack?.(targetOf(await only()));
    expect(outcome).toMatchObject({ state: 'packed', why: null });
    expect(await only()).toMatchObject({ id: artifact.digest, compression: 'dense', bytes: artifact.body.length - (outcome?.bytes ?? 0), contentBytes: artifact.bytes });
    expect(await shelf().pack?.(targetOf(await only()))).toMatchObject({ state: 'kept' });
    expect(await shelf().pack?.({ ...fresh, id: `sha256:${'0'.repeat(64)}` })).toMatchObject({ state: 'gone' });
    await everything().query(`update artifacts set body = '\\x00'`);
    expect(await shelf().pack?.(targetOf(await only()))).toMatchObject({ state: 'failed', why: expect.stringContaining('is damaged') });
  });

  it('are listed page by page', async () => {
    const of = await added();
    for (const text of ['a', 'b', 'c']) await keep(await pressed(text), of);
    const first = await shelf().list(null, 2);
    const second = await shelf().list(first.after, 2);
    expect([first.entries.length, second.entries.length, second.after]).toEqual([2, 1, null]);
    expect(new Set([...first.entries, ...second.entries].map(({ id }) => id)).size).toBe(3);
  });
});

describe('facts', () => {
  const extractor = EXTRACTOR_IDS.find((id) => id.startsWith('javascript')) ?? '';
  const key = (digit: string): FactKey => ({ blob: digit.repeat(40), kind: 'module', pathClass: 'ts/code', extractor, ruleSet: 'rules' });
  const fact: Fact = { state: 'analysed', body: '{"imports":[]}', items: 0, light: null, findings: null };
  const shelf = () => factShelf(database, () => new Date());
  const known = async () => everything().query<{ blob: string }[]>(`select left(encode(blob, 'hex'), 1) as blob from facts order by 1`).then((rows) => rows.map(({ blob }) => blob).join(''));
  let facts: FactStore;

  const packOf = (...digits: string[]) =>
    pressArtifact(FACTS_MEDIA_TYPE, factPackText({ repositoryId: v7(), name: 'r', commit: 'a'.repeat(40), committedAt: now.toISOString(), ref: 'refs/heads/main', tier: 2, tierReasons: [], languages: [], found: { findings: [], aiUsage: [] }, facts: new Map(digits.map((digit) => [keyText(key(digit)), fact])), files: digits.map((digit) => ({ path: `${digit}.ts`, blob: digit.repeat(40), bytes: 1, language: 'typescript', skipped: null, wants: { key: key(digit), text: keyText(key(digit)) } })) }));
  const mark = async () => {
    const task = markFacts({ repositories, artifacts, facts, ruleSetOf: async () => 'rules', log, everyMs: 3_600_000 });
    await task.start();
    await waitFor(async () => ((await everything().query<unknown[]>(`select 1 from repositories where state = 'active' and pack_digest is not null and facts_marked_at is null`)).length === 0 ? true : null), { what: 'all to be marked' });
    await task.stop();
  };

  beforeEach(async () => {
    facts = new FactStore(database, 3_600_000, lookups);
    await everything().query('delete from facts');
    await everything().query('delete from repositories');
    await facts.save(tenant, ['1', '2', '3'].map((digit) => ({ key: key(digit), fact })));
  });

  it('of newest commits stay, however long ago they were asked for; the others go', async () => {
    const one = await added();
    const pack = await packOf('1', '3');
    await artifacts.keep(everything(), one, pack, now);
    await harvested(one, pack.digest);
    await age('facts', 9);
    const [before] = (await shelf().list(null, 10)).entries as [CacheEntry];
    expect(before).toMatchObject({ kind: 'facts', tenant, what: expect.stringContaining('3 facts'), inUse: 'it is not known yet what the newest commits of all repositories need' });
    expect(await shelf().evict([targetOf(before)])).toMatchObject([{ state: 'in-use' }]);

    await mark();
    const entries = (await shelf().list(null, 10)).entries;
    expect(entries).toMatchObject([{ what: expect.stringContaining('1 facts'), inUse: null }, { what: expect.stringContaining('2 facts'), inUse: 'files of newest commits need some of them' }]);
    expect(await shelf().evict(entries.map(targetOf))).toMatchObject([{ state: 'evicted', bytes: entries[0]?.bytes }, { state: 'in-use' }]);
    expect(await known()).toBe('13');
  });

  it('that a harvest asks for are used again, once a day', async () => {
    await age('facts', 9);
    await facts.known(tenant, [{ key: key('2'), text: keyText(key('2')) }]);
    expect((await shelf().list(null, 10)).entries.map(({ what }) => what.split(' ')[0])).toEqual(['2', '1']);
    const first = await shelf().list(null, 1);
    expect((await shelf().list(first.after, 1)).entries[0]?.what).toContain('1 facts');
  });

  it('of yesterday and today stay in any case', async () => {
    const [entry] = (await shelf().list(null, 10)).entries as [CacheEntry];
    expect(entry.inUse).not.toBeNull();
    expect(await shelf().evict([targetOf(entry)])).toMatchObject([{ state: 'in-use' }]);
    expect(await known()).toBe('123');
  });

  it('are not thought unused when the list of what is used is gone', async () => {
    await harvested(await added(), `sha256:${'f'.repeat(64)}`);
    await age('facts', 9);
    const task = markFacts({ repositories, artifacts, facts, ruleSetOf: async () => 'rules', log, everyMs: 3_600_000 });
    await task.start();
    await task.stop();
    expect((await shelf().list(null, 10)).entries[0]?.inUse).toContain('not known yet');
  });
});

describe('mirrors', () => {
  const folder = temporaryFolder();
  const elsewhere = temporaryFolder();
  afterAll(() => {
    folder.remove();
    elsewhere.remove();
  });
  const made = async (path: string, repositoryId: string) => {
    for (const part of ['objects/pack', 'refs/granary']) await mkdir(join(path, `${repositoryId}.git`, part), { recursive: true });
    await writeFile(join(path, `${repositoryId}.git`, 'HEAD'), 'ref: refs/granary/head\n');
    await writeFile(join(path, `${repositoryId}.git`, 'objects/pack/pack-1.pack'), 'x'.repeat(1000));
  };
  const open = async (path: string) => {
    const mirrors = new MirrorStore(database);
    const opened = await openMirrorFolder(path);
    const { shelf, task } = mirrorCache({ folder: opened, mirrors, log, everyMs: 3_600_000 });
    const look = async () => {
      await task.start();
      await task.stop();
    };
    return { shelf, look, place: opened.place };
  };

  beforeEach(() => everything().query('delete from jobs').then(() => everything().query('delete from repositories')));

  it('go whole, unless a harvest waits or runs; those of other machines go there', async () => {
    const [idle, busy, removed] = [await added({ name: 'idle' }), await added({ name: 'busy' }), await added({ name: 'removed' })];
    await new JobStore(database, 3).add(everything(), jobRow(busy.repositoryId));
    await repositories.markRemoved(everything(), removed.repositoryId, now);
    const nobodys = v7();
    for (const id of [idle.repositoryId, busy.repositoryId, removed.repositoryId, nobodys]) await made(folder.path, id);
    await made(elsewhere.path, idle.repositoryId);
    const [here, there] = [await open(folder.path), await open(elsewhere.path)];
    await here.look();
    await there.look();

    const { entries } = await here.shelf.list(null, 10);
    const of = (place: string, repositoryId: string) => entries.find(({ id }) => id === `${place}:${repositoryId}`) as CacheEntry;
    expect(of(here.place, idle.repositoryId)).toMatchObject({ tenant, kind: 'mirror', what: 'idle', bytes: 1023, lasting: true, inUse: null });
    expect(of(here.place, busy.repositoryId)).toMatchObject({ inUse: expect.stringMatching(/^a harvest of .* waits or runs$/) });
    expect(of(here.place, removed.repositoryId)).toMatchObject({ what: 'removed, which is not watched any more', lasting: false, inUse: null });
    expect(of(here.place, nobodys)).toMatchObject({ tenant: '_platform', lasting: false });
    expect((await here.shelf.list(`${tenant} ~`, 10)).entries).toEqual([]);

    const targets = [of(here.place, idle.repositoryId), of(here.place, busy.repositoryId), of(there.place, idle.repositoryId)].map(targetOf);
    expect(await here.shelf.evict(targets)).toMatchObject([{ state: 'evicted', bytes: 1023 }, { state: 'in-use' }, { state: 'deferred', why: expect.stringContaining('another machine') }]);
    expect(await here.shelf.evict(targets.slice(0, 1))).toMatchObject([{ state: 'gone' }]);
    const isThere = (path: string, { repositoryId }: RepositoryEntity) => existsSync(join(path, `${repositoryId}.git`));
    expect([isThere(folder.path, idle), isThere(folder.path, busy), isThere(elsewhere.path, idle)]).toEqual([false, true, true]);
    await there.look();
    expect(isThere(elsewhere.path, idle)).toBe(false);
    await here.look();
    expect((await here.shelf.list(null, 10)).entries).toHaveLength(3);
  });

  it('and jobs that are being taken wait for each other', async () => {
    const one = await added();
    await made(folder.path, one.repositoryId);
    const here = await open(folder.path);
    await here.look();
    const jobs = new JobStore(database, 3);
    const job = jobRow(one.repositoryId);
    const [taken, letGo] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const taking = database.transact(cause, async ({ manager }) => {
      await jobs.add(manager, job);
      await repositories.holdForJob(manager, tenant, one.repositoryId);
      taken.resolve();
      await letGo.promise;
    });
    await taken.promise;
    const evicting = here.shelf.evict([{ tenant, kind: 'mirror', id: `${here.place}:${one.repositoryId}`, lastUsedAt: now.toISOString() }]);
    await Promise.race([evicting, sleep(50)]);
    letGo.resolve();
    await taking;
    expect(await evicting).toMatchObject([{ state: 'in-use' }]);
  });
});
