const TEXT = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
const METRIC = /\b(?:granary_|nodejs_|process_)\w+|\bgranary:[\w:]+|\bup\b/g;

/** The metrics and recorded series that a PromQL expression reads, without repeats. */
export function metricsOf(expression: string): string[] {
  return [...new Set(expression.replace(TEXT, '""').match(METRIC) ?? [])].sort();
}

/** Which names a metric has in /metrics: a histogram has three. */
export function seriesNames(name: string, kind: 'counter' | 'gauge' | 'histogram' | 'summary'): string[] {
  return kind === 'histogram' || kind === 'summary' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
}
