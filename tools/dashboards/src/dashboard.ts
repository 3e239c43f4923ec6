// What a dashboard says, without Grafana's notation.

export interface Dashboard {
  /** Never changed: addresses of the dashboard hold it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Whether one may look at some services only; then queries have `$service`. */
  readonly byService: boolean;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

export interface Panel {
  readonly shape: 'lines' | 'figure' | 'table';
  readonly title: string;
  /** What it shows, and what is usual. */
  readonly description: string;
  /** As Grafana names units. */
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** From which values on it is which colour; below the first it is green (`base` otherwise). */
  readonly limits?: readonly Limit[];
  readonly base?: Colour;
  /** The alerts that are about this; their runbooks are linked. */
  readonly alerts?: readonly string[];
  /** Of 24. */
  readonly width?: number;
}

export type Unit = 'none' | 'short' | 's' | 'dtdurations' | 'bytes' | 'Bps' | 'percentunit' | 'ops' | 'currencyUSD';
export type Colour = 'green' | 'yellow' | 'orange' | 'red' | 'text';
export type Limit = readonly [from: number, colour: Colour];

export interface Query {
  readonly promql: string;
  /** `{{label}}` stands for a label's value. */
  readonly legend?: string;
}

/** Grafana's name for a time that holds at least four scrapes. */
const WINDOW = '$__rate_interval';

/** How often something happens in a second, summed up by labels. */
export const rate = (selector: string, by = ''): string => `sum${by && ` by (${by})`} (rate(${selector}[${WINDOW}]))`;

/** How often something happened in the last hour. */
export const inAnHour = (selector: string, by = ''): string => `sum${by && ` by (${by})`} (increase(${selector}[1h]))`;

/** p50, p95 and p99 of a histogram, by labels. */
export function percentiles(histogram: string, selector: string, by = ''): Query[] {
  const labels = by.split(', ').filter(Boolean);
  const legend = labels.map((label) => `{{${label}}}`).join(' ');
  return [50, 95, 99].map((percent) => ({
    promql: `histogram_quantile(0.${percent}, sum by (${['le', ...labels].join(', ')}) (rate(${histogram}_bucket${selector}[${WINDOW}])))`,
    legend: `p${percent} ${legend}`.trim(),
  }));
}

export const lines = (panel: Omit<Panel, 'shape'>): Panel => ({ shape: 'lines', ...panel });
export const figure = (panel: Omit<Panel, 'shape'>): Panel => ({ shape: 'figure', width: 4, ...panel });
export const table = (panel: Omit<Panel, 'shape'>): Panel => ({ shape: 'table', width: 12, ...panel });
