import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { EventType } from '@granary/contracts';

const REPLAYED = ['done', 'failed'] as const;
const OUTCOMES = ['done', 'held', 'waiting', 'dead'] as const;

export interface ConsumeMeters {
  time(type: string): () => void;
  settled(type: string, outcome: (typeof OUTCOMES)[number]): void;
  replayed(type: string, outcome: (typeof REPLAYED)[number]): void;
  lease(consumer: string, group: number, owned: boolean): void;
  lag(consumer: string, group: number, messages: number, seconds: number): void;
  resynchronised(consumer: string): void;
}

/** Figures of a service's consumers. Every label set exists from the start, so that rates see the first event. */
export function consumeMeters(registry: Registry | undefined, types: readonly EventType[]): ConsumeMeters {
  const registers = registry ? [registry] : [];
  const handled = new Counter({ name: 'granary_events_settled_total', help: 'Events by what became of them', labelNames: ['type', 'outcome'], registers });
  const replayed = new Counter({ name: 'granary_events_replayed_total', help: 'Events of replays by what became of them', labelNames: ['type', 'outcome'], registers });
  const seconds = new Histogram({ name: 'granary_event_handler_seconds', help: 'Time of one attempt of a handler', labelNames: ['type'], buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2, 10, 60], registers });
  const leases = new Gauge({ name: 'granary_partition_lease_owned', help: '1 while this process owns the partition group', labelNames: ['consumer', 'group'], registers });
  const pending = new Gauge({ name: 'granary_consumer_pending', help: 'Events stored for the consumer and not yet delivered', labelNames: ['consumer', 'group'], registers });
  const age = new Gauge({ name: 'granary_consumer_oldest_seconds', help: 'Age of the oldest event in the lanes', labelNames: ['consumer', 'group'], registers });
  const resyncs = new Counter({ name: 'granary_consumer_resync_total', help: 'Times a consumer was set back to its acknowledgement floor', labelNames: ['consumer'], registers });
  for (const type of [...types, 'unreadable']) for (const outcome of OUTCOMES) handled.inc({ type, outcome }, 0);
  for (const type of [...types, 'unreadable']) for (const outcome of REPLAYED) replayed.inc({ type, outcome }, 0);
  return {
    time(type) {
      const begun = performance.now();
      return () => seconds.observe({ type }, (performance.now() - begun) / 1_000);
    },
    settled: (type, outcome) => handled.inc({ type, outcome }),
    replayed: (type, outcome) => replayed.inc({ type, outcome }),
    lease(consumer, group, owned) {
      leases.set({ consumer, group }, owned ? 1 : 0);
      // What lags is told by the owner; a former one must not go on saying what it saw last.
      pending.set({ consumer, group }, 0);
      age.set({ consumer, group }, 0);
      resyncs.inc({ consumer }, 0);
    },
    lag(consumer, group, messages, oldest) {
      pending.set({ consumer, group }, messages);
      age.set({ consumer, group }, oldest);
    },
    resynchronised: (consumer) => resyncs.inc({ consumer }),
  };
}
