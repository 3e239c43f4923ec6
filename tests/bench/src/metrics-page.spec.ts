import { readMetricsPage } from './metrics-page.ts';

const page = readMetricsPage(`# HELP a_total what it counts
# TYPE a_total counter
a_total{outcome="done",service="audit"} 3
a_total{outcome="failed",service="audit"} 4
b 1.5e3
c{service="audit"} +Inf
`);

it('sums up series, and finds the highest, by labels', () => {
  expect([page.sum('a_total'), page.sum('a_total', { outcome: 'failed' }), page.sum('a_total', { outcome: 'failed', service: 'x' }), page.sum('nothing')]).toEqual([7, 4, 0, 0]);
  expect([page.max('a_total'), page.max('b'), page.max('c'), page.max('nothing')]).toEqual([4, 1500, Infinity, 0]);
  expect(page.series).toBe(4);
});
