import type { CacheEntry, CacheLookups, CacheOutcome, CacheTarget, EventType } from '@granary/contracts';

/** One kind of thing that an owner keeps only because making it again takes time. */
export interface Shelf {
  readonly kind: CacheEntry['kind'];
  /** Entries of all tenants in the order of the shelf, behind the place given; null when that is the beginning, or the end. */
  list(after: string | null, limit: number): Promise<{ entries: CacheEntry[]; after: string | null }>;
  /** Deletes what is neither in use nor was used since it was listed, each whole or not at all; one outcome for each target, in their order. */
  evict(targets: readonly CacheTarget[]): Promise<CacheOutcome[]>;
  /** Packs an entry more tightly, unless somebody reads it. Left out where nothing can be packed. */
  pack?(target: CacheTarget): Promise<CacheOutcome>;
}

/** How often what was looked for in caches was there. */
export interface Lookups {
  /** Counts in this process until the next flush. */
  count(tenant: string, kind: CacheEntry['kind'], found: { hits?: number; misses?: number }): void;
  /** Writes what was counted. */
  flush(): Promise<void>;
  /** Those of today and of the days before it, together so many. */
  read(days: number): Promise<CacheLookups[]>;
}

/** An event that names an artifact. */
export interface NamingEvent {
  readonly type: EventType;
  readonly tenant: string;
  readonly id: string;
}

/** Which of these events some consumer has not handled, and which service that is, by the id of the event. */
export type AskConsumers = (events: readonly NamingEvent[]) => Promise<ReadonlyMap<string, string>>;

/** Which of these events a replay has before it, and to which consumer it brings them, by the id of the event. */
export type AskReplays = (events: readonly NamingEvent[]) => Promise<ReadonlyMap<string, string>>;

/** An event as a consumer of it is asked about. */
export interface AwaitedEvent {
  readonly consumer: string;
  readonly tenant: string;
  readonly id: string;
}

/** Knows which events a service still has to handle. */
export interface HandledEvents {
  /** The ids of those that are held, or that the stream may still deliver. */
  unhandled(source: string, events: readonly AwaitedEvent[]): Promise<string[]>;
}
