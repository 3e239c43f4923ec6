// What the dashboards ask Prometheus, as Grafana would ask it.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Asked {
  /** `operations: Held`. */
  readonly where: string;
  readonly promql: string;
}

interface DashboardFile {
  readonly panels: readonly { readonly type: string; readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr?: string }[] };
}

const FOLDER = join(__dirname, '..', '..', 'deploy', 'grafana', 'dashboards');

/** Every query of every dashboard, of all services and with `window` for the time that Grafana would take. */
export function dashboardQueries(window: string): Asked[] {
  return globSync('*.json', { cwd: FOLDER }).sort().flatMap((file) => {
    const { panels, annotations } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as DashboardFile;
    const asked = (title: string, expr: string): Asked => ({ where: `${basename(file, '.json')}: ${title}`, promql: expr.replaceAll('$__rate_interval', window).replaceAll('$service', '.*') });
    return [
      ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => asked(title, expr))),
      ...annotations.list.flatMap(({ name, expr }) => (expr === undefined ? [] : [asked(name, expr)])),
    ];
  });
}

/** The metrics that a query names: what is neither a label, nor a function, nor a keyword. */
export function metricsIn(promql: string): string[] {
  const plain = promql.replace(/"[^"]*"/g, '').replace(/\{[^}]*\}/g, '').replace(/\b(by|on|ignoring|without|group_left|group_right)\s*\([^)]*\)/g, '').replace(/\[[^\]]*\]/g, '');
  return [...new Set(plain.match(/\b(?:granary|process|nodejs|scrape|up|ALERTS)[a-z0-9_:]*\b/g) ?? [])];
}
