import type { CachePart } from '@granary/contracts';
import { createCounter, createGauge, createHistogram } from '@granary/observability';
import type { Metrics } from '@granary/observability';
import type { Settled } from './tally';
import { OWNERS } from './owners.client';

const KINDS: readonly CachePart['kind'][] = ['artifact', 'facts', 'mirror'];

/** What the janitor measures; see README.md. */
export interface SweepMeters {
  settled(settled: Settled): void;
  ended(outcome: 'completed' | 'failed' | 'dry-run', seconds: number): void;
  failed(owner: string): void;
  /** As the last cycle over everything left them. */
  sizes(parts: readonly CachePart[], overBytes: number, finishedAt: Date): void;
}

export function sweepMeters(metrics: Metrics): SweepMeters {
  const labels = { owner: OWNERS, kind: KINDS };
  const entries = createGauge(metrics, { name: 'granary_cache_entries', help: 'Entries of caches after the last cycle', labels });
  const bytes = createGauge(metrics, { name: 'granary_cache_bytes', help: 'What caches took after the last cycle', labels });
  const used = createGauge(metrics, { name: 'granary_cache_used_bytes', help: 'What of this was in use', labels });
  const over = createGauge(metrics, { name: 'granary_cache_over_budget_bytes', help: 'By how much caches were over their budgets after the last cycle, because that was in use' });
  const last = createGauge(metrics, { name: 'granary_cache_last_cycle_timestamp_seconds', help: 'When the last cycle over everything ended, in seconds since 1970; 0 before the first' });
  const evicted = createCounter(metrics, { name: 'granary_cache_evicted_total', help: 'Entries deleted, by why', labels: { kind: KINDS, why: ['expired', 'over-budget'] } });
  const freed = createCounter(metrics, { name: 'granary_cache_freed_bytes_total', help: 'Bytes freed, by what freed them', labels: { kind: KINDS, by: ['expired', 'over-budget', 'packing'] } });
  const spared = createCounter(metrics, { name: 'granary_cache_spared_total', help: 'Entries that were proposed and left by their owner, because they were used meanwhile', labels: { kind: KINDS } });
  const cycles = createCounter(metrics, { name: 'granary_cache_cycles_total', help: 'Cycles that ended, by outcome', labels: { outcome: ['completed', 'failed', 'dry-run'] } });
  const failures = createCounter(metrics, { name: 'granary_cache_failures_total', help: 'What could not be done in cycles, by owner', labels: { owner: OWNERS } });
  const seconds = createHistogram(metrics, { name: 'granary_cache_cycle_seconds', help: 'Time of a cycle', buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600] });
  return {
    settled({ tallies, evicted: gone }) {
      for (const { kind, bytes: size, why } of gone) {
        evicted.inc({ kind, why });
        freed.inc({ kind, by: why }, size);
      }
      for (const { kind, packedBytes, sparedEntries } of tallies) {
        freed.inc({ kind, by: 'packing' }, packedBytes);
        spared.inc({ kind }, sparedEntries);
      }
    },
    ended(outcome, took) {
      cycles.inc({ outcome });
      seconds.observe(took);
    },
    failed: (owner) => failures.inc({ owner }),
    sizes(parts, overBytes, finishedAt) {
      for (const owner of OWNERS) {
        for (const kind of KINDS) {
          const part = parts.find((one) => one.owner === owner && one.kind === kind);
          entries.set({ owner, kind }, (part?.entries ?? 0) - (part?.evictedEntries ?? 0));
          bytes.set({ owner, kind }, (part?.bytes ?? 0) - (part?.evictedBytes ?? 0) - (part?.packedBytes ?? 0));
          used.set({ owner, kind }, part?.usedBytes ?? 0);
        }
      }
      over.set(overBytes);
      last.set(finishedAt.getTime() / 1_000);
    },
  };
}
