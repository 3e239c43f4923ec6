import type { Counter, Histogram } from 'prom-client';

// What prom-client keeps of a series, below both kinds. Its own `inc` and `observe` look it up by a text made of all
// labels, each time: that costs as much as twenty additions, which an event path at 30,000 events a second notices.
interface Kept {
  readonly hashMap: Readonly<Record<string, { readonly labels: object; value: number; sum: number; count: number; readonly bucketValues: Record<number, number> }>>;
  readonly upperBounds: readonly number[];
}

/** One series of a counter, found once: adding to it is an addition. Its labels must not be removed. */
export function counterSeries<L extends string>(counter: Counter<L>, labels: Readonly<Record<L, string>>): (by?: number) => void {
  const own = { ...labels };
  counter.inc(own, 0);
  const series = find(counter, own);
  return (by = 1) => void (series.value += by);
}

/** One series of a histogram, found once. It begins empty. */
export function histogramSeries<L extends string>(histogram: Histogram<L>, labels: Readonly<Record<L, string>>): (value: number) => void {
  const own = { ...labels };
  histogram.zero(own);
  const series = find(histogram, own);
  const { upperBounds } = histogram as unknown as Kept;
  return (value) => {
    const bound = upperBounds.find((upper) => value <= upper);
    if (bound !== undefined) series.bucketValues[bound] = (series.bucketValues[bound] ?? 0) + 1;
    series.sum += value;
    series.count += 1;
  };
}

function find(metric: object, labels: object): Kept['hashMap'][string] {
  const all = Object.values((metric as Kept).hashMap);
  const series = all.find((one) => one.labels === labels) ?? all.find((one) => isSame(one.labels as Record<string, string>, labels as Record<string, string>));
  if (series === undefined) throw new Error('prom-client does not keep series as it did: see series.ts');
  return series;
}

const isSame = (one: Record<string, string>, other: Record<string, string>): boolean => Object.entries(other).every(([label, value]) => one[label] === value);
