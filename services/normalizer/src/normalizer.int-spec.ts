import { join } from 'node:path';
import type { Envelope, FactPack, HarvestCompletedV1Data, ProjectGraph, RpcOperation, RpcShapes } from '@granary/contracts';
import { publishSubject } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { createPublisher, messageId, serve, serveRpcs, type Broker, type RpcClient, type RpcServer } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { hostService, type HostedService } from '@granary/service-host';
import { ADMIN, exampleEvent, freshDatabase, startTestAuth, startTestNats, waitFor, type FreshDatabase, type TestAuth, type TestNats } from '@granary/testing';
import { v7 as uuidv7 } from 'uuid';
import { factsOf, type Files } from '../../../libs/graph/test/facts';
import { normalizerService } from './app.module';
import { openArtifact, refOf, sealArtifact, type Artifact } from './artifact/artifact';
import { canonicalJson } from '@granary/graph';
import { normalize } from '@granary/graph';

const tenant = 'acme';
const log = createLogger({ service: 'test', level: 'silent' });
// Test code is compiled by Jest; the thread is outside of it and loads sources by itself.
const execArgv = ['--require', join(__dirname, '../../../libs/testing/jest/sources.cjs')];

let nats: TestNats;
let fresh: FreshDatabase;
let service: HostedService;
let harvester: Broker;
let artifactServer: RpcServer;
let rpc: RpcClient;
let auth: TestAuth;
const served = new Map<string, Artifact>();
const announced: Envelope[] = [];

beforeAll(async () => {
  [nats, fresh] = await Promise.all([startTestNats(), freshDatabase('normalizer')]);
  const observer = await nats.connect(ADMIN);
  observer.connection.subscribe('in.>', { callback: (_error, message) => void announced.push(message.json()) });
  auth = await startTestAuth(nats);
  rpc = await auth.rpc({ tenant, role: 'owner' });
  harvester = await nats.connect('harvester');
  artifactServer = serveRpcs({ broker: harvester, service: 'harvester', handlers: [serve('harvester.artifact.read', serveArtifact)], log });
  const { user, password } = nats.credentials('normalizer');
  service = await hostService(normalizerService({ execArgv }), {
    GRANARY_NATS_URL: nats.url,
    GRANARY_NATS_USER: user,
    GRANARY_NATS_PASSWORD: password,
    GRANARY_DATABASE_URL: fresh.url,
    GRANARY_LOG_LEVEL: 'silent',
  });
});

afterAll(async () => {
  await service?.stop();
  await artifactServer?.stop();
  await auth?.stop();
  await nats?.stop();
  await fresh?.drop();
});

/** The harvester's answer, in pieces of 1,000 bytes so that there are several. */
async function serveArtifact({ digest, offset }: RpcShapes['harvester.artifact.read']['request']): Promise<RpcShapes['harvester.artifact.read']['response']> {
  const artifact = served.get(digest);
  if (artifact === undefined) throw Fault.permanent('not-found', `the harvester has no artifact ${digest}`);
  const chunk = Buffer.from(artifact.body).subarray(offset, offset + 1_000).toString('base64');
  return { digest, offset, bytes: artifact.bytes, storedBytes: artifact.body.byteLength, encoding: 'zstd', chunk };
}

interface Repository { repositoryId: string; name: string }
const newRepository = (name: string): Repository => ({ repositoryId: uuidv7(), name });
const commitOf = (number: number): string => number.toString(16).padStart(40, '0');

function factsAt(repository: Repository, number: number, files: Files): FactPack {
  return factsOf(files, { ...repository, commit: commitOf(number) });
}

async function publish(event: Envelope): Promise<void> {
  const subject = publishSubject(event.tenantid, event.type as 'harvest.completed.v1', event.partitionkey);
  expect(await createPublisher(harvester.connection).publish({ subject, messageId: messageId(event), body: JSON.stringify(event) })).toMatchObject({ state: 'stored' });
}

/** Announces a harvest as the harvester does; answers with its job. */
async function harvest(facts: FactPack, overrides: Partial<HarvestCompletedV1Data> = {}): Promise<string> {
  const artifact = sealArtifact(Buffer.from(JSON.stringify(facts)), 'application/vnd.granary.facts+json;version=1');
  served.set(artifact.digest, artifact);
  const { repositoryId, name, commit, ref, tier } = facts;
  const jobId = overrides.jobId ?? uuidv7();
  await publish(exampleEvent('harvest.completed.v1', {
    id: uuidv7(), tenantid: tenant, partitionkey: repositoryId, correlationid: `harvest-${jobId}`,
    data: { jobId, repositoryId, name, commit, ref, tier, base: null, facts: refOf(artifact), ...overrides },
  }));
  return jobId;
}

const graphOfJob = (jobId: string): Promise<Envelope> => waitFor(() => announced.find((event) => event.type === 'graph.normalized.v1' && (event.data as { jobId: string }).jobId === jobId), { what: `the graph of job ${jobId}` });
const changesOf = (jobId: string): Envelope[] => announced.filter((event) => event.source === 'granary/normalizer' && event.correlationid === `harvest-${jobId}` && event.type !== 'graph.normalized.v1');

async function read(digest: string, operation: RpcOperation & `${string}.artifact.read` = 'normalizer.artifact.read'): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let offset = 0; ; ) {
    const answer = await rpc.call(operation, { digest, offset });
    pieces.push(Buffer.from(answer.chunk, 'base64'));
    offset += pieces.at(-1)?.length ?? 0;
    if (offset >= answer.storedBytes) return openArtifact({ digest, bytes: answer.bytes, mediaType: '', body: Buffer.concat(pieces) });
  }
}

const files: Files = {
  'package.json': { name: 'sample', dependencies: { lodash: '^4.17.0' } },
  'package-lock.json': { lockfileVersion: 3, packages: { '': {}, 'node_modules/lodash': { version: '4.17.20' } } },
  'src/a.ts': ['./b', 'lodash'],
  'src/b.ts': ['./c'],
  'src/c.ts': [],
};

it('turns the first harvest into a graph, announced alone', async () => {
  const repository = newRepository('first');
  const facts = factsAt(repository, 1, files);
  const jobId = await harvest(facts);
  const event = await graphOfJob(jobId);

  const bytes = Buffer.from(canonicalJson(normalize(facts)));
  const graph = refOf(sealArtifact(bytes, 'application/vnd.granary.graph+json;version=1'));
  const counts = { modules: 3, imports: 2, packages: 1, entrypoints: 0, cycles: 0, unresolved: 0 };
  expect(event).toMatchObject({ source: 'granary/normalizer', tenantid: tenant, partitionkey: repository.repositoryId, subject: 'first', correlationid: `harvest-${jobId}` });
  expect(event.data).toEqual({ ...repository, jobId, commit: commitOf(1), graphHash: graph.digest, graph, previousHash: null, previousCommit: null, counts, tier: 2, changes: null, changeCount: null, durationMs: expect.any(Number) });
  expect((await read(graph.digest)).equals(bytes)).toBe(true);

  expect(await rpc.call('normalizer.graph.summary', { repository: 'first' })).toEqual({
    ...repository, commit: commitOf(1), graphHash: graph.digest, graph, counts,
    completeness: { tier: 2, unresolved: 0, skipped: 0, missingLocks: [] },
    languages: facts.languages,
    normalizedAt: expect.any(String),
  });
  expect(changesOf(jobId)).toEqual([]);
});

it('announces what the next harvest changed, in order and with its cause', async () => {
  const repository = newRepository('second');
  await graphOfJob(await harvest(factsAt(repository, 1, files)));
  const jobId = await harvest(factsAt(repository, 2, {
    ...files,
    'package-lock.json': { lockfileVersion: 3, packages: { '': {}, 'node_modules/lodash': { version: '4.17.21' } } },
    'src/c.ts': ['./b'],
    'src/d.ts': [],
  }), { base: commitOf(1) });
  const event = await graphOfJob(jobId);

  expect(event.data).toMatchObject({ changeCount: 4, changes: null, previousCommit: commitOf(1), previousHash: expect.stringMatching(/^sha256:/) });
  await waitFor(() => changesOf(jobId).length === 4, { what: 'four differences' });
  expect(changesOf(jobId).map(({ type }) => type)).toEqual(['module.added.v1', 'module.changed.v1', 'dependency.changed.v1', 'cycle.appeared.v1']);
  expect(new Set(changesOf(jobId).map(({ causationid }) => causationid))).toEqual(new Set([event.causationid]));
  expect(changesOf(jobId).at(-1)?.data).toEqual({ repositoryId: repository.repositoryId, commit: commitOf(2), modules: ['src/b.ts', 'src/c.ts'] });
  expect(await rpc.call('normalizer.graph.cycles', { repository: 'second' })).toEqual({ cycles: [['src/b.ts', 'src/c.ts']] });
  expect(await rpc.call('normalizer.graph.summary', { repository: repository.repositoryId, commit: commitOf(1) })).toMatchObject({ commit: commitOf(1) });
});

it('announces a harvest that changed nothing, without differences', async () => {
  const repository = newRepository('same');
  const first = await graphOfJob(await harvest(factsAt(repository, 1, files)));
  const jobId = await harvest(factsAt(repository, 1, files), { base: commitOf(1) });
  const { graphHash } = first.data as { graphHash: string };
  expect((await graphOfJob(jobId)).data).toMatchObject({ changeCount: 0, changes: null, graphHash, previousHash: graphHash });
  expect(changesOf(jobId)).toEqual([]);
});

it('writes more than a thousand differences into one artifact', async () => {
  const repository = newRepository('many');
  await graphOfJob(await harvest(factsAt(repository, 1, files)));
  const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`gen/m${index}.ts`, []]));
  const jobId = await harvest(factsAt(repository, 2, { ...files, ...many }), { base: commitOf(1) });
  const { changes, changeCount } = (await graphOfJob(jobId)).data as { changes: { digest: string; mediaType: string }; changeCount: number };
  expect(changeCount).toBe(1_001);
  expect(changes.mediaType).toBe('application/vnd.granary.changes+json;version=1');
  const content = JSON.parse((await read(changes.digest)).toString('utf8')) as { changes: unknown[] };
  expect(content.changes).toHaveLength(1_001);
  expect(changesOf(jobId)).toEqual([]);
});

it('answers why, what a change touches, who uses what, and which repositories hang together', async () => {
  const [app, lib] = [newRepository('app'), newRepository('lib')];
  await graphOfJob(await harvest(factsAt(lib, 1, { 'package.json': { name: '@acme/lib', version: '2.0.0' }, 'index.js': [] })));
  const appFiles: Files = {
    'package.json': { name: 'app', main: 'src/a.ts', dependencies: { '@acme/lib': '^1.0.0' } },
    'package-lock.json': { lockfileVersion: 3, packages: { '': {}, 'node_modules/@acme/lib': { version: '1.2.0' } } },
    'src/a.ts': ['./b'],
    'src/b.ts': ['@acme/lib'],
  };
  await graphOfJob(await harvest(factsAt(app, 1, appFiles)));
  await graphOfJob(await harvest(factsAt(app, 2, { ...appFiles, 'src/c.ts': ['./b'], 'package-lock.json': { lockfileVersion: 3, packages: { '': {}, 'node_modules/@acme/lib': { version: '1.3.0' } } } }), { base: commitOf(1) }));

  expect(await rpc.call('normalizer.graph.why', { repository: 'app', from: 'src/a.ts', to: '@acme/lib' })).toMatchObject({ to: 'pkg:npm/%40acme/lib@1.3.0', kind: 'package', way: [{ node: 'src/a.ts' }, { node: 'src/b.ts', by: 'static', line: 1 }, { by: 'static' }] });
  expect(await rpc.call('normalizer.graph.impact', { repository: 'app', from: commitOf(1) })).toEqual({
    ...{ repositoryId: app.repositoryId, name: 'app' },
    from: commitOf(1),
    to: commitOf(2),
    changed: [{ path: 'src/c.ts', change: 'added' }],
    packages: [{ name: 'pkg:npm/%40acme/lib', before: '1.2.0', after: '1.3.0' }],
    impacted: [{ path: 'src/b.ts', depth: 1 }, { path: 'src/a.ts', depth: 2 }],
    entrypoints: [{ kind: 'main', name: 'app', path: 'src/a.ts' }],
  });
  await expect(rpc.call('normalizer.graph.impact', { repository: 'app', from: commitOf(9) })).rejects.toMatchObject({ code: 'not-found' });

  const search = await rpc.call('normalizer.graph.search', { query: 'LIB', kinds: ['package', 'publication'] });
  expect(search.matches).toEqual(expect.arrayContaining([
    { repositoryId: app.repositoryId, repository: 'app', kind: 'package', name: 'pkg:npm/%40acme/lib@1.3.0' },
    { repositoryId: lib.repositoryId, repository: 'lib', kind: 'publication', name: 'pkg:npm/%40acme/lib' },
  ]));
  expect(search.matches.filter(({ name }) => name.endsWith('@1.2.0'))).toEqual([]);
  expect(await rpc.call('normalizer.graph.search', { query: 'src/', repository: 'app', limit: 2 })).toEqual({ matches: [expect.objectContaining({ name: 'src/a.ts' }), expect.objectContaining({ name: 'src/b.ts' })], more: true });
  await expect(rpc.call('normalizer.graph.search', { query: 'x', repository: 'nobody' })).rejects.toMatchObject({ code: 'not-found' });

  const use = { repositoryId: app.repositoryId, repository: 'app', purl: 'pkg:npm/%40acme/lib@1.3.0', version: '1.3.0', scope: 'runtime', direct: true };
  expect(await rpc.call('normalizer.package.users', { package: '@acme/lib' })).toEqual({ users: [use], more: false });
  expect(await rpc.call('normalizer.package.users', { package: 'pkg:npm/%40acme/lib', range: '^1.3.0' })).toEqual({ users: [use], more: false });
  expect(await rpc.call('normalizer.package.users', { package: 'pkg:npm/%40acme/lib', range: '<1.3.0' })).toEqual({ users: [], more: false });
  await expect(rpc.call('normalizer.package.users', { package: 'x', range: 'no range' })).rejects.toMatchObject({ code: 'bad-range' });

  const link = { from: { repositoryId: app.repositoryId, name: 'app' }, to: { repositoryId: lib.repositoryId, name: 'lib' }, purl: 'pkg:npm/%40acme/lib', version: '1.3.0', published: '2.0.0', scope: 'runtime' };
  expect(await rpc.call('normalizer.repository.links', { repository: 'lib' })).toEqual({ links: [link], more: false });
  expect((await rpc.call('normalizer.repository.links', {})).links).toContainEqual(link);
});

it('keeps an older harvest that comes late without making it the newest', async () => {
  const repository = newRepository('late');
  const older = uuidv7({ msecs: Date.now() - 60_000 });
  await graphOfJob(await harvest(factsAt(repository, 2, files)));
  await harvest(factsAt(repository, 1, { 'src/a.ts': [] }), { jobId: older });
  const summary = await waitFor(() => rpc.call('normalizer.graph.summary', { repository: 'late', commit: commitOf(1) }), { what: 'the older graph' });
  expect(summary.counts.modules).toBe(1);
  expect((await rpc.call('normalizer.graph.summary', { repository: 'late' })).commit).toBe(commitOf(2));
  // The next harvest goes through the same lane: when its graph is known, whatever the older one would announce is too.
  const next = await harvest(factsAt(repository, 3, files), { base: commitOf(2) });
  expect((await graphOfJob(next)).data).toMatchObject({ previousCommit: commitOf(2), changeCount: 0 });
  expect(announced.some((event) => event.type === 'graph.normalized.v1' && (event.data as { jobId: string }).jobId === older)).toBe(false);
});

it('answers what depends on what', async () => {
  const repository = newRepository('asked');
  await graphOfJob(await harvest(factsAt(repository, 1, files)));
  expect(await rpc.call('normalizer.graph.dependents', { repository: 'asked', target: 'src/c.ts', transitive: true })).toEqual({
    target: 'src/c.ts', kind: 'module', dependents: [{ path: 'src/b.ts', depth: 1 }, { path: 'src/a.ts', depth: 2 }],
  });
  expect(await rpc.call('normalizer.graph.dependents', { repository: 'asked', target: 'lodash' })).toEqual({
    target: 'pkg:npm/lodash@4.17.20', kind: 'package', dependents: [{ path: 'src/a.ts', depth: 1 }],
  });
  await expect(rpc.call('normalizer.graph.dependents', { repository: 'asked', target: 'gone.ts' })).rejects.toMatchObject({ kind: 'permanent', code: 'not-found' });
  const metrics = (await (await fetch(`${service.url}/metrics`)).text()).split('\n');
  expect(metrics).toContainEqual(expect.stringMatching(/^granary_normalizer_graph_lookups_total\{.*outcome="hit".*\} [1-9]/));
  expect(metrics).toContainEqual(expect.stringMatching(/^granary_normalizer_seconds_count\{.*stage="compute".*\} [1-9]/));
});

it('says how to go on when there is no graph yet', async () => {
  await expect(rpc.call('normalizer.graph.summary', { repository: 'nobody' })).rejects.toMatchObject({
    kind: 'permanent', code: 'not-found', message: 'repository nobody has no graph yet; see `granary jobs list --repository nobody`',
  });
  await expect(rpc.call('normalizer.artifact.read', { digest: `sha256:${'0'.repeat(64)}`, offset: 0 })).rejects.toMatchObject({ code: 'not-found' });
});

it('tells of those repositories only that the caller may see', async () => {
  const [seen, hidden] = [newRepository('seen'), newRepository('hidden')];
  const graphs = [];
  for (const repository of [seen, hidden]) graphs.push((await graphOfJob(await harvest(factsAt(repository, 1, files)))).data as { graphHash: string });
  const some = { token: await auth.token({ tenant, role: 'reader', repositories: [seen.repositoryId] }) };
  const ids = (rows: readonly { repositoryId: string }[]) => [...new Set(rows.map(({ repositoryId }) => repositoryId))];
  expect(ids((await rpc.call('normalizer.graph.search', { query: 'src/b' }, some)).matches)).toEqual([seen.repositoryId]);
  expect(ids((await rpc.call('normalizer.package.users', { package: 'lodash' }, some)).users)).toEqual([seen.repositoryId]);
  expect((await rpc.call('normalizer.repository.links', {}, some)).links).toEqual([]);
  expect((await rpc.call('normalizer.graph.summary', { repository: 'seen' }, some)).repositoryId).toBe(seen.repositoryId);
  const [own, other] = graphs.map(({ graphHash }) => ({ digest: graphHash, offset: 0 }));
  if (!own || !other) throw new Error('both are there');
  expect(await rpc.call('normalizer.artifact.read', own, some)).toMatchObject(own);
  const refused = { kind: 'permanent', code: 'not-found' };
  await expect(rpc.call('normalizer.artifact.read', other, some)).rejects.toMatchObject(refused);
  await expect(rpc.call('normalizer.graph.cycles', { repository: 'hidden' }, some)).rejects.toMatchObject(refused);
  await expect(rpc.call('normalizer.graph.search', { query: 'src/b', repository: hidden.repositoryId }, some)).rejects.toMatchObject(refused);
});

it('keeps tenants apart', async () => {
  const repository = newRepository('private');
  const { graphHash } = (await graphOfJob(await harvest(factsAt(repository, 1, files)))).data as { graphHash: string };
  await expect(rpc.call('normalizer.graph.summary', { repository: repository.repositoryId }, { token: await auth.token({ tenant: 'other', role: 'owner' }) })).rejects.toMatchObject({ code: 'not-found' });
  await expect(rpc.call('normalizer.artifact.read', { digest: graphHash, offset: 0 }, { token: await auth.token({ tenant: 'other', role: 'owner' }) })).rejects.toMatchObject({ code: 'not-found' });
});

it('forgets the name of a removed repository, until somebody harvests it again', async () => {
  const repository = newRepository('removed');
  await graphOfJob(await harvest(factsAt(repository, 1, files)));
  const removed = exampleEvent('repository.removed.v1', { id: uuidv7(), tenantid: tenant, partitionkey: repository.repositoryId, time: new Date().toISOString(), data: repository });
  await publish(removed);
  await waitFor(() => rpc.call('normalizer.graph.summary', { repository: 'removed' }).then(() => false, () => true), { what: 'the name to be forgotten' });
  expect(await rpc.call('normalizer.graph.summary', { repository: repository.repositoryId })).toMatchObject({ commit: commitOf(1) });

  await graphOfJob(await harvest(factsAt(repository, 2, files), { base: commitOf(1), jobId: uuidv7({ msecs: Date.now() + 1_000 }) }));
  expect(await rpc.call('normalizer.graph.summary', { repository: 'removed' })).toMatchObject({ commit: commitOf(2) });
});

it('holds a harvest whose facts are gone or damaged, and others go on', async () => {
  const repository = newRepository('held');
  const facts = factsAt(repository, 1, files);
  const gone = await harvest(facts, { facts: { digest: `sha256:${'0'.repeat(64)}`, bytes: 10, mediaType: 'x' } });
  await waitFor(() => announced.some((event) => event.type === 'consumer.held.v1' && event.partitionkey === repository.repositoryId), { what: 'the event to be held' });
  const { held } = await rpc.call('normalizer.held.list', { tenant });
  expect(held).toEqual([expect.objectContaining({ key: repository.repositoryId, state: 'dead', code: 'not-found', eventType: 'harvest.completed.v1' })]);
  expect(announced.some((event) => event.type === 'graph.normalized.v1' && (event.data as { jobId: string }).jobId === gone)).toBe(false);
  await graphOfJob(await harvest(factsAt(newRepository('other'), 1, files)));
});

it('writes the same graph that a client reads', async () => {
  const facts = factsAt(newRepository('read'), 1, files);
  const { graphHash } = (await graphOfJob(await harvest(facts))).data as { graphHash: string };
  expect(JSON.parse((await read(graphHash)).toString('utf8')) as ProjectGraph).toEqual(normalize(facts));
});
