import { createCounter } from '@granary/observability';
import type { Logger, Metrics } from '@granary/observability';
import type { Lookups } from '@granary/messaging';
import type { Task } from '../definition';

export interface CountedLookupsOptions {
  readonly lookups: Lookups;
  /** What the service keeps in caches. */
  readonly kinds: readonly Parameters<Lookups['count']>[1][];
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly everyMs?: number;
}

/** Lookups that are metrics of this process too, and the task that writes them now and then. */
export function countedLookups({ lookups, kinds, metrics, log, everyMs = 10_000 }: CountedLookupsOptions): { lookups: Lookups; task: Task } {
  const counter = createCounter(metrics, { name: 'granary_cache_lookups_total', help: 'What was looked for in caches, by whether it was there', labels: { kind: kinds, outcome: ['hit', 'miss'] } });
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => lookups.flush().catch((error: unknown) => log.warn({ err: error }, 'lookups in caches could not be written; some are missing from the statistics'));
  return {
    lookups: {
      ...lookups,
      count(tenant, kind, { hits = 0, misses = 0 }) {
        counter.inc({ kind, outcome: 'hit' }, hits);
        counter.inc({ kind, outcome: 'miss' }, misses);
        lookups.count(tenant, kind, { hits, misses });
      },
    },
    task: {
      name: 'cache lookups',
      async start() {
        timer = setInterval(() => (flushing = flushing.then(flush)), everyMs);
      },
      async stop() {
        clearInterval(timer);
        await flushing;
        await flush();
      },
    },
  };
}
