import { createCounter, createGauge } from '@granary/observability';
import type { Metrics } from '@granary/observability';
import type { Difference } from '../compare/compare';
import type { ComparisonState } from '../store/comparison.store';

export interface ComparisonMeters {
  compared(state: ComparisonState, events: number): void;
  differs(kind: Difference['kind']): void;
}

const KINDS: readonly Difference['kind'][] = ['not-logged', 'differs', 'tree-differs', 'unexplained', 'gone'];

/** Figures of the comparison of log and stream, each there from the start. */
export function comparisonMeters(metrics: Metrics): ComparisonMeters {
  const events = createCounter(metrics, { name: 'granary_event_log_compared_total', help: 'Positions of the stream at which log and stream were compared' });
  const differences = createCounter(metrics, { name: 'granary_event_log_differences_total', help: 'Positions at which log, tree and stream differ', labels: { kind: KINDS } });
  const sequence = createGauge(metrics, { name: 'granary_event_log_complete_sequence', help: 'Up to this sequence of its epoch the log was compared with the stream and has everything' });
  const timestamp = createGauge(metrics, { name: 'granary_event_log_complete_timestamp_seconds', help: 'When the stream stored the last event that was compared, in seconds since 1970; it stays where the log has a difference' });
  return {
    compared({ upTo, wrong }, count) {
      events.inc(count);
      sequence.set(wrong === null ? (upTo?.sequence ?? 0) : wrong.sequence - 1);
      if (wrong === null) timestamp.set((upTo?.storedAt?.getTime() ?? 0) / 1_000);
    },
    differs: (kind) => differences.inc({ kind }),
  };
}
