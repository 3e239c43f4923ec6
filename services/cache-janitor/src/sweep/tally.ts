import type { CacheEntriesEvictedV1Data, CacheOutcome } from '@granary/contracts';
import type { Decision } from './plan';

/** What an owner made of a proposal, of one kind. */
export interface Tally {
  readonly kind: Decision['kind'];
  evictedEntries: number;
  evictedBytes: number;
  packedEntries: number;
  packedBytes: number;
  sparedEntries: number;
}

export interface Settled {
  readonly tallies: readonly Tally[];
  /** What went, with the reason. */
  readonly evicted: CacheEntriesEvictedV1Data['entries'];
  /** Why entries could not be dealt with, though nobody needs them. */
  readonly failed: readonly string[];
}

/**
 * Counts what became of what was proposed.
 * @param again whether the proposal may have been made before, by a janitor that did not live to hear the answer: then what is gone went by it
 */
export function settle(decisions: readonly Decision[], outcomes: readonly CacheOutcome[], again: boolean): Settled {
  const tallies = new Map<Decision['kind'], Tally>();
  const evicted: Settled['evicted'] = [];
  const failed: string[] = [];
  for (const [place, decision] of decisions.entries()) {
    const outcome = outcomes[place];
    if (outcome === undefined) continue;
    const { kind, id, why, bytes: listed } = decision;
    const tally = tallies.get(kind) ?? { kind, evictedEntries: 0, evictedBytes: 0, packedEntries: 0, packedBytes: 0, sparedEntries: 0 };
    tallies.set(kind, tally);
    const gone = outcome.state === 'evicted' || (outcome.state === 'deferred' && outcome.bytes > 0) || (again && decision.action === 'evict' && outcome.state === 'gone');
    if (gone && why !== 'large') {
      const bytes = outcome.state === 'gone' ? listed : outcome.bytes;
      tally.evictedEntries += 1;
      tally.evictedBytes += bytes;
      evicted.push({ kind, id, bytes, why });
    }
    if (outcome.state === 'packed') {
      tally.packedEntries += 1;
      tally.packedBytes += outcome.bytes;
    }
    if (outcome.state === 'in-use') tally.sparedEntries += 1;
    if (outcome.state === 'failed') failed.push(outcome.why ?? `${kind} ${id} could not be dealt with`);
  }
  return { tallies: [...tallies.values()], evicted, failed };
}
