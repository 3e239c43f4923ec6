import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRules } from '@granary/monitoring';
import { figure, inAnHour, lines, percentiles, rate, table, type Dashboard } from './dashboard.ts';
import { dashboards } from './dashboards.ts';
import { alertsOf, render } from './render.ts';

const ROOT = join(__dirname, '..', '..', '..');

it.each(dashboards)('$name is what is committed; npm run generate writes it', ({ name, json }) => {
  expect(readFileSync(join(ROOT, 'deploy', 'grafana', 'dashboards', name), 'utf8')).toBe(json);
});

it.each(dashboards)('$name says of each panel what it shows, in which unit, and has an address of its own', ({ dashboard }) => {
  const panels = dashboard.rows.flatMap((row) => row.panels);
  expect(panels.filter(({ description, queries }) => description.length < 10 || queries.length === 0)).toEqual([]);
  const inOneRow = dashboard.rows.map(({ title, panels: of }) => [title, new Set(of.map((panel) => panel.title)).size === of.length]);
  expect(inOneRow.filter(([, differ]) => !differ)).toEqual([]);
});

it.each(dashboards)('$name links runbooks of alerts that there are', ({ dashboard }) => {
  const alerts = readRules(join(ROOT, 'deploy', 'prometheus', 'rules')).flatMap(({ yaml }) => [...yaml.matchAll(/alert: (\w+)/g)].map(([, alert]) => alert));
  expect(alertsOf(dashboard).filter((alert) => !alerts.includes(alert))).toEqual([]);
});

it('has dashboards of different names and addresses', () => {
  expect(new Set(dashboards.flatMap(({ dashboard: { uid, title } }) => [uid, title])).size).toBe(2 * dashboards.length);
});

describe('queries', () => {
  it('are of what happens in a second or in an hour', () => {
    expect(rate('a_total{x="1"}', 'b')).toBe('sum by (b) (rate(a_total{x="1"}[$__rate_interval]))');
    expect(inAnHour('a_total')).toBe('sum (increase(a_total[1h]))');
  });

  it('are of the middle and the tail of a histogram', () => {
    expect(percentiles('a_seconds', '{x="1"}', 'b')).toEqual([
      { promql: 'histogram_quantile(0.50, sum by (le, b) (rate(a_seconds_bucket{x="1"}[$__rate_interval])))', legend: 'p50 {{b}}' },
      expect.objectContaining({ legend: 'p95 {{b}}' }),
      expect.objectContaining({ legend: 'p99 {{b}}' }),
    ]);
    expect(percentiles('a_seconds', '').map(({ legend }) => legend)).toEqual(['p50', 'p95', 'p99']);
  });
});

describe('a dashboard in Grafana’s notation', () => {
  const example: Dashboard = {
    uid: 'u', title: 'T', description: 'd', byService: true,
    rows: [
      { title: 'one', panels: [lines({ title: 'a', description: 'x', unit: 's', width: 12, limits: [[2, 'red']], alerts: ['RequestsSlow'], queries: [{ promql: 'a', legend: '{{b}}' }, { promql: 'b' }] }), figure({ title: 'b', description: 'x', unit: 'short', queries: [{ promql: 'c' }] }), lines({ title: 'c', description: 'x', unit: 's', width: 10, queries: [{ promql: 'd' }] })] },
      { title: 'two', panels: [table({ title: 'e', description: 'x', unit: 'none', queries: [{ promql: 'ALERTS' }] })] },
    ],
  };
  const { panels, templating, schemaVersion } = render(example) as { schemaVersion: number; panels: { id: number; type: string; gridPos: object; targets: object[] }[]; templating: { list: { name: string }[] } };

  it('places panels beside each other as far as there is room', () => {
    expect(panels.map(({ id, type, gridPos }) => [id, type, gridPos])).toEqual([
      [1, 'row', { x: 0, y: 0, w: 24, h: 1 }],
      [2, 'timeseries', { x: 0, y: 1, w: 12, h: 8 }],
      [3, 'stat', { x: 12, y: 1, w: 4, h: 4 }],
      [4, 'timeseries', { x: 0, y: 9, w: 10, h: 8 }],
      [5, 'row', { x: 0, y: 17, w: 24, h: 1 }],
      [6, 'table', { x: 0, y: 18, w: 12, h: 8 }],
    ]);
  });

  it('leaves the choice of Prometheus, of the runbooks’ place and of services to who looks at it', () => {
    expect(templating.list.map(({ name }) => name)).toEqual(['datasource', 'runbooks', 'service']);
    expect(schemaVersion).toBeGreaterThanOrEqual(39);
    expect(panels[1]).toMatchObject({
      datasource: { type: 'prometheus', uid: '${datasource}' },
      description: 'x\n\nRunbook: [RequestsSlow](${runbooks}/RequestsSlow.md)',
      links: [{ url: '${runbooks}/RequestsSlow.md' }],
      fieldConfig: { defaults: { unit: 's', thresholds: { steps: [{ color: 'green', value: null }, { color: 'red', value: 2 }] } } },
      targets: [{ refId: 'A', expr: 'a', legendFormat: '{{b}}', range: true }, { refId: 'B', expr: 'b', legendFormat: '__auto' }],
    });
    expect(panels[5]?.targets).toEqual([expect.objectContaining({ instant: true, range: false, format: 'table' })]);
  });
});
