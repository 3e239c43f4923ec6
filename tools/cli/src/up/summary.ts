import type { FindingCounts } from '@granary/contracts';
import type { Administrator, PlatformFile } from '@granary/embedded';
import type { MonitoringFile } from '@granary/monitoring';
import { type Findings, renderFindings } from '../harvest/findings';
import { formatDuration } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { renderFacts } from '../shell/table';

/** What `up` found, as --json prints it. */
export interface UpResult extends Findings {
  /** From the start to all services ready. */
  readyMs: number;
  addresses: Addresses;
}

export interface Addresses {
  /** The HTTP API, and the page that describes it. */
  api: { url: string; docs: string } | null;
  services: Record<string, { health: string; metrics: string }>;
  nats: string;
  natsMonitor: string | null;
  postgres: string;
  /** Null when they do not run beside the platform. */
  monitoring: { prometheus: string; alertmanager: string } | null;
  platformFile: string;
  logs: string;
}

/** Where to look at a running platform. */
export function addressesOf({ services, nats, database }: PlatformFile, folder: { platform: string; logs: string }, monitoring: MonitoringFile | null): Addresses {
  const api = services['gateway']?.url;
  return {
    api: api === undefined ? null : { url: `${api}/v1`, docs: `${api}/docs` },
    services: Object.fromEntries(Object.entries(services).map(([name, { url }]) => [name, { health: `${url}/health/status`, metrics: `${url}/metrics` }])),
    nats: nats.url,
    natsMonitor: nats.monitorUrl,
    postgres: database.url,
    monitoring: monitoring && { prometheus: monitoring.prometheus.url, alertmanager: monitoring.alertmanager.url },
    platformFile: folder.platform,
    logs: folder.logs,
  };
}

/** What `up` found, where to look, and what to try next; the next commands only make sense while it keeps running. */
export function renderUp(result: UpResult, style: Style, keepsRunning: boolean): string {
  const found = `${renderFindings(result, style)}\n${style.dim(`  Granary was ready after ${formatDuration(result.readyMs)}.`)}`;
  return keepsRunning ? [found, renderAddresses(result.addresses, style), renderNext(result, style)].join('\n\n') : found;
}

/** Who can log in from now on; shown once. */
export function renderAdministrator({ tenant, name, password }: Administrator): string {
  return [`Granary has an administrator now, of the tenant ${tenant}. Keep the password: it is shown this once.`, `  name      ${name}`, `  password  ${password}`, 'On this machine commands need neither: the data folder has a key.'].join('\n');
}

/** Where to look, for people. */
export function renderAddresses({ api, services, nats, postgres, natsMonitor, monitoring, platformFile, logs }: Addresses, style: Style): string {
  const first = api === null ? [] : ([['HTTP API', api.url], ['its description', api.docs]] as const);
  const health = Object.entries(services).map(([name, { health }]) => [name, health] as const);
  const watched = monitoring === null ? [] : ([['prometheus', monitoring.prometheus], ['alertmanager', monitoring.alertmanager]] as const);
  const rest = [['nats', nats], ['nats monitor', natsMonitor], ['postgres', postgres], ...watched, ['credentials', platformFile], ['logs', logs]] as const;
  const note = style.dim('  Metrics of each service are at /metrics beside its /health.');
  return `${style.bold('Where to look')}\n${indent(renderFacts([...first, ...health, ...rest], style))}\n${note}`;
}

function renderNext({ repository, job, findings }: UpResult, style: Style): string {
  const name = printable(repository.name);
  const lines = [
    'npx granary status',
    `npx granary graph show ${name} --format mermaid`,
    `npx granary graph cycles ${name}`,
    ...(findings !== null && hasOpen(findings) ? [`npx granary secrets list ${name} --state open`] : []),
    ...(findings !== null && findings.aiCalls > 0 ? [`npx granary ai show ${name}`] : []),
    `npx granary events trace ${job.correlationId}`,
    'npx granary harvest <path or git URL> --wait',
  ];
  return `${style.bold('Try, in another terminal')}\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

function hasOpen({ secrets, personalData }: FindingCounts): boolean {
  return [secrets, personalData].some(({ high, medium, low }) => high + medium + low > 0);
}

function indent(text: string): string {
  return text.split('\n').map((line) => `  ${line}`).join('\n');
}
