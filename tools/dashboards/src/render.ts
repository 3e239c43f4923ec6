import type { Dashboard, Limit, Panel, Query } from './dashboard.ts';

// Grafana 12 writes 41; older files are brought up to date when they are read.
const SCHEMA_VERSION = 41;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };
const WHOLE_WIDTH = 24;
const HEIGHTS = { lines: 8, figure: 4, table: 8 } as const;

/** A dashboard in Grafana's notation (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/). */
export function render(dashboard: Dashboard): object {
  return {
    uid: dashboard.uid,
    title: dashboard.title,
    description: dashboard.description,
    tags: ['granary'],
    schemaVersion: SCHEMA_VERSION,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    timezone: 'browser',
    links: [{ type: 'dashboards', tags: ['granary'], title: 'Granary', asDropdown: true, includeVars: true, keepTime: true }],
    templating: { list: variables(dashboard) },
    annotations: { list: [builtIn, alertsThatFire] },
    panels: placed(dashboard),
  };
}

/** The alerts that a dashboard names, each once. */
export const alertsOf = ({ rows }: Dashboard): string[] => [...new Set(rows.flatMap(({ panels }) => panels.flatMap(({ alerts = [] }) => alerts)))];

const builtIn = { builtIn: 1, datasource: { type: 'grafana', uid: '-- Grafana --' }, enable: true, hide: true, iconColor: 'rgba(0, 211, 255, 1)', name: 'Annotations & Alerts', type: 'dashboard' };
const alertsThatFire = { datasource: DATASOURCE, enable: true, expr: 'ALERTS{alertstate="firing"}', iconColor: 'red', name: 'Alerts', titleFormat: '{{alertname}}', step: '60s' };

function variables({ byService }: Dashboard): object[] {
  const service = {
    name: 'service',
    label: 'Service',
    type: 'query',
    datasource: DATASOURCE,
    definition: 'label_values(up{job="granary"}, service)',
    query: { query: 'label_values(up{job="granary"}, service)', refId: 'service' },
    refresh: 2,
    sort: 1,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: ['All'], value: ['$__all'] },
  };
  return [
    { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', refresh: 1, current: {} },
    { name: 'runbooks', label: 'Runbooks at', type: 'textbox', query: 'docs/runbooks', current: { text: 'docs/runbooks', value: 'docs/runbooks' } },
    ...(byService ? [service] : []),
  ];
}

/** Rows below each other, the panels of a row beside each other as far as there is room. */
function placed({ rows }: Dashboard): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({ id: panels.length + 1, type: 'row', title: row.title, collapsed: false, gridPos: { x: 0, y: y++, w: WHOLE_WIDTH, h: 1 }, panels: [] });
    let [x, height] = [0, 0];
    for (const panel of row.panels) {
      const { width: w = 8, shape } = panel;
      const h = HEIGHTS[shape];
      if (x + w > WHOLE_WIDTH) [x, y, height] = [0, y + height, 0];
      panels.push({ id: panels.length + 1, gridPos: { x, y, w, h }, ...renderPanel(panel) });
      [x, height] = [x + w, Math.max(height, h)];
    }
    y += height;
  }
  return panels;
}

function renderPanel(panel: Panel): object {
  const { title, description, unit, alerts = [], queries, limits = [], base = 'green', shape } = panel;
  return {
    title,
    description: [description, ...alerts.map((alert) => `Runbook: [${alert}](\${runbooks}/${alert}.md)`)].join('\n\n'),
    datasource: DATASOURCE,
    links: alerts.map((alert) => ({ title: `Runbook ${alert}`, url: `\${runbooks}/${alert}.md`, targetBlank: true })),
    fieldConfig: {
      defaults: { unit, thresholds: { mode: 'absolute', steps: steps(limits, base) }, ...(shape === 'lines' ? { min: 0, custom: lineStyle(limits) } : { color: { mode: 'thresholds' } }) },
      overrides: [],
    },
    ...LOOKS[shape],
    targets: queries.map((query, at) => target(query, at, shape)),
  };
}

const steps = (limits: readonly Limit[], base: string) => [{ color: base, value: null }, ...limits.map(([value, color]) => ({ color, value }))];

const lineStyle = (limits: readonly Limit[]) => ({ drawStyle: 'line', lineWidth: 1, fillOpacity: 8, showPoints: 'never', spanNulls: false, thresholdsStyle: { mode: limits.length > 0 ? 'dashed' : 'off' } });

const LOOKS = {
  lines: { type: 'timeseries', options: { legend: { displayMode: 'list', placement: 'bottom', showLegend: true }, tooltip: { mode: 'multi', sort: 'desc' } } },
  figure: { type: 'stat', options: { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: 'value', graphMode: 'area', justifyMode: 'auto', textMode: 'auto', orientation: 'auto' } },
  table: { type: 'table', options: { showHeader: true, cellHeight: 'sm' } },
} as const;

function target({ promql, legend }: Query, at: number, shape: Panel['shape']): object {
  const isTable = shape === 'table';
  return { refId: String.fromCharCode(65 + at), datasource: DATASOURCE, editorMode: 'code', expr: promql, legendFormat: legend ?? '__auto', range: !isTable, instant: isTable, ...(isTable && { format: 'table' }) };
}
