/**
 * The sum of a metric over all its label sets, from the text that `/metrics` answers; null when it is not there.
 * `NaN` and infinities count as missing.
 */
export function sumOf(metrics: string, name: string): number | null {
  const values = metrics.split('\n').flatMap((line) => valueOf(line, name)).filter(Number.isFinite);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

function valueOf(line: string, name: string): number[] {
  if (!line.startsWith(name)) return [];
  const [, value] = /^(?:\{.*\})? +(\S+)/.exec(line.slice(name.length)) ?? [];
  return value === undefined ? [] : [Number(value)];
}
