import { createLogger } from '@granary/observability';
import { openDatabase, type Database } from '@granary/persistence';
import { freshDatabase, walkTenants, type FreshDatabase } from '@granary/testing';
import { sealArtifact } from '../artifact/artifact';
import { ArtifactEntity } from './artifact.entity';
import { ArtifactStore } from './artifact.store';
import { GraphEntity } from './graph.entity';
import { GraphStore } from './graph.store';
import { Caches1790000000000 } from './migrations/caches.migration';
import { Graphs1750000000000 } from './migrations/graphs.migration';
import { Names1755000000000 } from './migrations/names.migration';
import { ArtifactRepositories1785000000000 } from './migrations/artifact-repositories.migration';
import { TenantRows1780000000000 } from './migrations/tenant-rows.migration';
import { RepositoryEntity } from './repository.entity';

const tenant = 'acme';
const cause = { tenant, correlationId: 'c1' };
const repositoryId = '01976c2e-8a00-7b3c-9d4e-5f60718293a4';
const repository = { tenant, repositoryId, name: 'sample' };
const job = (number: number): string => `01976c2e-8a0${number}-7b3c-9d4e-5f60718293a4`;
const now = new Date('2026-03-02T09:14:02.117Z');

function graph(number: number, overrides: Partial<GraphEntity> = {}): GraphEntity {
  return {
    ...repository,
    jobId: job(number),
    commit: String(number).repeat(40),
    hash: `sha256:${String(number).repeat(64)}`,
    bytes: 100,
    tier: 2,
    counts: { modules: 1, imports: 2, packages: 3, entrypoints: 4, cycles: 5, unresolved: 6 },
    completeness: { unresolved: 6, skipped: 7, missingLocks: ['.'] },
    languages: [{ language: 'typescript', files: 1, bytes: 10 }],
    normalizedAt: now,
    ...overrides,
  };
}

let fresh: FreshDatabase;
let database: Database;
let graphs: GraphStore;
let artifacts: ArtifactStore;

beforeAll(async () => {
  fresh = await freshDatabase('normalizer');
  database = await openDatabase({
    url: fresh.url,
    schema: 'normalizer',
    applicationName: 'normalizer',
    entities: [RepositoryEntity, GraphEntity, ArtifactEntity],
    migrations: [Graphs1750000000000, Names1755000000000, TenantRows1780000000000, ArtifactRepositories1785000000000, Caches1790000000000],
    log: createLogger({ service: 'test', level: 'silent' }),
  });
  graphs = new GraphStore(database);
  artifacts = new ArtifactStore(database, { count: () => undefined });
});

afterAll(async () => {
  await database?.close();
  await fresh?.drop();
});

beforeEach(() => database.dataSource.query('truncate repositories, graphs, artifacts, artifact_repositories, artifact_names, cache_lookups, names'));

it('keeps graphs, and which is the newest', async () => {
  const manager = database.of(tenant);
  expect(await graphs.head(tenant, repositoryId)).toBeNull();
  await database.transact(cause, async ({ manager: transaction }) => {
    expect(await graphs.lockHead(transaction, repository)).toEqual({ head: null, removedAt: null });
    await graphs.save(transaction, graph(1));
    await graphs.moveHead(transaction, graph(1), null);
  });
  expect(await graphs.head(tenant, repositoryId)).toEqual({ jobId: job(1), commit: '1'.repeat(40), hash: `sha256:${'1'.repeat(64)}` });
  expect(await graphs.findByJob(tenant, job(1))).toEqual(graph(1));

  await graphs.save(manager, graph(1, { hash: 'sha256:again' }));
  expect((await graphs.findByJob(tenant, job(1)))?.hash).toBe('sha256:again');
  expect(await graphs.findByJob('other', job(1))).toBeNull();
});

it('finds the newest graph of a commit', async () => {
  const manager = database.of(tenant);
  const commit = 'c'.repeat(40);
  for (const number of [2, 3, 1]) await graphs.save(manager, graph(number, { commit }));
  expect((await graphs.findByCommit(tenant, repositoryId, commit))?.jobId).toBe(job(3));
  expect(await graphs.findByCommit(tenant, repositoryId, 'd'.repeat(40))).toBeNull();
});

it('finds a repository by id and by name, and a removed one only by id', async () => {
  const manager = database.of(tenant);
  await database.transact(cause, ({ manager: transaction }) => graphs.lockHead(transaction, repository));
  expect((await graphs.findRepository(tenant, 'sample'))?.repositoryId).toBe(repositoryId);
  expect((await graphs.findRepository(tenant, repositoryId.toUpperCase()))?.name).toBe('sample');
  expect(await graphs.findRepository('other', 'sample')).toBeNull();
  expect(await graphs.findRepository(tenant, 'gone')).toBeNull();

  await graphs.markRemoved(manager, repository, now);
  expect(await graphs.findRepository(tenant, 'sample')).toBeNull();
  expect((await graphs.findRepository(tenant, repositoryId))?.removedAt).toEqual(now);

  await graphs.markRemoved(manager, repository, null);
  expect((await graphs.findRepository(tenant, 'sample'))?.repositoryId).toBe(repositoryId);
});

it('holds the newest graph for one transaction at a time', async () => {
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const holding = Promise.withResolvers<void>();
  const holder = database.transact(cause, async ({ manager: transaction }) => {
    await graphs.lockHead(transaction, repository);
    holding.resolve();
    await first.promise;
    order.push('first');
  });
  await holding.promise;
  const waiter = database.transact(cause, async ({ manager: transaction }) => {
    await graphs.lockHead(transaction, repository);
    order.push('second');
  });
  first.resolve();
  await Promise.all([holder, waiter]);
  expect(order).toEqual(['first', 'second']);
});

it('keeps an artifact once, gives it back whole or in pieces, and mends it when it is kept again', async () => {
  const manager = database.of(tenant);
  const artifact = sealArtifact(Buffer.from('content '.repeat(1_000)), 'text/plain');
  await artifacts.keep(manager, repository, artifact, now);
  await artifacts.keep(manager, repository, { ...artifact, mediaType: 'other' }, now);

  const found = await artifacts.find(tenant, artifact.digest);
  expect(found).toMatchObject({ digest: artifact.digest, bytes: artifact.bytes, mediaType: 'text/plain' });
  expect(Buffer.compare(found?.body ?? Buffer.alloc(0), artifact.body)).toBe(0);

  const size = artifact.body.byteLength;
  const body = Buffer.from(artifact.body);
  expect(await artifacts.readPiece(tenant, 'all', artifact.digest, 0, 10)).toEqual({ bytes: 8_000, storedBytes: size, piece: body.subarray(0, 10) });
  expect((await artifacts.readPiece(tenant, 'all', artifact.digest, size - 5, 10))?.piece).toEqual(body.subarray(size - 5));
  for (const beyond of [size, 2 ** 31, Number.MAX_SAFE_INTEGER]) expect((await artifacts.readPiece(tenant, 'all', artifact.digest, beyond, 10))?.piece).toHaveLength(0);
  const among = async (...repositories: string[]) => (await artifacts.readPiece(tenant, new Set(repositories), artifact.digest, 0, 10)) !== null;
  expect([await among(repositoryId), await among('01936c5e-7a10-7000-8000-0000000000ff'), await among()]).toEqual([true, false, false]);
  expect(await artifacts.readPiece('other', 'all', artifact.digest, 0, 10)).toBeNull();
  expect(await artifacts.find(tenant, 'sha256:gone')).toBeNull();
  await manager.query('update artifacts set body = set_byte(body, 3, get_byte(body, 3) # 1), bytes = 7 where digest = $1', [artifact.digest]);
  await artifacts.keep(manager, repository, artifact, now);
  expect(await artifacts.find(tenant, artifact.digest)).toEqual(found);
});

it('keeps tenants apart in every table', async () => {
  expect(await walkTenants(fresh, database)).toEqual({ separated: ['artifact_names', 'artifact_repositories', 'artifacts', 'cache_lookups', 'graphs', 'held_events', 'inbox', 'names', 'outbox', 'repositories'], problems: [] });
  await database.dataSource.query('truncate repositories');
});

it('migrates down and up again', async () => {
  const tables = async (): Promise<string[]> => {
    const rows = await database.dataSource.query<{ name: string }[]>(`select table_name as name from information_schema.tables where table_schema = 'normalizer' and table_name in ('repositories', 'graphs', 'artifacts', 'artifact_repositories', 'names') order by 1`);
    return rows.map((row) => row.name);
  };
  await database.transact(cause, ({ manager }) => graphs.lockHead(manager, repository));
  const everybody = () => database.dataSource.query('select tenant from repositories');
  expect(await everybody()).toEqual([]);
  await database.dataSource.undoLastMigration();
  await database.dataSource.undoLastMigration();
  expect(await tables()).toEqual(['artifacts', 'graphs', 'names', 'repositories']);
  await database.dataSource.undoLastMigration();
  expect(await everybody()).toEqual([{ tenant }]);
  await database.dataSource.undoLastMigration();
  expect(await tables()).toEqual(['artifacts', 'graphs', 'repositories']);
  await database.dataSource.undoLastMigration();
  expect(await tables()).toEqual([]);
  await database.dataSource.runMigrations();
  expect(await tables()).toEqual(['artifact_repositories', 'artifacts', 'graphs', 'names', 'repositories']);
});
