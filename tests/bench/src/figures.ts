/** The value below which a share `p` (0 to 1) of the values lies. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Runs `measure` several times and answers the median and the range, in whole numbers. */
export async function repeat(times: number, measure: () => Promise<number>): Promise<{ median: number; min: number; max: number }> {
  const values: number[] = [];
  for (let run = 0; run < times; run += 1) values.push(await measure());
  return { median: Math.round(median(values)), min: Math.round(Math.min(...values)), max: Math.round(Math.max(...values)) };
}

export function perSecond(count: number, begunMs: number): number {
  return count / ((performance.now() - begunMs) / 1_000);
}
