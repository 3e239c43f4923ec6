import type { Lookups } from '@granary/messaging';
import { createLogger, createMetrics } from '@granary/observability';
import { countedLookups } from './lookups.worker';

it('counts lookups as metrics and writes them, at the end too, whatever happens to one of the writes', async () => {
  const metrics = createMetrics('harvester');
  const [counted, flushed]: [unknown[], number[]] = [[], []];
  const second = Promise.withResolvers<void>();
  const written: Lookups = {
    count: (...one) => void counted.push(one),
    read: async () => [],
    async flush() {
      flushed.push(flushed.length);
      if (flushed.length === 2) second.resolve();
      throw new Error('the database is away');
    },
  };
  const { lookups, task } = countedLookups({ lookups: written, kinds: ['facts', 'mirror'], metrics, log: createLogger({ service: 'test', level: 'silent' }), everyMs: 1 });
  await task.start();
  lookups.count('acme', 'facts', { hits: 3, misses: 1 });
  lookups.count('acme', 'facts', {});
  await second.promise;
  await task.stop();
  expect(counted).toEqual([['acme', 'facts', { hits: 3, misses: 1 }], ['acme', 'facts', { hits: 0, misses: 0 }]]);
  const before = flushed.length;
  expect(before).toBeGreaterThan(2);
  const page = await metrics.metrics();
  for (const line of ['{kind="facts",outcome="hit",service="harvester"} 3', '{kind="facts",outcome="miss",service="harvester"} 1', '{kind="mirror",outcome="hit",service="harvester"} 0']) expect(page).toContain(`granary_cache_lookups_total${line}`);
});
