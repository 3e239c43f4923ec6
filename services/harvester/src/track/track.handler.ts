import type { HarvesterHarvestRequestAllRequest, HarvesterHarvestRequestAllResponse, HarvesterHarvestRequestRequest, HarvesterHarvestRequestResponse, HarvesterJobCancelRequest, HarvesterJobCancelResponse, HarvesterJobListRequest, HarvesterJobListResponse, HarvesterJobShowRequest, HarvesterJobShowResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { isAmong, pageOf, readPage } from '@granary/messaging';
import type { Cause, RpcContext, UnitOfWork } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Database } from '@granary/persistence';
import { requestHarvest } from '../harvest/request.handler';
import type { RequestDeps } from '../harvest/request.handler';
import { asRepository } from '../register/as-repository';
import { findRepository } from '../register/register.handler';
import type { JobEntity } from '../store/job.entity';
import type { JobStore } from '../store/job.store';
import type { RepositoryEntity } from '../store/repository.entity';
import type { RepositoryStore } from '../store/repository.store';
import { asJob } from './as-job';
import type { CancelDeps } from './cancel.handler';
import { cancelJob, isOpen } from './cancel.handler';

export interface TrackDeps extends RequestDeps, CancelDeps {
  readonly database: Database;
  readonly repositories: RepositoryStore;
  readonly log: Logger;
  readonly onCancelled: () => void;
  readonly wake: () => void;
}

export const requestNow = (deps: TrackDeps) => async (request: HarvesterHarvestRequestRequest, context: RpcContext): Promise<HarvesterHarvestRequestResponse> => {
  const { repositoryId } = await findRepository(deps.repositories, context, request.repository);
  const requested = await deps.database.transact(context, async (unit) => {
    const repository = await deps.repositories.lock(unit.manager, repositoryId);
    if (!repository) throw Fault.permanent('repository-not-found', `'${request.repository.slice(0, 200)}' has just been removed`);
    return requestHarvest(deps, unit, { repository, reason: 'manual', cause: context });
  });
  deps.wake();
  return { ...requested, repository: asRepository(await deps.repositories.get(context.tenant, repositoryId)) };
};

// Rows locked at once. Many transactions let polls and harvests of the same repositories come in between.
const AT_ONCE = 50;

/** Asks for a harvest of every repository of the tenant that the caller may have harvested. All the jobs carry one correlation id; tenants and repositories take turns as they run. */
export const requestAll = (deps: TrackDeps) => async (_request: HarvesterHarvestRequestAllRequest, context: RpcContext): Promise<HarvesterHarvestRequestAllResponse> => {
  let requested = 0;
  for (let after = '', more = true; more; ) {
    const page = await deps.repositories.list(context.tenant, context.repositories, after, AT_ONCE);
    requested += await deps.database.transact(context, (unit) => requestEach(deps, unit, page, context));
    deps.wake();
    more = page.length === AT_ONCE;
    after = page.at(-1)?.name ?? after;
  }
  deps.log.info({ requested }, 'a harvest of every repository was asked for');
  return { requested, correlationId: context.correlationId };
};

/** @returns how many of them have not been removed meanwhile */
async function requestEach(deps: TrackDeps, unit: UnitOfWork, repositories: readonly RepositoryEntity[], cause: Cause): Promise<number> {
  let requested = 0;
  // Everybody who locks several repositories does so in this order.
  for (const { repositoryId } of repositories.toSorted((a, b) => (a.repositoryId < b.repositoryId ? -1 : 1))) {
    const repository = await deps.repositories.lock(unit.manager, repositoryId);
    if (!repository) continue;
    await requestHarvest(deps, unit, { repository, reason: 'manual', cause });
    requested += 1;
  }
  return requested;
}

export const listJobs = ({ jobs, repositories }: Pick<TrackDeps, 'jobs' | 'repositories'>) => async (request: HarvesterJobListRequest, context: RpcContext): Promise<HarvesterJobListResponse> => {
  const { limit, after } = readPage(request, UUID);
  const repository = request.repository === undefined ? null : await findRepository(repositories, context, request.repository);
  const filter = { among: repository ? new Set([repository.repositoryId]) : context.repositories, ...(request.state && { state: request.state }) };
  const page = pageOf(await jobs.list(context.tenant, filter, after, limit + 1), limit, (job) => job.jobId);
  return { jobs: page.rows.map(asJob), next: page.next };
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const showJob = ({ jobs }: Pick<TrackDeps, 'jobs'>) => async ({ jobId }: HarvesterJobShowRequest, context: RpcContext): Promise<HarvesterJobShowResponse> => ({ job: asJob(await findJob(jobs, context, jobId)) });

async function findJob(jobs: JobStore, { tenant, repositories }: RpcContext, jobId: string): Promise<JobEntity> {
  const job = await jobs.find(tenant, jobId);
  return job !== null && isAmong(repositories, job.repositoryId) ? job : notFound(jobId);
}

/** Cancels a job in whatever state it is. Cancelling twice is fine; cancelling what has ended otherwise is not possible. */
export const cancelJobNow = (deps: TrackDeps) => async ({ jobId }: HarvesterJobCancelRequest, context: RpcContext): Promise<HarvesterJobCancelResponse> => {
  const known = await findJob(deps.jobs, context, jobId);
  const cause = { tenant: context.tenant, correlationId: known.correlationId, causationId: known.lastEventId };
  const before = await deps.database.transact(cause, async (unit) => {
    const job = (await deps.jobs.lock(unit.manager, context.tenant, jobId)) ?? notFound(jobId);
    if (!isOpen(job.state) && job.state !== 'cancelled') throw Fault.permanent('job-ended', `job ${jobId} is ${job.state} and cannot be cancelled any more`);
    await cancelJob(deps, unit, job);
    return job;
  });
  deps.abort(jobId);
  if (before.state !== 'cancelled') {
    deps.onCancelled();
    deps.log.info({ jobId, repositoryId: before.repositoryId, stage: before.state }, 'harvest cancelled');
  }
  return { job: asJob((await deps.jobs.find(context.tenant, jobId)) ?? notFound(jobId)) };
};

function notFound(jobId: string): JobEntity {
  throw Fault.permanent('job-not-found', `there is no job ${jobId}: 'granary jobs list' shows all of them`);
}
