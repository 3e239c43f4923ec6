/** One line of a page of metrics. */
export interface Sample {
  labels: Readonly<Record<string, string>>;
  /** Also NaN and infinities. */
  value: number;
}

/** All samples of a metric in the text that `/metrics` answers. */
export function samplesOf(metrics: string, name: string): Sample[] {
  return metrics.split('\n').flatMap((line) => sampleOf(line, name));
}

/**
 * The sum of a metric over all its label sets, from the text that `/metrics` answers; null when it is not there.
 * `NaN` and infinities count as missing.
 */
export function sumOf(metrics: string, name: string): number | null {
  const values = samplesOf(metrics, name).map(({ value }) => value).filter(Number.isFinite);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

function sampleOf(line: string, name: string): Sample[] {
  if (!line.startsWith(name)) return [];
  const [, labels = '', value] = /^(?:\{(.*)\})? +(\S+)/.exec(line.slice(name.length)) ?? [];
  return value === undefined ? [] : [{ labels: labelsOf(labels), value: numberOf(value) }];
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', value = '']) => [key, value.replace(/\\(.)/g, '$1')]));
}

// Prometheus writes +Inf where JavaScript reads Infinity.
const numberOf = (text: string): number => Number(text.replace(/Inf$/, 'Infinity'));
