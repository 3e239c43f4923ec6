import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheEntry, CacheLookups, CacheOutcome } from '@granary/contracts';
import { isFault } from '@granary/faults';
import type { CacheOwner, RpcClient } from '@granary/messaging';
import type { Proposal } from './plan';

/** Who keeps caches, in the order in which they are asked. */
export const OWNERS: readonly CacheOwner[] = ['harvester', 'normalizer'];

/** The services whose caches are looked after. */
export interface Owners {
  page(owner: CacheOwner, page: { kind?: CacheEntry['kind']; cursor?: string; limit: number }): Promise<{ entries: CacheEntry[]; next: string | null }>;
  /** Outcomes in the order of the decisions. Made twice, a proposal does nothing more than once. */
  propose(proposal: Proposal): Promise<CacheOutcome[]>;
  lookups(owner: CacheOwner, days: number): Promise<CacheLookups[]>;
}

// Sizes are added up and consumers asked for a page; what is packed may be hundreds of megabytes.
const LIST_MS = 60_000;
const ACT_MS = 180_000;

// Owners start beside the janitor, and restart under it.
const PATIENCE_MS: readonly number[] = [500, 1_000, 2_000, 4_000, 8_000, 16_000];

/** @param patienceMs waits between the attempts of a call whose failure may pass */
export function createOwners(rpc: RpcClient, stopping: AbortSignal, patienceMs = PATIENCE_MS): Owners {
  const patiently = async <R>(call: () => Promise<R>, attempt = 0): Promise<R> => {
    try {
      return await call();
    } catch (error) {
      const waitMs = patienceMs[attempt];
      if (waitMs === undefined || !isFault(error) || error.kind !== 'transient') throw error;
      await sleep(waitMs, undefined, { signal: stopping });
      return patiently(call, attempt + 1);
    }
  };
  return {
    page: (owner, page) => patiently(() => rpc.call(`${owner}.cache.list`, page, { timeoutMs: LIST_MS })),
    async propose({ owner, action, decisions }) {
      const entries = decisions.map(({ tenant, kind, id, lastUsedAt }) => ({ tenant, kind, id, lastUsedAt: new Date(lastUsedAt).toISOString() }));
      const { outcomes } = await patiently(() => rpc.call(`${owner}.cache.${action}`, { entries }, { timeoutMs: ACT_MS }));
      return outcomes;
    },
    lookups: async (owner, days) => (await rpc.call(`${owner}.cache.lookups`, { days })).lookups,
  };
}
