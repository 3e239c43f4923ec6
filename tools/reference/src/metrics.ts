import { MOST_SERIES } from './bounds.ts';
import { code, MADE_BY, table } from './markdown.ts';
import { readPage, type Metric } from './metrics-page.ts';

/** The pages of a platform's services, by service. */
export type Pages = Readonly<Record<string, string>>;

/** Those of Node and the process have names that everybody knows, and labels that come and go. */
const isOurs = (name: string): boolean => name.startsWith('granary_');

/** Labels whose values are not those of the next machine, or version. */
const VARYING = ['version'];
/** Of more values one is told, for an example: they grow with the routes and operations that there are. */
const FEW = 12;

interface Told extends Omit<Metric, 'series' | 'labels'> {
  readonly labels: Map<string, Set<string>>;
  readonly services: string[];
}

/** docs/reference/metrics.md, made of what running services say. */
export function metricsText(pages: Pages): string {
  const told = merged(pages);
  const services = Object.keys(pages).sort();
  const ours = told.filter(({ name }) => isOurs(name));
  const others = told.filter(({ name }) => !isOurs(name));
  return `${MADE_BY}
# Metrics

What every service answers at \`/metrics\`, as a running platform says it. Every series has the label \`service\`, and exists from the start: a counter that nothing has counted yet stands at 0. Several replicas of a service each tell their own; where the figure comes from the database they share (jobs, held events, what waits), they tell the same, so take \`max\`.

A service has at most so many series: ${services.map((service) => `${code(service)} ${(MOST_SERIES[service] ?? 0).toLocaleString('en')}`).join(', ')}.

${table(
  ['metric', 'kind', 'labels', 'unit', 'service', 'meaning'],
  ours.map((metric) => [code(metric.name), kindOf(metric), labelsOf(metric), unitOf(metric), servicesOf(metric, services), metric.help]),
)}

## Of the process

${table(
  ['metric', 'kind', 'labels', 'meaning'],
  others.map((metric) => [code(metric.name), metric.kind, [...metric.labels.keys()].sort().map(code).join(', '), metric.help]),
)}
`;
}

function merged(pages: Pages): Told[] {
  const told = new Map<string, Told>();
  for (const [service, page] of Object.entries(pages)) {
    for (const { name, kind, help, bounds, labels } of readPage(page)) {
      const known = told.get(name) ?? { name, kind, help, bounds, labels: new Map<string, Set<string>>(), services: [] };
      known.services.push(service);
      for (const [label, values] of labels) known.labels.set(label, new Set([...(known.labels.get(label) ?? []), ...values]));
      told.set(name, known);
    }
  }
  return [...told.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function kindOf({ kind, bounds }: Told): string {
  const finite = bounds.filter((bound) => bound !== '+Inf');
  return kind === 'histogram' ? `histogram: ${finite.join(' ')}` : kind;
}

function labelsOf({ labels }: Told): string {
  return [...labels].sort(([one], [other]) => (one < other ? -1 : 1)).map(([label, values]) => (VARYING.includes(label) ? code(label) : `${code(label)}: ${valuesOf([...values].sort())}`)).join('; ');
}

function valuesOf(values: readonly string[]): string {
  return values.length <= FEW ? values.map(code).join(' ') : `many, such as ${code(values[0] ?? '')}`;
}

const UNITS = [['_timestamp_seconds', 'seconds since 1970'], ['_until_seconds', 'seconds since 1970'], ['_up_to_seconds', 'seconds since 1970'], ['_seconds', 'seconds'], ['_bytes', 'bytes'], ['_ratio', 'share from 0 to 1'], ['_info', '']] as const;

/** By the end of the name, as Prometheus' conventions have it; without one it is a number of things. */
function unitOf({ name }: Told): string {
  const base = name.replace(/_total$/, '');
  return UNITS.find(([end]) => base.endsWith(end))?.[1] ?? 'number';
}

function servicesOf({ services: own }: Told, all: readonly string[]): string {
  const missing = all.filter((service) => !own.includes(service));
  if (missing.length === 0) return 'all';
  return missing.length <= 2 && own.length > 2 ? `all but ${missing.join(', ')}` : [...own].sort().join(', ');
}
