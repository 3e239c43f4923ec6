import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { LOOK_MS, watchLoopWork } from './loop-work';
import type { Reading } from './reading';

export type Metrics = Registry;

/**
 * Each label with every value it can take. Values are listed because they are bounded (never a tenant, a repository or a
 * person), and because a series that first appears at 1 hides its first increment from `rate()`.
 */
export type LabelValues<L extends string> = Readonly<Record<L, readonly string[]>>;

export interface MetricOptions<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: LabelValues<L>;
}

export interface HistogramOptions<L extends string> extends MetricOptions<L> {
  /** Upper bounds, in the metric's unit (seconds, bytes). */
  readonly buckets: readonly number[];
}

export interface GaugeOptions<L extends string> extends MetricOptions<L> {
  /** For a gauge without labels: asked for its value at each scrape; NaN when that fails. */
  readonly read?: () => number | Promise<number>;
  /** What sets this gauge, and others with it, when it is scraped. */
  readonly reading?: Reading;
}

/**
 * A registry with the process's own metrics under prom-client's names; `nodejs_eventloop_lag_p99_seconds` covers the time
 * since the last scrape and includes the 20 ms between two looks, and `nodejs_eventloop_work_p99_seconds` says how much of it was this process's doing. Every series carries the label `service`.
 */
export function createMetrics(service: string): Metrics {
  const metrics = new Registry();
  metrics.setDefaultLabels({ service });
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: LOOK_MS });
  watchLoopWork(metrics);
  createGauge(metrics, { name: 'granary_process_memory_limit_bytes', help: 'Memory that this process can have: the limit of its container, or what the machine has', read: memoryLimit });
  createGauge(metrics, { name: 'granary_process_heap_limit_bytes', help: 'Size of the heap at which Node ends the process', read: () => getHeapStatistics().heap_size_limit });
  return metrics;
}

/** Without a limit, Node says 0 or a number that no machine has. */
function memoryLimit(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** A counter whose label combinations all stand at 0 from the start. */
export function createCounter<L extends string = never>(metrics: Metrics, { name, help, labels }: MetricOptions<L>): Counter<L> {
  const counter = new Counter<L>({ name, help, labelNames: labelNames(labels), registers: [metrics] });
  for (const combination of combinations(labels)) counter.inc(combination, 0);
  return counter;
}

/** A gauge whose label combinations all stand at 0 from the start. */
export function createGauge<L extends string = never>(metrics: Metrics, { name, help, labels, read, reading }: GaugeOptions<L>): Gauge<L> {
  // A figure that cannot be had must not take the others with it.
  const collect = read ? async () => gauge.set(await valueOf(read)) : reading;
  const gauge: Gauge<L> = new Gauge<L>({ name, help, labelNames: labelNames(labels), registers: [metrics], ...(collect && { collect }) });
  for (const combination of combinations(labels)) gauge.set(combination, 0);
  return gauge;
}

async function valueOf(read: () => number | Promise<number>): Promise<number> {
  try {
    return await read();
  } catch {
    return Number.NaN;
  }
}

/** A histogram whose label combinations all exist, empty, from the start. */
export function createHistogram<L extends string = never>(metrics: Metrics, { name, help, labels, buckets }: HistogramOptions<L>): Histogram<L> {
  const histogram = new Histogram<L>({ name, help, labelNames: labelNames(labels), buckets: [...buckets], registers: [metrics] });
  for (const combination of combinations(labels)) histogram.zero(combination);
  return histogram;
}

function labelNames<L extends string>(labels: LabelValues<L> | undefined): L[] {
  return Object.keys(labels ?? {}) as L[];
}

/** Every combination of label values; one empty combination when there are no labels. */
function combinations<L extends string>(labels: LabelValues<L> | undefined): Partial<Record<L, string>>[] {
  let all: Partial<Record<L, string>>[] = [{}];
  for (const label of labelNames(labels)) {
    const values = labels?.[label] ?? [];
    all = all.flatMap((combination) => values.map((value) => ({ ...combination, [label]: value })));
  }
  return all;
}
