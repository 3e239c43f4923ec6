import { counterSeries, createCounter, createGauge, createHistogram, createReading, histogramSeries, UNWATCHED } from '@granary/observability';
import type { Metrics, SlowWatch } from '@granary/observability';
import type { GroupId, HeldState } from '@granary/messaging';
import { OPERATIONS, operationOf } from './operation-of';

/** Connections of a pool. */
export interface PoolState {
  readonly open: number;
  readonly idle: number;
  /** Who waits for one. */
  readonly waiting: number;
}

/** What a service's own tables say of its consumers, and the server of its transactions. */
export interface DatabaseFigures {
  readonly held: Readonly<Partial<Record<HeldState, number>>>;
  /** Partition groups that have an owner now, by consumer. */
  readonly owned: Readonly<Record<string, number>>;
  /** The oldest transaction of the database, as far as the role may see: its own, or all of them with `pg_read_all_stats`. */
  readonly oldestTransactionSeconds: number;
}

/** What is measured of, once it is open. */
export interface MeasuredDatabase {
  pool(): PoolState;
  figures(): Promise<DatabaseFigures>;
}

/** What a database tells while it works. */
export interface DatabaseMeters {
  /** A statement of the pool was answered. */
  statement(text: string, ms: number, failed: boolean): void;
  /** Somebody got a connection of the pool, or none. */
  connection(ms: number): void;
  /** From here on figures are asked of this database. */
  attach(database: MeasuredDatabase): void;
}

export interface DatabaseMetersOptions {
  readonly metrics: Metrics;
  readonly poolSize: number;
  /** The partition groups of the service's consumers. */
  readonly groups: readonly GroupId[];
  /** How long figures that cost a query hold. */
  readonly keepMs: number;
  readonly slow?: SlowWatch;
}

const STATES = ['held', 'waiting', 'dead'] as const satisfies readonly HeldState[];
const WAIT = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5];

/** Figures of a service's database. Those that cost a query are asked for together, when somebody scrapes them. */
export function createDatabaseMeters({ metrics, poolSize, groups, keepMs, slow = UNWATCHED }: DatabaseMetersOptions): DatabaseMeters {
  let measured: MeasuredDatabase | null = null;
  const sizes = new Map<string, number>();
  for (const { consumer } of groups) sizes.set(consumer, (sizes.get(consumer) ?? 0) + 1);
  const consumers = [...sizes.keys()];

  const seconds = createHistogram(metrics, { name: 'granary_database_seconds', help: 'Time from a statement of the pool to its answer; what is sent together waits for what stands before it', labels: { operation: OPERATIONS }, buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5] });
  const errors = createCounter(metrics, { name: 'granary_database_errors_total', help: 'Statements of the pool that failed', labels: { operation: OPERATIONS } });
  const waits = createHistogram(metrics, { name: 'granary_database_pool_wait_seconds', help: 'Time that somebody waited for a connection of the pool', buckets: WAIT });
  createGauge(metrics, { name: 'granary_database_pool_size', help: 'Connections that the pool may have', read: () => poolSize });
  const pool = createReading({
    read: async () => measured?.pool() ?? { open: 0, idle: 0, waiting: 0 },
    show({ open, idle, waiting: queue }) {
      connections.set({ state: 'idle' }, idle);
      connections.set({ state: 'used' }, open - idle);
      waiting.set(queue);
    },
    keepMs: 0,
  });
  const connections = createGauge(metrics, { name: 'granary_database_pool_connections', help: 'Connections that the pool has', labels: { state: ['idle', 'used'] }, reading: pool });
  const waiting = createGauge(metrics, { name: 'granary_database_pool_waiting', help: 'Who waits for a connection of the pool', reading: pool });

  const figures = createReading({
    async read() {
      if (measured === null) throw new Error('the database is not open yet');
      return measured.figures();
    },
    show(told) {
      up.set(1);
      oldest.set(told.oldestTransactionSeconds);
      for (const state of STATES) held.set({ state }, told.held[state] ?? 0);
      for (const consumer of consumers) ownerless.set({ consumer }, Math.max(0, (sizes.get(consumer) ?? 0) - (told.owned[consumer] ?? 0)));
    },
    failed: () => up.set(0),
    keepMs,
  });
  const up = createGauge(metrics, { name: 'granary_database_up', help: '1 while the database answers this process', reading: figures });
  const oldest = createGauge(metrics, { name: 'granary_database_oldest_transaction_seconds', help: 'Age of the oldest transaction of the database that this role may see; outboxes slow down and nothing is vacuumed behind it', reading: figures });
  const held = createGauge(metrics, { name: 'granary_events_held', help: 'Events in held_events: held are tried again, waiting stand behind an earlier one of their key, dead wait for a decision', labels: { state: STATES }, reading: figures });
  const ownerless = createGauge(metrics, { name: 'granary_partitions_without_owner', help: 'Partition groups of the service that no replica owns at the moment', labels: { consumer: consumers }, reading: figures });

  const observe = new Map(OPERATIONS.map((operation) => [operation, { took: histogramSeries(seconds, { operation }), failed: counterSeries(errors, { operation }) }]));
  return {
    statement(text, ms, failed) {
      const series = observe.get(operationOf(text));
      series?.took(ms / 1_000);
      if (failed) series?.failed();
      slow('database', () => named(text), ms);
    },
    connection: (ms) => waits.observe(ms / 1_000),
    attach: (database) => void (measured = database),
  };
}

/** A statement as one line of a log can have it. Values travel beside it. */
const named = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 160);
