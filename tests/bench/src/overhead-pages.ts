// What a scrape costs: the pages of metrics of a running platform, one service after the other.
import { setTimeout as delay } from 'node:timers/promises';
import { readPage } from '../../../tools/reference/src/metrics-page.ts';
import { onPlatform, servicesIn } from '../../../tools/reference/src/platform-pages.client.ts';
import { median, quantile } from './figures.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
/** Longer than figures hold that cost a query, so that each scrape pays for them. */
const PAUSE_MS = 5_200;

/** Time, bytes and series of each page: of scrapes that find everything fresh, and of those that have to ask the database. */
export function benchPages(quick: boolean): Promise<object> {
  return onPlatform(ROOT, async (data) => {
    const figures: Record<string, object> = {};
    for (const [service, url] of Object.entries(servicesIn(data))) figures[service] = await pageOf(url, quick ? { kept: 5, asked: 1 } : { kept: 100, asked: 5 });
    return figures;
  });
}

async function pageOf(url: string, times: { readonly kept: number; readonly asked: number }) {
  const kept: number[] = [];
  const asked: number[] = [];
  let page = '';
  const scrape = async (): Promise<number> => {
    const begun = performance.now();
    page = await (await fetch(`${url}/metrics`)).text();
    return performance.now() - begun;
  };
  await scrape();
  for (let time = 0; time < times.kept; time += 1) kept.push(await scrape());
  for (let time = 0; time < times.asked; time += 1) {
    await delay(PAUSE_MS);
    asked.push(await scrape());
  }
  const ms = (value: number) => Number(value.toFixed(2));
  return { 'p50 ms': ms(median(kept)), 'p99 ms': ms(quantile(kept, 0.99)), 'with questions to database and broker, p50 ms': ms(median(asked)), bytes: Buffer.byteLength(page), series: readPage(page).reduce((sum, { series }) => sum + series, 0) };
}
