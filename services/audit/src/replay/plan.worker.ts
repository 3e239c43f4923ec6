import type { ReplayPlan } from '@granary/contracts';
import type { Logger } from '@granary/observability';
import type { Task } from '@granary/service-host';
import type { ReplayStore } from '../store/replay.store';
import type { SearchStore } from '../store/search.store';
import type { ReplayMeters } from '../watch/replay-metrics';
import type { ArtifactOwners } from './artifact-owners.client';
import { addressOf, type Ending } from './end.handler';
import type { StoredJob } from './job';
import { filterOf } from './selection';
import { createTally } from './tally';

export interface PlannerOptions {
  replays: ReplayStore;
  search: SearchStore;
  owners: () => ArtifactOwners;
  ending: Ending;
  meters: ReplayMeters;
  log: Logger;
  now: () => Date;
  everyMs?: number;
}

export interface Planner extends Task {
  /** There is a job to plan. */
  wake(): void;
}

/** A planner that stands still for so long has its job taken by another. */
const CLAIM_MS = 30_000;
const PAGE = 500;
/** A job ends after this time: consumers remember for a day longer what of it they have handled. */
const LONGEST_MS = 14 * 86_400_000;

/** Makes the dry runs of replays, one at a time in each replica, and ends what runs for too long. */
export function createPlanner({ replays, search, owners, ending, meters, log, now, everyMs = 2_000 }: PlannerOptions): Planner {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> | null = null;
  let again = false;
  let stopped = false;

  const look = async (): Promise<void> => {
    for (let job = await replays.claim(now(), CLAIM_MS); job !== null && !stopped; job = await replays.claim(now(), CLAIM_MS)) await planJob(job);
    for (const { jobId } of await replays.startedBefore(new Date(now().getTime() - LONGEST_MS))) {
      await ending.fail(jobId, 'took-too-long', 'the replay was started 14 days ago and is not through; plan the rest anew, from the time or for the keys that are missing');
    }
    meters.open(await replays.countByState());
  };
  const wake = (): void => {
    again = true;
    if (stopped) return;
    underWay ??= (async () => {
      while (again && !stopped) {
        again = false;
        await look().catch((error: unknown) => log.warn({ err: error }, 'replays could not be planned; it is tried again'));
      }
    })().finally(() => (underWay = null));
  };

  /** Walks through everything that matches. What was counted before an interruption is counted anew. */
  async function planJob(job: StoredJob): Promise<void> {
    const { jobId, selection, through, groups } = job;
    const tally = createTally(groups);
    const artifacts = owners();
    const filter = { ...filterOf(selection), before: { epoch: through.epoch, sequence: through.sequence + 1 }, order: 'asc' as const, limit: PAGE };
    const read = (after: { epoch: number; sequence: number }) => (selection.tenant === null ? search.pageAcross({ ...filter, after }) : search.page(selection.tenant, { ...filter, after }));
    let claimedAt = now().getTime();
    for (let after: { epoch: number; sequence: number } | null = { epoch: 0, sequence: 0 }; after !== null; ) {
      const page: Awaited<ReturnType<typeof read>> = await read(after);
      await artifacts.ask(page.messages.flatMap((message) => tally.add(message)));
      after = page.next;
      if (stopped) return;
      if (now().getTime() - claimedAt < CLAIM_MS / 6) continue;
      if (!(await replays.keepClaim(jobId, now(), CLAIM_MS))) return;
      claimedAt = now().getTime();
    }
    await settle(job, { ...tally.plan(), artifacts: await artifacts.found() }, tally.totals());
  }

  async function settle(job: StoredJob, plan: ReplayPlan, totals: readonly number[]): Promise<void> {
    const { jobId, tenant, consumer, selection, reason, rate, by, correlationId } = job;
    await replays.transactAcross({ tenant, correlationId }, async (unit) => {
      if (!(await replays.planned(unit, jobId, plan, totals))) return;
      unit.announce({ type: 'replay.planned.v1', ...addressOf(job), data: { jobId, consumer, selection, reason, rate, by, plan } });
    });
    log.info({ jobId, consumer, events: plan.events, invalid: plan.invalid.count, gone: plan.artifacts.gone }, 'replay planned');
  }

  return {
    name: 'replay planner',
    wake,
    async start() {
      timer = setInterval(wake, everyMs);
      wake();
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await underWay;
    },
  };
}
