import type { AuditLogStatusResponse, Held, Job } from '@granary/contracts';
import { JOB_STATES } from '../jobs/jobs';
import type { ReachablePlatform } from '../platform/place';
import { formatAgo, formatCount } from '../shell/format';
import { formatPosition } from '../shell/input';
import { printable, type Style } from '../shell/style';
import { renderFacts } from '../shell/table';
import { isWell, renderServices, type ServiceReport } from './service-report';

/** The state of a platform, as --json prints it. What could not be asked is null, and `problems` says why. */
export interface Status {
  folder: string;
  /** Null for a platform that runs elsewhere. */
  pid: number | null;
  startedAt: string | null;
  services: ServiceReport[];
  log: AuditLogStatusResponse | null;
  /** The newest jobs by state, and whether there are older ones that were not counted. */
  jobs: { byState: Partial<Record<Job['state'], number>>; more: boolean } | null;
  held: Record<Held['state'], number> | null;
  problems: string[];
}

export interface StatusInput {
  folder: string;
  platform: ReachablePlatform;
  services: ServiceReport[];
  log: AuditLogStatusResponse | null;
  jobs: { items: readonly Job[]; more: boolean } | null;
  held: readonly Held[] | null;
  problems: string[];
}

/** Everything that was asked, counted. */
export function statusOf({ folder, platform, services, log, jobs, held, problems }: StatusInput): Status {
  return {
    folder,
    pid: platform.pid,
    startedAt: platform.startedAt,
    services,
    log,
    jobs: jobs && { byState: countBy(jobs.items.map(({ state }) => state)), more: jobs.more },
    held: held && { held: 0, waiting: 0, dead: 0, ...countBy(held.map(({ state }) => state)) },
    problems,
  };
}

/** Whether all services are well and everything could be asked. */
export function allWell({ services, problems }: Status): boolean {
  return problems.length === 0 && services.every(isWell);
}

/** The state of a platform, for people. */
export function renderStatus(status: Status, now: Date, style: Style): string {
  const { folder, pid, startedAt, log, jobs, held } = status;
  const facts = renderFacts([
    ['platform', pid === null ? 'elsewhere, as GRANARY_SERVICES says' : `process ${pid}, started ${formatAgo(startedAt, now)}, data in ${folder}`],
    ['event log', log && `${formatCount(log.rows)} events up to ${formatPosition(log)}${log.lag > 0 ? style.warn(`, ${formatCount(log.lag)} behind the stream`) : ''}`],
    ['jobs', jobs && jobLine(jobs)],
    ['held events', held && heldLine(held, style)],
  ], style);
  const problems = status.problems.map((problem) => style.bad(printable(problem)));
  return [renderServices(status.services, style), facts, ...(problems.length > 0 ? [problems.join('\n')] : [])].join('\n\n');
}

function jobLine({ byState, more }: NonNullable<Status['jobs']>): string {
  const parts = JOB_STATES.flatMap((state) => (byState[state] === undefined ? [] : [`${formatCount(byState[state])} ${state}`]));
  return parts.length === 0 ? 'none yet' : `${parts.join(', ')}${more ? ' (of the newest ones)' : ''}`;
}

function heldLine({ held, waiting, dead }: NonNullable<Status['held']>, style: Style): string {
  if (held + waiting + dead === 0) return 'none';
  return `${held} held, ${waiting} waiting, ${dead > 0 ? style.bad(`${dead} dead`) : '0 dead'}`;
}

function countBy<K extends string>(words: readonly K[]): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
