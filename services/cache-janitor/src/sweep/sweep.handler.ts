import type { CacheJanitorCacheManifestRequest, CacheJanitorCacheManifestResponse, CacheJanitorCacheStatsResponse, CacheJanitorCacheSweepRequest, CacheJanitorCacheSweepResponse, CacheJanitorCycleListRequest, CacheJanitorCycleListResponse, CacheJanitorCycleShowRequest, CacheJanitorCycleShowResponse, CachePolicy } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { pageOf, readPage } from '@granary/messaging';
import type { CacheOwner, RpcContext } from '@granary/messaging';
import { PLATFORM_TENANT } from '@granary/security';
import type { CycleStore } from '../store/cycle.store';
import { nextDue, type Pace } from './due';
import { OWNERS, type Owners } from './owners.client';

export interface SweepDeps {
  readonly cycles: CycleStore;
  readonly owners: Owners;
  readonly policy: CachePolicy;
  readonly pace: Pace;
  readonly newId: () => string;
  readonly now: () => Date;
  /** Lets cycles that wait be looked for at once. */
  readonly wake: () => void;
}

const OWNER = /^\w+ .*$/su;

/** What is kept now, owner after owner. Who is not of the platform sees the own tenant. */
export const showManifest = ({ owners }: Pick<SweepDeps, 'owners'>) => async ({ owner, kind, ...page }: CacheJanitorCacheManifestRequest, { tenant }: RpcContext): Promise<CacheJanitorCacheManifestResponse> => {
  const asked = owner === undefined ? OWNERS : OWNERS.filter((one) => one === owner);
  if (asked.length === 0) throw Fault.permanent('owner-not-found', `${owner} keeps no caches; ${OWNERS.join(' and ')} do`);
  const { limit, after } = readPage(page, OWNER);
  const [name = asked[0], cursor = ''] = after?.split(' ') ?? [];
  const at = asked.indexOf(name as CacheOwner);
  const from = asked[at];
  if (from === undefined) throw Fault.permanent('bad-cursor', "this is not a cursor of this list: pass 'next' of the answer before, or leave it out to begin anew");
  const listed = await owners.page(from, { limit, ...(kind === undefined ? {} : { kind }), ...(cursor === '' ? {} : { cursor }) });
  const following = listed.next === null ? asked[at + 1] : from;
  const seen = listed.entries.filter((entry) => tenant === PLATFORM_TENANT || entry.tenant === tenant);
  return { entries: seen.map((entry) => ({ owner: from, entry })), next: following === undefined ? null : Buffer.from(`${following} ${listed.next ?? ''}`).toString('base64url') };
};

/** Begins a cycle over what belongs to the caller's tenant; the platform's goes over everything. */
export const sweep = ({ cycles, policy, newId, now, wake }: SweepDeps) => async ({ dryRun = false }: CacheJanitorCacheSweepRequest, { tenant, correlationId }: RpcContext): Promise<CacheJanitorCacheSweepResponse> => {
  const begun = await cycles.begin({ cycleId: newId(), tenant, reason: 'requested', dryRun, correlationId, startedAt: now(), policy });
  wake();
  return begun;
};

const PLACE = /^\d+\.\d+$/;

export const showCycle = ({ cycles }: Pick<SweepDeps, 'cycles'>) => async ({ cycleId, ...page }: CacheJanitorCycleShowRequest, { tenant }: RpcContext): Promise<CacheJanitorCycleShowResponse> => {
  const { limit, after } = readPage(page, PLACE);
  const cycle = await cycles.find(tenant, cycleId);
  if (cycle === null) throw Fault.permanent('cycle-not-found', `there is no cycle ${cycleId}, or it is not of your tenant; granary cache cycles lists them`);
  const [number = -1, entry = 0] = after?.split('.').map(Number) ?? [];
  const { rows, next } = pageOf(await cycles.decisions(tenant, cycleId, [number, entry], limit + 1), limit, ({ place }) => place);
  return { cycle, decisions: rows.map(({ decision }) => decision), next };
};

export const listCycles = ({ cycles }: Pick<SweepDeps, 'cycles'>) => async (page: CacheJanitorCycleListRequest, { tenant }: RpcContext): Promise<CacheJanitorCycleListResponse> => {
  const { limit, after } = readPage(page, /^[0-9a-f-]{36}$/);
  const { rows, next } = pageOf(await cycles.list(tenant, after, limit + 1), limit, ({ cycleId }) => cycleId);
  return { cycles: rows, next };
};

const LOOKUP_DAYS = 30;

export const showStats = ({ cycles, owners, policy, pace, now }: SweepDeps) => async (_request: object, { tenant }: RpcContext): Promise<CacheJanitorCacheStatsResponse> => {
  const [{ sizes, measuredAt }, totals, last, lookups] = await Promise.all([cycles.sizes(tenant), cycles.totals(tenant), cycles.last(), Promise.all(OWNERS.map((owner) => lookupsOf(owners, owner, tenant)))]);
  const { completed, failed, freedBytes, savedBytes } = totals;
  return { policy, sizes, measuredAt: measuredAt?.toISOString() ?? null, nextDueAt: nextDue(last, pace, now()).toISOString(), lookups: lookups.flat(), cycles: { completed, failed }, freedBytes, savedBytes };
};

async function lookupsOf(owners: Owners, owner: CacheOwner, tenant: string): Promise<CacheJanitorCacheStatsResponse['lookups']> {
  const sums = new Map<string, CacheJanitorCacheStatsResponse['lookups'][number]>();
  for (const { tenant: of, kind, hits, misses } of await owners.lookups(owner, LOOKUP_DAYS)) {
    if (tenant !== PLATFORM_TENANT && of !== tenant) continue;
    const sum = sums.get(kind) ?? { owner, kind, hits: 0, misses: 0 };
    sums.set(kind, { ...sum, hits: sum.hits + hits, misses: sum.misses + misses });
  }
  return [...sums.values()];
}
