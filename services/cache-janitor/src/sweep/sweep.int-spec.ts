import type { CacheCycle, CacheEntry, Envelope } from '@granary/contracts';
import { cacheRpcs, outcomeOf, serveRpcs, type CacheOwner, type RpcClient, type RpcServer, type Shelf } from '@granary/messaging';
import { createLogger, createMetrics } from '@granary/observability';
import { openDatabase, type Database } from '@granary/persistence';
import { hostService, type HostedService } from '@granary/service-host';
import { ADMIN, freshDatabase, startTestAuth, startTestNats, waitFor, type FreshDatabase, type TestAuth, type TestNats } from '@granary/testing';
import { v7 } from 'uuid';
import { cacheJanitor } from '../app.module';
import { CycleStore } from '../store/cycle.store';
import { runCycle } from './cycle.handler';
import { sweepMeters } from './metrics';
import type { Owners } from './owners.client';

const tenant = 'acme';
const log = createLogger({ service: 'test', level: 'silent' });
const announced: Envelope[] = [];

let nats: TestNats;
let auth: TestAuth;
let fresh: FreshDatabase;
let janitor: HostedService;
let rpc: RpcClient;
let platform: RpcClient;
const servers: RpcServer[] = [];
const shelves: Record<CacheOwner, Map<string, CacheEntry>> = { harvester: new Map(), normalizer: new Map() };

/** The protocol of an owner over entries in memory. */
const shelfOf = (entries: Map<string, CacheEntry>): Shelf => ({
  kind: 'artifact',
  async list(after, limit) {
    const all = [...entries.values()].filter(({ id }) => after === null || id > after).sort((a, b) => (a.id < b.id ? -1 : 1));
    const page = all.slice(0, limit);
    return { entries: page, after: all.length > limit ? (page.at(-1)?.id ?? null) : null };
  },
  async evict(targets) {
    return targets.map((target) => {
      const entry = entries.get(target.id);
      if (entry === undefined) return outcomeOf(target, 'gone');
      if (entry.what === 'read meanwhile') return outcomeOf(target, 'in-use', { why: 'somebody reads it' });
      entries.delete(target.id);
      return outcomeOf(target, 'evicted', { bytes: entry.bytes });
    });
  },
  async pack(target) {
    return outcomeOf(target, 'packed', { bytes: 500_000 });
  },
});
const put = (owner: CacheOwner, id: string, days: number, overrides: Partial<CacheEntry> = {}): void => {
  const at = new Date(Date.now() - days * 86_400_000).toISOString();
  shelves[owner].set(id, { tenant, kind: 'artifact', id, what: 'text/plain', bytes: 1_000, contentBytes: 5_000, createdAt: at, lastUsedAt: at, compression: 'fast', lasting: false, inUse: null, ...overrides });
};
const serveOwner = async (owner: CacheOwner): Promise<RpcServer> =>
  serveRpcs({ broker: await nats.connect(owner), service: owner, log, handlers: cacheRpcs(owner, [shelfOf(shelves[owner])], { count: () => undefined, flush: async () => undefined, read: async () => [{ tenant, kind: 'artifact', hits: 9, misses: 1 }, { tenant: 'other', kind: 'artifact', hits: 5, misses: 5 }] }) });
const ended = (client: RpcClient, cycleId: string): Promise<CacheCycle> =>
  waitFor(async () => {
    const { cycle } = await client.call('cache-janitor.cycle.show', { cycleId });
    return cycle.finishedAt === null ? null : cycle;
  }, { what: `cycle ${cycleId} to end` });
const told = (type: string, cycleId: string): Promise<Envelope> => waitFor(() => announced.find((event) => event.type === type && (event.data as { cycleId: string }).cycleId === cycleId), { what: `${type} of ${cycleId}` });

beforeAll(async () => {
  [nats, fresh] = await Promise.all([startTestNats(), freshDatabase('cache_janitor')]);
  auth = await startTestAuth(nats);
  [rpc, platform] = await Promise.all([auth.rpc({ tenant, role: 'operator' }), auth.rpc({ tenant: '_platform', role: 'operator' })]);
  const observer = await nats.connect(ADMIN);
  observer.connection.subscribe('in.>', { callback: (_error, message) => void announced.push(message.json()) });
  put('normalizer', 'kept', 1);
  put('normalizer', 'large', 1, { bytes: 2_000_000 });
  put('normalizer', 'needed', 30, { inUse: 'it is the newest graph of sample' });
  put('normalizer', 'old', 8);
  put('normalizer', 'read', 9, { what: 'read meanwhile' });
  put('harvester', 'foreign', 8, { tenant: 'other' });
  for (const owner of ['harvester', 'normalizer'] as const) servers.push(await serveOwner(owner));
  janitor = await hostService(cacheJanitor, {
    GRANARY_NATS_URL: nats.url, GRANARY_NATS_USER: 'cache-janitor', GRANARY_NATS_PASSWORD: nats.credentials('cache-janitor').password,
    GRANARY_DATABASE_URL: fresh.url, GRANARY_LOG_LEVEL: 'silent', GRANARY_CACHE_BUDGET: '500MB', GRANARY_CACHE_LOOK: '20ms',
  });
});
afterAll(async () => {
  await janitor?.stop();
  for (const server of servers) await server.stop();
  await auth?.stop();
  await Promise.all([nats?.stop(), fresh?.drop()]);
});

describe('a cycle over everything', () => {
  it('runs when the first is due: what expired goes, what is used stays, and what is large is packed', async () => {
    const completed = await waitFor(() => announced.find(({ type }) => type === 'cache.cycle-completed.v1'), { what: 'the first cycle' });
    expect(completed).toMatchObject({ tenantid: '_platform', data: { reason: 'due', entries: 6, usedBytes: 1_000, evictedEntries: 2, evictedBytes: 2_000, packedBytes: 500_000, overBytes: 0 } });
    expect([...shelves.normalizer.keys()]).toEqual(['kept', 'large', 'needed', 'read']);
    expect([...shelves.harvester.keys()]).toEqual([]);
    const { cycleId } = completed.data as { cycleId: string };
    expect(await waitFor(() => announced.find((event) => event.type === 'cache.entries-evicted.v1' && event.tenantid === 'other'), { what: 'word of what went' })).toMatchObject({ data: { cycleId, owner: 'harvester', bytes: 1_000, entries: [{ kind: 'artifact', id: 'foreign', bytes: 1_000, why: 'expired' }] } });

    const { cycle, decisions } = await platform.call('cache-janitor.cycle.show', { cycleId });
    expect(cycle).toMatchObject({ state: 'completed', parts: [{ owner: 'harvester', evictedEntries: 1 }, { owner: 'normalizer', entries: 5, usedEntries: 1, evictedEntries: 1, packedEntries: 1, sparedEntries: 1 }] });
    expect(decisions.map(({ id, action, why }) => `${action} ${id}: ${why}`).sort()).toEqual(['compress large: large', 'evict foreign: expired', 'evict old: expired', 'evict read: expired']);
    await expect(rpc.call('cache-janitor.cycle.show', { cycleId })).rejects.toMatchObject({ code: 'cycle-not-found' });

    const page = await fetch(`${janitor.url}/metrics`).then((response) => response.text());
    for (const line of ['granary_cache_evicted_total{kind="artifact",why="expired",service="cache-janitor"} 2', 'granary_cache_freed_bytes_total{kind="artifact",by="packing",service="cache-janitor"} 500000', 'granary_cache_cycles_total{outcome="completed",service="cache-janitor"} 1', 'granary_cache_cycles_total{outcome="failed",service="cache-janitor"} 0', 'granary_cache_entries{owner="normalizer",kind="artifact",service="cache-janitor"} 4']) expect(page).toContain(line);
  });
});

describe('a cycle that somebody asks for', () => {
  it('only says what it would do when that is asked, page by page', async () => {
    put('normalizer', 'older', 20);
    const { cycleId, started } = await rpc.call('cache-janitor.cache.sweep', { dryRun: true });
    expect(started).toBe(true);
    expect(await ended(rpc, cycleId)).toMatchObject({ state: 'completed', dryRun: true, tenant });
    const first = await rpc.call('cache-janitor.cycle.show', { cycleId, limit: 1 });
    expect(first.decisions).toMatchObject([{ id: 'older', action: 'evict', why: 'expired' }]);
    const second = await rpc.call('cache-janitor.cycle.show', { cycleId, limit: 5, cursor: first.next ?? '' });
    expect([second.decisions.map(({ id }) => id), second.next]).toEqual([['read', 'large'], null]);
    expect(shelves.normalizer.has('older')).toBe(true);
  });

  it('touches what is of the own tenant', async () => {
    put('harvester', 'of others', 20, { tenant: 'other', id: 'of-others' });
    const { cycleId } = await rpc.call('cache-janitor.cache.sweep', {});
    expect(await ended(rpc, cycleId)).toMatchObject({ state: 'completed', parts: [{ owner: 'normalizer', evictedEntries: 1 }] });
    expect([shelves.normalizer.has('older'), shelves.harvester.size]).toEqual([false, 1]);
    expect((await told('cache.cycle-completed.v1', cycleId)).tenantid).toBe(tenant);
    expect((await rpc.call('cache-janitor.cycle.list', { limit: 1 })).cycles).toMatchObject([{ cycleId }]);
  });
});

describe('the manifest and the figures', () => {
  it('tell a tenant of its own, and the platform of all', async () => {
    const manifest = async (client: RpcClient) => {
      const ids: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: { entries: { entry: CacheEntry }[]; next: string | null } = await client.call('cache-janitor.cache.manifest', { limit: 2, ...(cursor === '' ? {} : { cursor }) });
        ids.push(...page.entries.map(({ entry }) => entry.id));
        cursor = page.next;
      }
      return ids;
    };
    expect(await manifest(rpc)).toEqual(['kept', 'large', 'needed', 'read']);
    expect(await manifest(platform)).toEqual(['of-others', 'kept', 'large', 'needed', 'read']);
    expect((await rpc.call('cache-janitor.cache.manifest', { owner: 'harvester' })).entries).toEqual([]);
    await expect(rpc.call('cache-janitor.cache.manifest', { owner: 'audit' })).rejects.toMatchObject({ code: 'owner-not-found', message: expect.stringContaining('harvester and normalizer') });
    await expect(rpc.call('cache-janitor.cache.manifest', { owner: 'harvester', cursor: Buffer.from('normalizer x').toString('base64url') })).rejects.toMatchObject({ code: 'bad-cursor' });

    const stats = await rpc.call('cache-janitor.cache.stats', {});
    expect(stats).toMatchObject({ policy: { budgetBytes: 500_000_000 }, sizes: [{ owner: 'normalizer', entries: 5 }], lookups: [{ owner: 'harvester', kind: 'artifact', hits: 9, misses: 1 }, { owner: 'normalizer', hits: 9 }], cycles: { completed: 1, failed: 0 } });
    expect(Date.parse(stats.nextDueAt) - Date.parse(stats.measuredAt ?? '')).toBeGreaterThan(23 * 3_600_000);
    expect(await platform.call('cache-janitor.cache.stats', {})).toMatchObject({ lookups: [{ hits: 14, misses: 6 }, { hits: 14 }], cycles: { completed: 2 }, savedBytes: 1_000_000 });
  });
});

describe('interrupted and failing', () => {
  let database: Database;
  let cycles: CycleStore;
  let fresh2: FreshDatabase;
  beforeAll(async () => {
    fresh2 = await freshDatabase('cache_janitor');
    database = await openDatabase({ url: fresh2.url, schema: 'cache_janitor', applicationName: 'cache-janitor', migrations: cacheJanitor.migrations ?? [], log });
    cycles = new CycleStore(database);
  });
  afterAll(async () => {
    await database.close();
    await fresh2.drop();
  });

  const policy = { expiryMs: 86_400_000, budgetBytes: 1e9, mirrorBudgetBytes: 1e9, compressOverBytes: 1e9, everyMs: 86_400_000 };
  const begin = (): Promise<{ cycleId: string }> => cycles.begin({ cycleId: v7(), tenant: '_platform', reason: 'due', dryRun: false, correlationId: 'c1', startedAt: new Date(), policy });
  const deps = (owners: Owners) => ({ cycles, owners, meters: sweepMeters(createMetrics('test')), log, now: () => new Date() });
  const open = async () => (await cycles.open()) ?? Promise.reject(new Error('no cycle is open'));
  const memory = (entries: Map<string, CacheEntry>): Owners => ({
    page: async (owner) => ({ entries: owner === 'normalizer' ? [...entries.values()] : [], next: null }),
    propose: async ({ decisions }) => shelfOf(entries).evict(decisions.map(({ tenant: of, kind, id, lastUsedAt }) => ({ tenant: of, kind, id, lastUsedAt: new Date(lastUsedAt).toISOString() }))),
    lookups: async () => [],
  });
  const sixHundred = () => {
    const entries = new Map<string, CacheEntry>();
    const at = new Date(0).toISOString();
    for (let n = 0; n < 600; n += 1) entries.set(`e${n}`, { tenant, kind: 'artifact', id: `e${n}`, what: 'x', bytes: 10, contentBytes: 10, createdAt: at, lastUsedAt: at, compression: 'fast', lasting: false, inUse: null });
    return entries;
  };

  it.each(['before the first page', 'after a deletion whose answer was not heard'])('goes on where it was, and counts everything once, when it ended %s', async (when) => {
    const entries = sixHundred();
    const { cycleId } = await begin();
    const dying = new AbortController();
    const owners = memory(entries);
    let proposals = 0;
    const failing: Owners = {
      ...owners,
      async page(owner, page) {
        if (when.startsWith('before')) dying.abort();
        dying.signal.throwIfAborted();
        return owners.page(owner, page);
      },
      async propose(proposal) {
        const answer = await owners.propose(proposal);
        proposals += 1;
        if (proposals === 2) dying.abort();
        dying.signal.throwIfAborted();
        return answer;
      },
    };
    await expect(runCycle(deps(failing), await open(), dying.signal)).rejects.toThrow();
    expect(entries.size).toBe(when.startsWith('before') ? 600 : 100);
    await runCycle(deps(owners), await open(), new AbortController().signal);
    expect(entries.size).toBe(0);
    expect(await cycles.find('_platform', cycleId)).toMatchObject({ state: 'completed', parts: [{ entries: 600, evictedEntries: 600, evictedBytes: 6_000 }] });
    const rows = await database.across.rows.query<{ n: string }[]>(`select sum(jsonb_array_length(body::jsonb->'data'->'entries')) as n from outbox where body::jsonb->>'type' = 'cache.entries-evicted.v1' and body::jsonb->'data'->>'cycleId' = $1`, [cycleId]);
    expect(rows).toEqual([{ n: '600' }]);
  });

  it('does what it can when an owner cannot be asked, says so, and is due again soon', async () => {
    const entries = sixHundred();
    const { cycleId } = await begin();
    const owners = memory(entries);
    await runCycle(deps({ ...owners, page: async (owner, page) => (owner === 'harvester' ? Promise.reject(new Error('the harvester is away')) : owners.page(owner, page)) }), await open(), new AbortController().signal);
    expect(entries.size).toBe(0);
    expect(await cycles.find('_platform', cycleId)).toMatchObject({ state: 'failed', failures: [{ owner: 'harvester', message: 'the harvester is away' }], parts: [{ evictedEntries: 600 }] });
    expect(await cycles.last()).toMatchObject({ cycleId, state: 'failed' });

    const again = await begin();
    entries.set('x', { ...(sixHundred().get('e0') as CacheEntry), id: 'x' });
    await runCycle(deps({ ...owners, propose: async () => Promise.reject(new Error('not now')) }), await open(), new AbortController().signal);
    expect(await cycles.find('_platform', again.cycleId)).toMatchObject({ state: 'failed', failures: [{ owner: 'normalizer', message: 'not now' }] });
  });

  it('is run by one process at a time, and begun once', async () => {
    const [first, second] = [await begin(), await begin()];
    expect(second).toEqual({ cycleId: first.cycleId, started: false });
    let inside = false;
    expect(await cycles.alone(async () => {
      inside = await cycles.alone(async () => undefined);
    })).toBe(true);
    expect(inside).toBe(false);
    await cycles.end(await open(), [], new Date(0));
    await cycles.prune();
    expect(await cycles.find('_platform', first.cycleId)).toBeNull();
  });
});
