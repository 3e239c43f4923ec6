import { createCounter, createHistogram, type Metrics } from '@granary/observability';
import type { Standing } from './normalize/standing';

/** What the normalizer measures; see README.md. */
export interface NormalizerMetrics {
  seconds(stage: 'fetch' | 'compute' | 'save', seconds: number): void;
  graph(standing: Standing, changes: number): void;
  /** A change of a repository is in its graph, so many milliseconds after it was first seen. */
  visible(afterMs: number): void;
  lookedUp(outcome: 'hit' | 'miss'): void;
}

/**
 * Registers the normalizer's metrics.
 * @param objectiveMs a change that takes longer until it is in a graph is late
 */
export function normalizerMetrics(metrics: Metrics, objectiveMs: number): NormalizerMetrics {
  const seconds = createHistogram(metrics, {
    name: 'granary_normalizer_seconds',
    help: 'Time to normalise one harvest, by stage',
    labels: { stage: ['fetch', 'compute', 'save'] },
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  });
  const graphs = createCounter(metrics, { name: 'granary_normalizer_graphs_total', help: 'Graphs stored, by how they stand to the newest', labels: { standing: ['first', 'newer', 'again', 'older'] } });
  const changes = createCounter(metrics, { name: 'granary_normalizer_changes_total', help: 'Differences found between graphs' });
  const freshness = createCounter(metrics, { name: 'granary_freshness_total', help: 'Changes of repositories that are in their graphs now: within GRANARY_FRESHNESS_OBJECTIVE of when they were first seen, or later', labels: { outcome: ['in_time', 'late'] } });
  const delay = createHistogram(metrics, { name: 'granary_freshness_seconds', help: 'Time from when a change was first seen until it was in a graph', buckets: [1, 5, 15, 60, 300, 900, 3_600, 86_400] });
  const lookups = createCounter(metrics, { name: 'granary_normalizer_graph_lookups_total', help: 'Questions by whether the graph was in memory', labels: { outcome: ['hit', 'miss'] } });
  return {
    seconds: (stage, value) => seconds.observe({ stage }, value),
    graph(standing, found) {
      graphs.inc({ standing });
      changes.inc(found);
    },
    visible(afterMs) {
      freshness.inc({ outcome: afterMs <= objectiveMs ? 'in_time' : 'late' });
      delay.observe(afterMs / 1_000);
    },
    lookedUp: (outcome) => lookups.inc({ outcome }),
  };
}
