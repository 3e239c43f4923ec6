/** What a service says at /metrics. */
export interface MetricsPage {
  /** The sum of all series of this name with these labels; 0 when there are none. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
  /** The highest of them. */
  max(name: string, labels?: Readonly<Record<string, string>>): number;
  readonly series: number;
  readonly bytes: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;

export function readMetricsPage(text: string): MetricsPage {
  const byName = new Map<string, { labels: string; value: number }[]>();
  let series = 0;
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    series += 1;
    const known = byName.get(name) ?? [];
    known.push({ labels: `,${labels}`, value: Number(value?.replace('Inf', 'Infinity')) });
    byName.set(name, known);
  }
  const values = (name: string, labels: Readonly<Record<string, string>> = {}) => {
    const wanted = Object.entries(labels).map(([label, value]) => `,${label}="${value}"`);
    return (byName.get(name) ?? []).filter((known) => wanted.every((part) => known.labels.includes(part))).map(({ value }) => value);
  };
  return {
    sum: (name, labels) => values(name, labels).reduce((sum, value) => sum + value, 0),
    max: (name, labels) => Math.max(0, ...values(name, labels)),
    series,
    bytes: Buffer.byteLength(text),
  };
}
