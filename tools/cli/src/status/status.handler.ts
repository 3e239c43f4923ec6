import type { Client } from '@granary/client';
import { listAll } from '../held/held.handler';
import { runningPlatform } from '../platform/place';
import type { Call, CommandSpec } from '../shell/command';
import { collectPages } from '../shell/pages';
import { describeProblem } from '../shell/problem';
import { reportServices } from './service-report.client';
import { allWell, renderStatus, statusOf, type StatusInput } from './status';

const MOST_JOBS = 1_000;
const MOST_HELD = 1_000;

export const status: CommandSpec = {
  name: 'status',
  summary: 'show the services, the event log, jobs by state and held events',
  details: 'Exit code 0 when every service is ready and healthy, 1 when one is not. For what to do about it, see `granary doctor`.',
  examples: ['status', 'status --json'],
  async run(call) {
    const place = call.place();
    const platform = runningPlatform(place);
    const [services, answers] = await Promise.all([reportServices(platform), askServices(call)]);
    const found = statusOf({ folder: place.folder, platform, services, ...answers });
    return { data: found, text: renderStatus(found, call.shell.now(), call.style), outcome: allWell(found) ? 'ok' : 'failed' };
  },
};

async function askServices(call: Call): Promise<Pick<StatusInput, 'log' | 'jobs' | 'held' | 'problems'>> {
  const problems: string[] = [];
  const orNull = <R>(answer: Promise<R>): Promise<R | null> => answer.catch((error: unknown) => {
    problems.push(describeProblem(error).message);
    return null;
  });
  const rpc = await orNull(call.client());
  if (rpc === null) return { log: null, jobs: null, held: null, problems };
  const [log, jobs, held] = await Promise.all([orNull(rpc.call('audit.log.status', {})), orNull(newestJobs(rpc)), orNull(listAll(call, {}, MOST_HELD))]);
  problems.push(...(held?.unreachable ?? []).map(({ message }) => message));
  return { log, jobs, held: held?.held ?? null, problems };
}

function newestJobs(rpc: Client): Promise<NonNullable<StatusInput['jobs']>> {
  return collectPages(MOST_JOBS, async (limit, cursor) => {
    const page = await rpc.call('harvester.job.list', { limit, ...cursor });
    return { items: page.jobs, next: page.next };
  });
}
