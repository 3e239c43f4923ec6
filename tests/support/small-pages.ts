// What the services of a platform measure: little enough, and what the reference says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LABELS, MOST_SERIES } from '../../tools/reference/src/bounds.ts';
import { readPage } from '../../tools/reference/src/metrics-page.ts';
import { metricsText } from '../../tools/reference/src/metrics.ts';
import { pagesIn } from '../../tools/reference/src/platform-pages.client.ts';

const REFERENCE = join(__dirname, '..', '..', 'docs', 'reference', 'metrics.md');
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{40}/;

/**
 * Every service has few series, with labels of which there is an end; and what they measure is what the reference says, with
 * every value of every label there from the start.
 * @param data the data folder of the platform
 * @param chosen names that somebody chose: of tenants, people, repositories
 */
export async function expectSmallPages(data: string, chosen: readonly string[]): Promise<void> {
  const pages = await pagesIn(data);
  const seen = Object.entries(pages).map(([service, page]) => ({ service, metrics: readPage(page) }));
  const series = seen.map(({ service, metrics }) => [service, metrics.reduce((sum, metric) => sum + metric.series, 0)] as const);
  expect(series.filter(([service, count]) => count > (MOST_SERIES[service] ?? 0))).toEqual([]);
  expect(series.map(([service]) => service).sort()).toEqual(Object.keys(MOST_SERIES).sort());
  const labels = seen.flatMap(({ metrics }) => metrics.flatMap((metric) => [...metric.labels]));
  expect([...new Set(labels.map(([label]) => label))].filter((label) => !LABELS.includes(label))).toEqual([]);
  const values = [...new Set(labels.flatMap(([, some]) => [...some]))];
  expect(values.filter((value) => chosen.includes(value) || ID.test(value))).toEqual([]);
  expect(readFileSync(REFERENCE, 'utf8')).toBe(metricsText(pages));
}
