import { formatCount, formatDuration } from '../shell/format';
import type { Style } from '../shell/style';
import { type Column, renderTable } from '../shell/table';
import { sumOf } from './metrics';

/** A dependency that is not as it should be, in a service's own words. */
export interface Complaint {
  check: string;
  critical: boolean;
  detail: string;
}

/** How a service does. */
export interface ServiceReport {
  /** The name of the service; that of a further replica has its address, too: `audit@10.0.0.7:8080`. */
  name: string;
  /** The service that it is a replica of. */
  service: string;
  pid: number | null;
  restarts: number;
  /** `away`: it does not answer. */
  health: 'healthy' | 'degraded' | 'unhealthy' | 'away';
  /** Where it is in its life: starting, ready, stopping; null when it is away. */
  phase: string | null;
  version: string | null;
  uptimeSeconds: number | null;
  /** Events that wait for its consumers; null when it has none. */
  pending: number | null;
  /** Its own events that wait for publication, and those that were refused for good. */
  outbox: { waiting: number; dead: number } | null;
  complaints: Complaint[];
}

/** What is known of a service before it is asked. */
export type ServiceFacts = Pick<ServiceReport, 'name' | 'pid' | 'restarts'>;

/** The report on a service from the bodies of its `/health/status` and `/metrics`; null bodies are those of a service that does not answer. */
export function reportOf(facts: ServiceFacts, status: unknown, metrics: string | null): ServiceReport {
  const body = asObject(status);
  const health = body['status'];
  return {
    ...facts,
    service: facts.name.split('@')[0] ?? facts.name,
    health: health === 'healthy' || health === 'degraded' || health === 'unhealthy' ? health : 'away',
    phase: textOf(asObject(body['phase'])['state']),
    version: textOf(body['version']),
    uptimeSeconds: typeof body['uptimeSeconds'] === 'number' ? body['uptimeSeconds'] : null,
    pending: metrics === null ? null : sumOf(metrics, 'granary_consumer_pending'),
    outbox: metrics === null ? null : outboxOf(metrics),
    complaints: Array.isArray(body['checks']) ? body['checks'].map(asObject).flatMap(complaintOf) : [],
  };
}

/** Whether a service wants work and lacks nothing. */
export function isWell({ health, phase }: ServiceReport): boolean {
  return health === 'healthy' && phase === 'ready';
}

/** The services as a table. */
export function renderServices(services: readonly ServiceReport[], style: Style): string {
  const columns: Column<ServiceReport>[] = [
    { title: 'service', value: ({ name }) => name, paint: style.bold },
    { title: 'state', value: ({ health, phase }) => (health === 'away' ? 'away' : `${phase}, ${health}`), paint: (text, report) => paintHealth(text, report, style) },
    { title: 'version', value: ({ version }) => version },
    { title: 'up', value: ({ uptimeSeconds }) => (uptimeSeconds === null ? null : formatDuration(uptimeSeconds * 1000)), align: 'right' },
    { title: 'restarts', value: ({ restarts }) => restarts, align: 'right', paint: (text, { restarts }) => (restarts > 0 ? style.warn(text) : text) },
    { title: 'lag', value: ({ pending }) => (pending === null ? null : formatCount(pending)), align: 'right' },
    { title: 'outbox', value: ({ outbox }) => (outbox === null ? null : `${formatCount(outbox.waiting)}${outbox.dead > 0 ? ` (${outbox.dead} dead)` : ''}`), align: 'right' },
    { title: 'pid', value: ({ pid }) => pid, align: 'right' },
    { title: 'complaints', value: ({ complaints }) => complaints.map(({ check, detail }) => `${check}: ${detail}`).join('; ') },
  ];
  return renderTable(services, columns, style, 'No services.');
}

function complaintOf(check: Record<string, unknown>): Complaint[] {
  const state = textOf(check['state']);
  if (state === null || state === 'healthy') return [];
  return [{ check: textOf(check['name']) ?? 'unnamed', critical: check['critical'] === true, detail: textOf(check['detail']) ?? state }];
}

function outboxOf(metrics: string): ServiceReport['outbox'] {
  const waiting = sumOf(metrics, 'granary_outbox_waiting');
  return waiting === null ? null : { waiting, dead: sumOf(metrics, 'granary_outbox_dead') ?? 0 };
}

function paintHealth(text: string, report: ServiceReport, style: Style): string {
  if (isWell(report)) return style.good(text);
  return report.health === 'away' || report.health === 'unhealthy' ? style.bad(text) : style.warn(text);
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
