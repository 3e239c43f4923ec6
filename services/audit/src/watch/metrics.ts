import { createCounter, createGauge, createHistogram } from '@granary/observability';
import type { Metrics } from '@granary/observability';
import type { RecorderState } from '../record/recorder-state';

export interface LogMeters {
  /** Starts the clock of a write; the answer is called with the number of rows once it is committed. */
  timeWrite(): (rows: number) => void;
  hole(messages: number): void;
  malformed(): void;
  conflict(): void;
  state(state: RecorderState['state']): void;
  position(epoch: number, sequence: number): void;
  lag(messages: number, seconds: number, marginSeconds: number): void;
}

const STATES: readonly RecorderState['state'][] = ['stopped', 'standby', 'writing', 'interrupted', 'conflict'];

/** Figures of the event log, each there from the start. */
export function logMeters(metrics: Metrics): LogMeters {
  const rows = createCounter(metrics, { name: 'granary_event_log_rows_total', help: 'Events written to the event log by this process' });
  const batch = createHistogram(metrics, { name: 'granary_event_log_batch_rows', help: 'Events of one write', buckets: [1, 10, 50, 100, 250, 500, 1000, 2000] });
  const seconds = createHistogram(metrics, { name: 'granary_event_log_write_seconds', help: 'Time of one write, with its commit', buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] });
  const holes = createCounter(metrics, { name: 'granary_event_log_holes_total', help: 'Ranges that the stream lost before they were logged' });
  const lost = createCounter(metrics, { name: 'granary_event_log_lost_events_total', help: 'Events that the stream lost before they were logged' });
  const malformed = createCounter(metrics, { name: 'granary_event_log_malformed_total', help: 'Messages logged raw because they cannot be read as events' });
  const conflicts = createCounter(metrics, { name: 'granary_event_log_conflicts_total', help: 'Times that stream and log contradicted each other; the writer stops' });
  const writer = createGauge(metrics, { name: 'granary_event_log_writer', help: '1 for the state the writer of this process is in', labels: { state: STATES } });
  const epoch = createGauge(metrics, { name: 'granary_event_log_epoch', help: 'Newest epoch of the event log' });
  const sequence = createGauge(metrics, { name: 'granary_event_log_sequence', help: 'Last sequence written in the newest epoch' });
  const lagMessages = createGauge(metrics, { name: 'granary_event_log_lag_messages', help: 'Events of the stream that are not logged yet' });
  const lagSeconds = createGauge(metrics, { name: 'granary_event_log_lag_seconds', help: 'How long ago the log last had everything; 0 while it does' });
  const margin = createGauge(metrics, { name: 'granary_event_log_retention_margin_seconds', help: 'How long until the stream may throw away an event that is not logged yet' });

  return {
    timeWrite() {
      const begun = performance.now();
      return (count) => {
        seconds.observe((performance.now() - begun) / 1_000);
        batch.observe(count);
        rows.inc(count);
      };
    },
    hole(messages) {
      holes.inc();
      lost.inc(messages);
    },
    malformed: () => malformed.inc(),
    conflict: () => conflicts.inc(),
    state(current) {
      for (const state of STATES) writer.set({ state }, state === current ? 1 : 0);
    },
    position(logEpoch, logSequence) {
      epoch.set(logEpoch);
      sequence.set(logSequence);
    },
    lag(messages, secs, left) {
      lagMessages.set(messages);
      lagSeconds.set(secs);
      margin.set(left);
    },
  };
}
