import type { GraphState } from '@granary/graph';

/** How the graph of a repository came about, and the digest of its bytes. */
export interface KnownState { digest: string; state: GraphState }

/** The newest graph states of a few repositories. Only a cache: a state that is missing costs time, and one of any earlier commit will do. */
export interface States {
  /** Whether a state made of a fact pack of this many bytes could be kept at all. */
  fits(factBytes: number): boolean;
  /** Gives the state of a repository away: whoever goes on from it keeps the next one. */
  take(repositoryId: string): KnownState | null;
  keep(repositoryId: string, factBytes: number, known: KnownState): void;
}

/** Keeps nothing. */
export const NO_STATES: States = { fits: () => false, take: () => null, keep: () => undefined };

export interface StateLimits {
  count: number;
  /** Of all fact packs together whose states are kept. */
  factBytes: number;
}

/** Keeps states within limits; the one that was kept the longest ago goes first. */
export function createStates({ count, factBytes: limit }: StateLimits): States {
  const kept = new Map<string, KnownState & { factBytes: number }>();
  const total = (): number => [...kept.values()].reduce((sum, { factBytes }) => sum + factBytes, 0);
  const fits = (factBytes: number): boolean => factBytes <= limit;
  return {
    fits,
    take(repositoryId) {
      const found = kept.get(repositoryId) ?? null;
      kept.delete(repositoryId);
      return found;
    },
    keep(repositoryId, factBytes, known) {
      kept.delete(repositoryId);
      if (!fits(factBytes)) return;
      kept.set(repositoryId, { ...known, factBytes });
      for (const oldest of kept.keys()) {
        if (kept.size <= count && total() <= limit) break;
        kept.delete(oldest);
      }
    },
  };
}
