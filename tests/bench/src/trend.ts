/** How a figure changes with time. */
export interface Trend {
  /** Of the figure's unit, in an hour. */
  readonly perHour: number;
  /** With 95 % confidence it lies between these. */
  readonly from: number;
  readonly to: number;
  /** Whether it is sure to grow: whether `from` is above 0. */
  readonly grows: boolean;
}

/** What 95 % of a normal distribution lie within, in standard deviations. */
const WITHIN = 1.96;

/**
 * The slope by Theil and Sen: the median of the slopes between all pairs of points. The teeth of garbage collection, which
 * pull a least-squares line about, move it little. Its confidence interval is that of Kendall's statistic (Sen 1968).
 * @param points hours and the value then, at least three
 */
export function trendOf(points: readonly (readonly [hours: number, value: number])[]): Trend {
  const slopes: number[] = [];
  points.forEach(([at, value], i) => {
    for (const [later, other] of points.slice(i + 1)) if (later !== at) slopes.push((other - value) / (later - at));
  });
  slopes.sort((a, b) => a - b);
  const n = points.length;
  const spread = WITHIN * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  const slope = (position: number) => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(position)))] ?? 0;
  const from = slope((slopes.length - spread) / 2 - 1);
  return { perHour: medianOf(slopes), from, to: slope((slopes.length + spread) / 2), grows: from > 0 };
}

function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}
