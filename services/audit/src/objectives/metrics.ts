import { createGauge, createReading, OBJECTIVES, type Metrics } from '@granary/observability';
import type { ObjectiveStore } from '../store/objective.store';

const DAY_MS = 86_400_000;

export interface LoggedObjectivesOptions {
  readonly metrics: Metrics;
  readonly store: Pick<ObjectiveStore, 'sums'>;
  readonly now: () => Date;
  /** How long figures hold before the log is asked again. */
  readonly keepMs: number;
}

/** What the event log says of the last day's objectives, for Prometheus to compare with what it counted itself. */
export function measureLoggedObjectives({ metrics, store, now, keepMs }: LoggedObjectivesOptions): void {
  const names = OBJECTIVES.map(({ name }) => name);
  const reading = createReading({
    read: () => store.sums(new Date(now().getTime() - DAY_MS), now()),
    show({ objectives }) {
      for (const name of names) {
        const { good, total } = objectives.find(({ objective }) => objective === name) ?? { good: 0, total: 0 };
        events.set({ objective: name, result: 'good' }, good);
        events.set({ objective: name, result: 'bad' }, total - good);
      }
    },
    keepMs,
  });
  const events = createGauge(metrics, { name: 'granary_objective_logged_events', help: 'Events of the last day that objectives are measured by, as tallies in the event log say', labels: { objective: names, result: ['good', 'bad'] }, reading });
}
