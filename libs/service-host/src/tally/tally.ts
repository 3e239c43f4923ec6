import { labelMatcher } from './matchers';

/** What an objective counts: see deploy/slo. */
export interface Counted {
  readonly name: string;
  readonly metric: string;
  readonly where: string;
  readonly bad: string;
}

export interface Count {
  readonly objective: string;
  readonly good: number;
  readonly total: number;
}

/** One series of a counter. */
export interface Series {
  readonly labels: Readonly<Record<string, string | number | undefined>>;
  readonly value: number;
}

/** A reader of what a counter's series make of an objective: the same figures that Prometheus' rules take from the same series. */
export function countsOf({ name, where, bad }: Counted): (series: readonly Series[]) => Count {
  const [counts, isBad] = [labelMatcher(where), labelMatcher(bad)];
  return (series) => {
    const counted = series.filter(({ labels }) => counts(labels));
    const sum = (some: readonly Series[]): number => some.reduce((all, { value }) => all + value, 0);
    const total = sum(counted);
    return { objective: name, good: total - sum(counted.filter(({ labels }) => isBad(labels))), total };
  };
}

/** What was counted since; without objectives of which nothing was. */
export function growth(now: readonly Count[], before: readonly Count[]): Count[] {
  return now.flatMap(({ objective, good, total }) => {
    const last = before.find((count) => count.objective === objective);
    return total === (last?.total ?? 0) ? [] : [{ objective, good: good - (last?.good ?? 0), total: total - (last?.total ?? 0) }];
  });
}
