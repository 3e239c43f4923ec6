import type { CacheDecision, CacheEntry, CachePart, CachePolicy } from '@granary/contracts';
import type { CacheOwner } from '@granary/messaging';

/** An entry and its owner, as far as it is decided about. */
export interface Listed extends Pick<CacheEntry, 'tenant' | 'kind' | 'id' | 'bytes' | 'compression' | 'lasting'> {
  readonly owner: CacheOwner;
  readonly inUse: boolean;
  /** Milliseconds since 1970. */
  readonly lastUsedAt: number;
}

/** What was there of one kind of one owner, for one tenant. */
export interface Part extends Pick<CachePart, 'kind' | 'entries' | 'bytes' | 'usedEntries' | 'usedBytes'> {
  readonly owner: CacheOwner;
  readonly tenant: string;
}

export interface Decision extends Omit<CacheDecision, 'owner' | 'lastUsedAt'> {
  readonly owner: CacheOwner;
  readonly lastUsedAt: number;
}

export interface Plan {
  readonly decisions: readonly Decision[];
  readonly parts: readonly Part[];
  /** By how many bytes the caches stay over their budgets, because that is in use. */
  readonly overBytes: number;
}

/**
 * What is to become of everything that is kept. What was not used for too long goes, unless it lasts; then the longest unused
 * goes until the rest is within its budget, of which mirrors have one of their own. What is in use stays and counts. Large
 * artifacts that stay are packed tightly.
 */
export function plan(listed: readonly Listed[], policy: Omit<CachePolicy, 'everyMs'>, now: Date): Plan {
  const pools = [
    { entries: listed.filter(({ kind }) => kind !== 'mirror'), budget: policy.budgetBytes },
    { entries: listed.filter(({ kind }) => kind === 'mirror'), budget: policy.mirrorBudgetBytes },
  ];
  const shrunk = pools.map(({ entries, budget }) => shrink(entries, budget, now.getTime() - policy.expiryMs));
  const going = new Set(shrunk.flatMap(({ evicted }) => evicted.map(({ entry }) => entry)));
  const large = listed.filter((entry) => entry.kind === 'artifact' && entry.bytes > policy.compressOverBytes && entry.compression !== 'dense' && !going.has(entry));
  return {
    decisions: [...shrunk.flatMap(({ evicted }) => evicted.map(({ entry, why }) => decisionOf(entry, 'evict', why))), ...large.map((entry) => decisionOf(entry, 'compress', 'large'))],
    parts: partsOf(listed),
    overBytes: shrunk.reduce((sum, { over }) => sum + over, 0),
  };
}

function shrink(entries: readonly Listed[], budget: number, expired: number): { evicted: { entry: Listed; why: 'expired' | 'over-budget' }[]; over: number } {
  const free = entries.filter(({ inUse }) => !inUse).sort((a, b) => a.lastUsedAt - b.lastUsedAt);
  const evicted: { entry: Listed; why: 'expired' | 'over-budget' }[] = [];
  const left: Listed[] = [];
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  for (const entry of free) {
    if (entry.lasting || entry.lastUsedAt > expired) left.push(entry);
    else {
      evicted.push({ entry, why: 'expired' });
      bytes -= entry.bytes;
    }
  }
  for (const entry of left) {
    if (bytes <= budget) break;
    evicted.push({ entry, why: 'over-budget' });
    bytes -= entry.bytes;
  }
  return { evicted, over: Math.max(0, bytes - budget) };
}

function decisionOf({ owner, tenant, kind, id, bytes, lastUsedAt }: Listed, action: Decision['action'], why: Decision['why']): Decision {
  return { owner, tenant, kind, id, action, why, bytes, lastUsedAt };
}

function partsOf(listed: readonly Listed[]): Part[] {
  const parts = new Map<string, { -readonly [K in keyof Part]: Part[K] }>();
  for (const { owner, tenant, kind, bytes, inUse } of listed) {
    const name = `${owner} ${tenant} ${kind}`;
    const part = parts.get(name) ?? { owner, tenant, kind, entries: 0, bytes: 0, usedEntries: 0, usedBytes: 0 };
    part.entries += 1;
    part.bytes += bytes;
    part.usedEntries += inUse ? 1 : 0;
    part.usedBytes += inUse ? bytes : 0;
    parts.set(name, part);
  }
  return [...parts.values()];
}

/** Decisions that go to their owner together. */
export interface Proposal {
  readonly owner: CacheOwner;
  readonly tenant: string;
  readonly action: Decision['action'];
  readonly decisions: readonly Decision[];
}

// What one call may name. Packing takes long, so each has a call of its own.
const TOGETHER = { evict: 250, compress: 1 };

/** Decisions by owner, tenant and action, in their order. */
export function proposalsOf(decisions: readonly Decision[]): Proposal[] {
  const groups = Map.groupBy(decisions, ({ owner, tenant, action }) => `${owner} ${tenant} ${action}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { owner, tenant, action } = first;
    const size = TOGETHER[action];
    return Array.from({ length: Math.ceil(group.length / size) }, (_, n) => ({ owner, tenant, action, decisions: group.slice(n * size, (n + 1) * size) }));
  });
}
