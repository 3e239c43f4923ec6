import type { DeadAnnouncement, Held, Repository } from '@granary/contracts';
import type { PlatformPlace } from '../platform/place';
import { samplesOf, sumOf, type Sample } from '../status/metrics';
import type { ServiceReport } from '../status/service-report';

/** An answer, or why there is none. */
export type Answered<T> = { state: 'answered'; value: T } | { state: 'failed'; why: string; code?: string };

/** A replica of a service, and all that it said of itself. */
export interface ServiceVitals {
  report: ServiceReport;
  /** The body of `/health/status`, null when there was none. */
  status: Readonly<Record<string, unknown>> | null;
  /** The text of `/metrics`, null when there was none. */
  metrics: string | null;
  /** Milliseconds by which its clock is ahead of this machine's, give or take `uncertain`; null when it did not say. */
  clock: { aheadMs: number; uncertainMs: number } | null;
  /** The last error in its log, where that lies on this machine. */
  lastError: { time: string; message: string } | null;
}

/** The stream and its consumers, as the broker's monitoring tells of them. */
export interface BrokerReport {
  version: string | null;
  clock: { aheadMs: number; uncertainMs: number } | null;
  stream: { messages: number; lastSequence: number } | null;
  consumers: readonly { name: string; /** Not delivered, or delivered and not acknowledged. */ pending: number; /** Somebody asks for its events. */ attended: boolean }[];
}

/** From when on something is worth a warning. */
export interface Limits {
  diskBytes: number;
  skewMs: number;
  lagEvents: number;
}

export const DEFAULT_LIMITS: Limits = { diskBytes: 2_000_000_000, skewMs: 2_000, lagEvents: 1_000 };

/** Everything that `doctor` looked at. */
export interface Evidence {
  now: Date;
  limits: Limits;
  place: PlatformPlace;
  git: string | null;
  disk: { folder: string; free: number; total: number };
  memory: { free: number; total: number };
  /** Null when nothing runs. */
  platform: RunningEvidence | null;
}

export interface RunningEvidence {
  /** Names of processes of this machine that should run and do not, of how many; null for a platform of elsewhere. */
  processes: { total: number; missing: readonly string[]; halted: readonly string[] } | null;
  services: readonly ServiceVitals[];
  broker: Answered<{ roundTripMs: number }>;
  /** Null when it is not known where the broker is monitored. */
  monitor: Answered<BrokerReport> | null;
  /** Null when it is not known where the database is. */
  database: Answered<null> | null;
  held: Answered<readonly Held[]>;
  dead: Answered<readonly ({ service: string } & DeadAnnouncement)[]>;
  repositories: Answered<readonly Repository[]>;
  /** The time of the newest event in the log, null when there is none. */
  newest: Answered<string | null>;
}

/** Whether a service answers. */
export const answers = ({ report }: ServiceVitals): boolean => report.health !== 'away';

/** The samples of a metric over all replicas of all services that answer. */
export function samples(services: readonly ServiceVitals[], name: string): (Sample & { service: string })[] {
  return services.flatMap(({ report, metrics }) => (metrics === null ? [] : samplesOf(metrics, name).map((sample) => ({ ...sample, service: report.service }))));
}

/** The sum of a metric over all replicas of a service; null when none of them has it. */
export function sumOver(services: readonly ServiceVitals[], name: string): number | null {
  const sums = services.flatMap(({ metrics }) => (metrics === null ? [] : [sumOf(metrics, name)])).filter((sum) => sum !== null);
  return sums.length === 0 ? null : sums.reduce((all, sum) => all + sum, 0);
}

/** The replicas by service. */
export function byService(services: readonly ServiceVitals[]): Map<string, ServiceVitals[]> {
  return Map.groupBy(services, ({ report }) => report.service);
}

/** What a check of `/health/status` saw besides its state; nothing when the service did not say. */
export function factsOf(service: ServiceVitals, check: string): Readonly<Record<string, unknown>> {
  const facts = healthCheckOf(service, check)?.['facts'];
  return typeof facts === 'object' && facts !== null ? (facts as Record<string, unknown>) : {};
}

/** One check of `/health/status`; null when the service has none of that name, or did not say. */
export function healthCheckOf({ status }: ServiceVitals, name: string): Readonly<Record<string, unknown>> | null {
  const checks: unknown = status?.['checks'];
  const found: unknown = Array.isArray(checks) ? checks.find((one: unknown) => typeof one === 'object' && one !== null && 'name' in one && one.name === name) : null;
  return typeof found === 'object' ? (found as Record<string, unknown> | null) : null;
}

/** Names for a sentence: `auth, audit and 5 more`. */
export function listed(names: readonly string[], most = 4): string {
  if (names.length <= most + 1) return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}
