import { createCounter, createHistogram, createMetrics } from './metrics';
import { counterSeries, histogramSeries } from './series';

/** The same metrics twice: one counts by labels, the other by series that were found once. */
function both() {
  const pages = ['labels', 'series'].map(() => {
    const metrics = createMetrics('audit');
    return {
      metrics,
      counter: createCounter(metrics, { name: 'events_total', help: 'Events.', labels: { type: ['a', 'ab'], outcome: ['done', 'held'] } }),
      plain: createCounter(metrics, { name: 'rows_total', help: 'Rows.' }),
      histogram: createHistogram(metrics, { name: 'wait_seconds', help: 'Time.', labels: { type: ['a'] }, buckets: [0.001, 0.5, 2] }),
    };
  });
  const page = async (place: number) => ((await pages[place]?.metrics.metrics()) ?? '').split('\n').filter((line) => /^(events|rows|wait)_/.test(line));
  const [byLabels, bySeries] = pages;
  if (!byLabels || !bySeries) throw new Error('there are two');
  return { byLabels, bySeries, page };
}

describe('series', () => {
  it('count what labels would count', async () => {
    const { byLabels, bySeries, page } = both();
    byLabels.counter.inc({ type: 'ab', outcome: 'held' });
    byLabels.counter.inc({ type: 'ab', outcome: 'held' }, 4);
    byLabels.plain.inc(3);
    for (const value of [0.001, 0.4, 1, 2, 3, 0]) byLabels.histogram.observe({ type: 'a' }, value);

    const held = counterSeries(bySeries.counter, { type: 'ab', outcome: 'held' });
    held();
    held(4);
    counterSeries(bySeries.plain, {})(3);
    const wait = histogramSeries(bySeries.histogram, { type: 'a' });
    for (const value of [0.001, 0.4, 1, 2, 3, 0]) wait(value);

    expect(await page(1)).toEqual(await page(0));
    expect(await page(1)).toContain('events_total{type="ab",outcome="held",service="audit"} 5');
    expect(await page(1)).toContain('wait_seconds_bucket{le="+Inf",service="audit",type="a"} 6');
  });

  it('make a series that is not there yet', async () => {
    const metrics = createMetrics('audit');
    const counter = createCounter<'type'>(metrics, { name: 'events_total', help: 'Events.', labels: { type: [] } });
    counterSeries(counter, { type: 'b' })();
    counter.inc({ type: 'b' });
    expect(await metrics.metrics()).toContain('events_total{type="b",service="audit"} 2');
  });
});
