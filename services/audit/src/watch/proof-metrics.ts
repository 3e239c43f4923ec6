import { createCounter, createGauge } from '@granary/observability';
import type { Metrics } from '@granary/observability';
import type { KeeperState } from '../prove/keeper-state';

export interface ProofMeters {
  tree(size: number, newestCheckpoint: Date | null): void;
  outside(state: KeeperState['state']): void;
  failed(): void;
}

const STATES: readonly KeeperState['state'][] = ['idle', 'consistent', 'behind', 'contradicts', 'failing'];

/** Figures of the tree and its checkpoints, each there from the start. */
export function proofMeters(metrics: Metrics): ProofMeters {
  const leaves = createGauge(metrics, { name: 'granary_event_log_tree_leaves', help: 'Leaves of the tree over the event log, as its writer last saw it' });
  const checkpoint = createGauge(metrics, { name: 'granary_event_log_checkpoint_timestamp_seconds', help: 'When the newest checkpoint was signed, in seconds since 1970; 0 before the first' });
  const outside = createGauge(metrics, { name: 'granary_event_log_checkpoint_state', help: '1 for how the log stands to its newest checkpoint outside of the database, in the process that writes it', labels: { state: STATES } });
  const failures = createCounter(metrics, { name: 'granary_event_log_checkpoint_failures_total', help: 'Times that checkpoints could not be signed, kept or compared' });
  return {
    tree(size, newest) {
      leaves.set(size);
      checkpoint.set((newest?.getTime() ?? 0) / 1_000);
    },
    outside(current) {
      for (const state of STATES) outside.set({ state }, state === current ? 1 : 0);
    },
    failed: () => failures.inc(),
  };
}
