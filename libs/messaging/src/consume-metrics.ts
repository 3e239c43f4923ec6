import type { EventType } from '@granary/contracts';
import type { FaultKind } from '@granary/faults';
import { counterSeries, createCounter, createGauge, createHistogram, createReading, histogramSeries, UNWATCHED } from '@granary/observability';
import type { Metrics, SlowWatch } from '@granary/observability';
import type { GroupId } from './ports';

const REPLAYED = ['done', 'failed'] as const;
const OUTCOMES = ['done', 'held', 'waiting', 'dead'] as const;
const DELIVERED = ['in_time', 'late', 'dead'] as const;
const CHANGES = ['taken', 'given_back', 'lost'] as const;
const KINDS = ['transient', 'permanent'] as const satisfies readonly FaultKind[];

/** What is no event, and what this version has no handler for. */
const UNREADABLE = 'unreadable';
const OTHER = 'other';

export type LeaseChange = (typeof CHANGES)[number];

/** How far the owner of a partition group is behind. */
export interface GroupLag extends GroupId {
  /** Stored for it and not yet delivered. */
  readonly messages: number;
  /** Since the stream stored the oldest event that was delivered and is not settled. */
  readonly seconds: number;
}

export interface ConsumeMetersOptions {
  readonly metrics: Metrics;
  readonly types: readonly EventType[];
  /** The partition groups of all consumers of the service. */
  readonly groups: readonly GroupId[];
  /** Asks the server, for the partition groups that this process owns. */
  readonly lags: () => Promise<readonly GroupLag[]>;
  /** How long such an answer holds. */
  readonly keepMs: number;
  /** An event that is handled later than this after it was announced was delivered late. */
  readonly objectiveMs: number;
  readonly now: () => Date;
  readonly slow?: SlowWatch;
}

export interface ConsumeMeters {
  /** One attempt of a handler. */
  attempted(type: string, ms: number): void;
  failed(type: string, kind: FaultKind): void;
  /** @param announcedAt the event's time, once its end has come; a dead event needs none */
  settled(type: string, outcome: (typeof OUTCOMES)[number], announcedAt?: string): void;
  replayed(type: string, outcome: (typeof REPLAYED)[number]): void;
  lease(id: GroupId, change: LeaseChange): void;
  resynchronised(consumer: string): void;
}

/** For consumers that nobody measures. */
export const UNMEASURED: ConsumeMeters = { attempted: () => undefined, failed: () => undefined, settled: () => undefined, replayed: () => undefined, lease: () => undefined, resynchronised: () => undefined };

/** Figures of a service's consumers. Every label set exists from the start, so that rates see the first event. What each event counts costs a few additions. */
export function consumeMeters({ metrics, types, groups, lags, keepMs, objectiveMs, now, slow = UNWATCHED }: ConsumeMetersOptions): ConsumeMeters {
  const known = [...types, UNREADABLE, OTHER];
  const consumers = [...new Set(groups.map(({ consumer }) => consumer))];
  const settled = createCounter(metrics, { name: 'granary_events_settled_total', help: 'Events by what became of them', labels: { type: known, outcome: OUTCOMES } });
  const replayed = createCounter(metrics, { name: 'granary_events_replayed_total', help: 'Events of replays by what became of them', labels: { type: known, outcome: REPLAYED } });
  const deliveries = createCounter(metrics, { name: 'granary_event_deliveries_total', help: 'Events whose end has come: handled within GRANARY_DELIVERY_OBJECTIVE of their announcement, handled later, or dead', labels: { outcome: DELIVERED } });
  const seconds = createHistogram(metrics, { name: 'granary_event_handler_seconds', help: 'Time of one attempt of a handler', labels: { type: known }, buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2, 10, 60] });
  const failures = createCounter(metrics, { name: 'granary_event_handler_failures_total', help: 'Attempts of handlers that failed, by whether another one can help', labels: { type: known, kind: KINDS } });
  const owned = createGauge<'consumer' | 'group'>(metrics, { name: 'granary_partition_lease_owned', help: '1 while this process owns the partition group', labels: { consumer: [], group: [] } });
  const changes = createCounter(metrics, { name: 'granary_partition_lease_changes_total', help: 'Leases of partition groups that this process took, gave back in order, or lost', labels: { consumer: consumers, change: CHANGES } });
  const resyncs = createCounter(metrics, { name: 'granary_consumer_resync_total', help: 'Times a consumer was set back to its acknowledgement floor', labels: { consumer: consumers } });

  const clear = (): void => groups.forEach((id) => showLag({ ...id, messages: 0, seconds: 0 }));
  const reading = createReading({
    read: lags,
    show(told) {
      // What lags is told by the owner; a former one must not go on saying what it saw last.
      clear();
      told.forEach(showLag);
    },
    keepMs,
  });
  const pending = createGauge<'consumer' | 'group'>(metrics, { name: 'granary_consumer_pending', help: 'Events stored for the consumer and not yet delivered', labels: { consumer: [], group: [] }, reading });
  const age = createGauge<'consumer' | 'group'>(metrics, { name: 'granary_consumer_oldest_seconds', help: 'Time since the stream stored the oldest event that is in the lanes', labels: { consumer: [], group: [] }, reading });
  const labelsOf = ({ consumer, group }: GroupId) => ({ consumer, group: `${group}` });
  function showLag({ messages, seconds: oldest, ...id }: GroupLag): void {
    pending.set(labelsOf(id), messages);
    age.set(labelsOf(id), oldest);
  }
  clear();
  for (const id of groups) owned.set(labelsOf(id), 0);

  const delivered = { in_time: counterSeries(deliveries, { outcome: 'in_time' }), late: counterSeries(deliveries, { outcome: 'late' }), dead: counterSeries(deliveries, { outcome: 'dead' }) };
  const series = new Map(known.map((type) => [type as string, { observe: histogramSeries(seconds, { type }), ended: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, counterSeries(settled, { type, outcome })])) as Record<(typeof OUTCOMES)[number], (by?: number) => void> }]));
  // The table of subscriptions is complete: only an event that was held before an older version came back has another type.
  const knownType = (type: string): string => (series.has(type) ? type : OTHER);
  return {
    attempted(type, ms) {
      series.get(knownType(type))?.observe(ms / 1_000);
      slow('handler', type, ms);
    },
    failed: (type, kind) => failures.inc({ type: knownType(type), kind }),
    settled(type, outcome, announcedAt) {
      series.get(knownType(type))?.ended[outcome]();
      if (outcome === 'dead') delivered.dead();
      if (outcome === 'done' && announcedAt !== undefined) delivered[now().getTime() - Date.parse(announcedAt) <= objectiveMs ? 'in_time' : 'late']();
    },
    replayed: (type, outcome) => replayed.inc({ type: knownType(type), outcome }),
    lease(id, change) {
      owned.set(labelsOf(id), change === 'taken' ? 1 : 0);
      changes.inc({ consumer: id.consumer, change });
    },
    resynchronised: (consumer) => resyncs.inc({ consumer }),
  };
}
