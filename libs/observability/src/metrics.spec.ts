import { setTimeout as delay } from 'node:timers/promises';
import { createCounter, createGauge, createHistogram, createMetrics } from './metrics';

describe('createMetrics', () => {
  it('has the process\'s own metrics, with the delay of the event loop', async () => {
    const page = await createMetrics('normalizer').metrics();
    expect(page).toMatch(/^nodejs_eventloop_lag_p99_seconds\{service="normalizer"\} \d/m);
    expect(page).toMatch(/^process_resident_memory_bytes\{service="normalizer"\} \d/m);
  });

  it('tells how long the process itself kept its event loop, since the last scrape', async () => {
    const metrics = createMetrics('normalizer');
    const longest = async () => {
      // Two looks: one that the work delays, and one that sees it.
      await delay(40);
      return Number(/^nodejs_eventloop_work_max_seconds\{service="normalizer"\} (\S+)$/m.exec(await metrics.metrics())?.[1]);
    };
    const until = process.threadCpuUsage().user + 80_000;
    while (process.threadCpuUsage().user < until);
    expect(await longest()).toBeGreaterThanOrEqual(0.08);
    expect(await longest()).toBeLessThan(0.08);
  });
});

describe('helpers', () => {
  it('start every label combination at zero', async () => {
    const metrics = createMetrics('audit');
    createCounter(metrics, { name: 'events_total', help: 'Events.', labels: { outcome: ['done', 'held'], run: ['live'] } });
    createGauge(metrics, { name: 'lag', help: 'Lag.', labels: { consumer: ['log'] } });
    createHistogram(metrics, { name: 'seconds', help: 'Time.', buckets: [1], labels: { outcome: ['done'] } });
    const page = await metrics.metrics();
    expect(page).toContain('events_total{outcome="done",run="live",service="audit"} 0');
    expect(page).toContain('events_total{outcome="held",run="live",service="audit"} 0');
    expect(page).toContain('lag{consumer="log",service="audit"} 0');
    expect(page).toContain('seconds_count{service="audit",outcome="done"} 0');
  });

  it('ask a gauge for its value at each scrape', async () => {
    const metrics = createMetrics('audit');
    let ready = 0;
    createGauge(metrics, { name: 'ready', help: 'Ready.', read: () => ready });
    expect(await metrics.metrics()).toContain('ready{service="audit"} 0');
    ready = 1;
    expect(await metrics.metrics()).toContain('ready{service="audit"} 1');
  });

  it('work without labels', async () => {
    const metrics = createMetrics('audit');
    createCounter(metrics, { name: 'events_total', help: 'Events.' }).inc();
    createGauge(metrics, { name: 'lag', help: 'Lag.' }).set(2);
    createHistogram(metrics, { name: 'seconds', help: 'Time.', buckets: [1, 5] }).observe(3);
    const page = await metrics.metrics();
    expect(page).toContain('events_total{service="audit"} 1');
    expect(page).toContain('lag{service="audit"} 2');
    expect(page).toContain('seconds_bucket{le="5",service="audit"} 1');
  });
});
