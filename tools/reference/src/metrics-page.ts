/** A metric as the page of a service has it. */
export interface Metric {
  readonly name: string;
  readonly kind: string;
  readonly help: string;
  /** Every label with the values that it has there, without those that a kind brings along. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
  /** Upper bounds of a histogram, as they are written. */
  readonly bounds: readonly string[];
  /** Lines of the page. */
  readonly series: number;
}

const HELP = /^# HELP (\S+) (.*)$/;
const TYPE = /^# TYPE (\S+) (\S+)$/;
const SERIES = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

interface Draft {
  kind: string;
  help: string;
  labels: Map<string, Set<string>>;
  bounds: Set<string>;
  series: number;
}

/** Reads a page in Prometheus' text format. Throws at a line that is none of it. */
export function readPage(page: string): Metric[] {
  const drafts = new Map<string, Draft>();
  const draft = (name: string): Draft => {
    const known = drafts.get(name) ?? { kind: 'untyped', help: '', labels: new Map(), bounds: new Set(), series: 0 };
    drafts.set(name, known);
    return known;
  };
  for (const line of page.split('\n').filter((one) => one.trim() !== '')) {
    const [, helped, help = ''] = HELP.exec(line) ?? [];
    const [, typed, kind = ''] = TYPE.exec(line) ?? [];
    const [, series, labels = ''] = SERIES.exec(line) ?? [];
    if (helped !== undefined) draft(helped).help = help;
    else if (typed !== undefined) draft(typed).kind = kind;
    else if (series !== undefined) addSeries(draft(familyOf(series, drafts)), labels);
    else throw new Error(`not a line of a page of metrics: ${line}`);
  }
  return [...drafts].map(([name, { bounds, ...rest }]) => ({ name, ...rest, bounds: [...bounds] }));
}

/** The lines of a histogram or summary have names of their own. */
function familyOf(series: string, known: ReadonlyMap<string, unknown>): string {
  const family = series.replace(/_(?:bucket|sum|count)$/, '');
  return known.has(series) || !known.has(family) ? series : family;
}

function addSeries(draft: Draft, labels: string): void {
  draft.series += 1;
  for (const [, label = '', value = ''] of labels.matchAll(LABEL)) {
    if (label === 'le' || label === 'quantile') draft.bounds.add(value);
    else if (label !== 'service') draft.labels.set(label, (draft.labels.get(label) ?? new Set()).add(value));
  }
}
