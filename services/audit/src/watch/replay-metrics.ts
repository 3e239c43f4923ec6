import { createCounter, createGauge } from '@granary/observability';
import type { Metrics } from '@granary/observability';

const OPEN = ['planning', 'running', 'paused'] as const;

export interface ReplayMeters {
  replayed(outcome: 'handled' | 'failed', events: number): void;
  /** Jobs that are not through, by state. */
  open(counts: readonly { state: string; count: number }[]): void;
}

/** Figures of replays, each there from the start. */
export function replayMeters(metrics: Metrics): ReplayMeters {
  const events = createCounter(metrics, { name: 'granary_replay_events_total', help: 'Events of replays that consumers have told about, by what became of them', labels: { outcome: ['handled', 'failed'] } });
  const jobs = createGauge(metrics, { name: 'granary_replay_jobs', help: 'Replays that are not through, by state', labels: { state: OPEN } });
  return {
    replayed: (outcome, count) => events.inc({ outcome }, count),
    open(counts) {
      for (const state of OPEN) jobs.set({ state }, counts.find((one) => one.state === state)?.count ?? 0);
    },
  };
}
