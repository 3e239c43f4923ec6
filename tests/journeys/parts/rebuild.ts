// The graphs are gone, and are made anew from the event log while processes are killed.
import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { publishSubject, type EventType } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { createPublisher, createRpcClient, messageId, serve, serveRpcs, type Broker, type RpcClient, type RpcServer } from '@granary/messaging';
import { exampleEvent, waitFor } from '@granary/testing';
import { v7 } from 'uuid';
import { factsOf } from '../../../libs/graph/test/facts.ts';
import type { LogWorld } from './log-world.ts';

const REPOSITORIES = 20;
const HARVESTS = 4;
const EVENTS = REPOSITORIES * HARVESTS + REPOSITORIES / 2;
const TABLES = {
  repositories: 'repository_id, name, removed_at, head_job_id, head_commit, head_hash',
  graphs: 'job_id, repository_id, name, commit, hash, bytes, tier, counts, completeness, languages',
  artifacts: 'digest, bytes, media_type, md5(body)',
  names: 'repository_id, kind, name, package_name, version, scope, direct',
};

/** Examples on services that run already, of which the harvester is not one. @param world known when the examples begin */
export function rebuild(world: () => LogWorld): void {
  const facts = new Map<string, { bytes: number; body: Buffer }>();
  let harvester: Broker;
  let operator: Broker;
  let artifacts: RpcServer;
  let rpc: RpcClient;

  beforeAll(async () => {
    const { servers, first } = world();
    harvester = await servers.connect('harvester');
    artifacts = serveRpcs({ broker: harvester, service: 'harvester', log: servers.log, handlers: [serve('harvester.artifact.read', readFacts), serve('harvester.artifact.check', async ({ digests }) => ({ gone: digests.filter((digest) => !facts.has(digest)) }))] });
    operator = await servers.connect('operator');
    const { accessToken } = await createRpcClient({ broker: operator }).call('auth.key.exchange', { key: first.key });
    rpc = createRpcClient({ broker: operator, token: () => Promise.resolve(accessToken) });
  });
  afterAll(async () => {
    await artifacts.stop();
    await Promise.all([harvester.close(), operator.close()]);
  });

  async function readFacts({ digest, offset }: { digest: string; offset: number }) {
    const found = facts.get(digest);
    if (found === undefined) throw Fault.permanent('artifact-not-found', 'gone');
    return { digest, offset, bytes: found.bytes, storedBytes: found.body.length, encoding: 'zstd' as const, chunk: found.body.subarray(offset).toString('base64') };
  }

  async function publish(type: EventType, repositoryId: string, data: object, time: Date): Promise<void> {
    const event = { ...exampleEvent(type), id: v7(), tenantid: world().first.tenant, partitionkey: repositoryId, time: time.toISOString(), correlationid: 'harvests', data };
    const outcome = await createPublisher(harvester.connection).publish({ subject: publishSubject(world().first.tenant, type, repositoryId), messageId: messageId(event as never), body: JSON.stringify(event) });
    expect(outcome.state).toBe('stored');
  }

  /** Several harvests of each repository, one of every second is removed in between, and one of every fourth at the end. */
  async function harvestAll(): Promise<void> {
    const begun = Date.now() - 3_600_000;
    for (let n = 0; n < REPOSITORIES; n += 1) {
      const repository = { repositoryId: v7({ msecs: begun }), name: `repository-${n}` };
      let base: string | null = null;
      const removeAt = (step: number) => publish('repository.removed.v1', repository.repositoryId, repository, new Date(begun + step * 1_000 + 500));
      for (let step = 0; step < HARVESTS; step += 1) {
        const commit = `${n.toString(16)}${step}`.padStart(40, '0');
        const pack = factsOf({ 'package.json': { name: `p${n}`, dependencies: { lodash: '^4.0.0' } }, 'a.ts': ['./b', 'lodash'], 'b.ts': step > 1 ? ['./c'] : [], 'c.ts': [], [`d${step}.ts`]: [] }, { ...repository, commit });
        const content = Buffer.from(JSON.stringify(pack));
        const ref = { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, bytes: content.length, mediaType: 'application/vnd.granary.facts+json;version=1' };
        facts.set(ref.digest, { bytes: content.length, body: zstdCompressSync(content) });
        const example = exampleEvent('harvest.completed.v1').data;
        await publish('harvest.completed.v1', repository.repositoryId, { ...example, ...repository, jobId: v7({ msecs: begun + step * 1_000 }), commit, base, facts: ref, changes: null }, new Date(begun + step * 1_000));
        base = commit;
        if ((step === 1 && n % 4 === 0) || (step === HARVESTS - 1 && n % 4 === 2)) await removeAt(step);
      }
    }
  }

  it('equals the graphs that stand, whatever is killed meanwhile, with each effect once and nothing announced', async () => {
    await harvestAll();
    const database = await world().servers.open('normalizer', { applicationName: 'journey' });
    const rows = (sql: string) => database.across.rows.query<Record<string, unknown>[]>(sql);
    const standing = async () => Object.fromEntries(await Promise.all(Object.entries(TABLES).map(async ([table, columns]) => [table, (await rows(`select row(${columns})::text as row from ${table} order by 1`)).map(({ row }) => row)] as const)));
    await waitFor(async () => Number((await rows(`select count(*) as n from inbox`))[0]?.['n']) === EVENTS, { timeoutMs: 60_000, what: 'all graphs' });
    const before = await standing();
    expect(before['graphs']).toHaveLength(REPOSITORIES * HARVESTS);
    await waitFor(async () => (await rows('select 1 from outbox')).length === 0 && (await rpc.call('audit.log.status', {})).lag === 0, { what: 'everything to be logged' });
    const logged = (await rpc.call('audit.log.status', {})).rows;

    await rows('create table effects (job_id uuid not null)');
    await rows('create function note_effect() returns trigger language plpgsql as $$ begin insert into effects values (new.job_id); return null; end $$');
    await rows('create trigger note after insert or update on graphs for each row execute function note_effect()');
    await rows('truncate repositories, graphs, artifacts, names cascade');

    const { job: { jobId } } = await rpc.call('audit.replay.plan', { consumer: 'normalizer', reason: 'the graphs are gone' });
    const job = async () => (await rpc.call('audit.replay.show', { jobId })).job;
    const reached = (what: string, wanted: (seen: Awaited<ReturnType<typeof job>>) => boolean) => waitFor(async () => wanted(await job().catch(() => null as never)), { timeoutMs: 90_000, what });
    await reached('the dry run', ({ state }) => state === 'planned');
    expect((await job()).plan).toMatchObject({ events: EVENTS, keys: REPOSITORIES, invalid: { count: 0 }, artifacts: { gone: 0, unknown: 0 } });
    await rpc.call('audit.replay.start', { jobId, rate: 20 });
    const done = async () => (await rows('select count(*)::int as n from effects'))[0]?.['n'] as number;

    await waitFor(async () => (await done()) >= 15, { timeoutMs: 60_000, what: 'the rebuild to begin' });
    await world().services.normalizer.end('SIGKILL');
    await world().services.normalizer.start();
    await waitFor(async () => (await done()) >= 40, { timeoutMs: 60_000, what: 'the rebuild to go on' });
    await world().services.audit.end('SIGKILL');
    await world().services.audit.start();
    await reached('the end', ({ state }) => state === 'completed');

    expect((await job()).progress).toEqual({ total: EVENTS, handled: EVENTS, failed: 0 });
    expect(await standing()).toEqual(before);
    expect(await rows('select job_id from effects group by job_id having count(*) <> 1')).toEqual([]);
    // All that is new are audit's own events.
    const news = await rpc.call('audit.events.search', { types: ['graph.normalized.v1', 'module.added.v1', 'consumer.held.v1'], order: 'desc', limit: 1 });
    expect(news.events[0]?.position.sequence ?? 0).toBeLessThanOrEqual(logged);
    await database.close();
  });
}
