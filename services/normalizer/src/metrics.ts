import { createCounter, createHistogram, type Metrics } from '@granary/observability';
import type { Standing } from './normalize/standing';

/** What the normalizer measures; see README.md. */
export interface NormalizerMetrics {
  seconds(stage: 'fetch' | 'compute' | 'save', seconds: number): void;
  graph(standing: Standing, changes: number): void;
  lookedUp(outcome: 'hit' | 'miss'): void;
}

/** Registers the normalizer's metrics. */
export function normalizerMetrics(metrics: Metrics): NormalizerMetrics {
  const seconds = createHistogram(metrics, {
    name: 'granary_normalizer_seconds',
    help: 'Time to normalise one harvest, by stage',
    labels: { stage: ['fetch', 'compute', 'save'] },
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  });
  const graphs = createCounter(metrics, { name: 'granary_normalizer_graphs_total', help: 'Graphs stored, by how they stand to the newest', labels: { standing: ['first', 'newer', 'again', 'older'] } });
  const changes = createCounter(metrics, { name: 'granary_normalizer_changes_total', help: 'Differences found between graphs' });
  const lookups = createCounter(metrics, { name: 'granary_normalizer_graph_lookups_total', help: 'Questions by whether the graph was in memory', labels: { outcome: ['hit', 'miss'] } });
  return {
    seconds: (stage, value) => seconds.observe({ stage }, value),
    graph(standing, found) {
      graphs.inc({ standing });
      changes.inc(found);
    },
    lookedUp: (outcome) => lookups.inc({ outcome }),
  };
}
