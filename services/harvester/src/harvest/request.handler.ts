import type { Job } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { Cause, UnitOfWork } from '@granary/messaging';
import { currentContext, injectTraceparent, writeBaggage } from '@granary/observability';
import type { JobEntity } from '../store/job.entity';
import type { JobStore } from '../store/job.store';
import type { RepositoryEntity } from '../store/repository.entity';

export interface RequestDeps {
  readonly jobs: JobStore;
  readonly now: () => Date;
  readonly newId: () => string;
}

export interface Requested {
  readonly jobId: string;
  readonly correlationId: string;
}

export interface HarvestRequest {
  readonly repository: Pick<RepositoryEntity, 'repositoryId' | 'tenant' | 'name'>;
  readonly reason: Job['reason'];
  readonly cause: Cause;
  /** The event of this transaction that is the reason, if one is. */
  readonly causedBy?: string | undefined;
}

/**
 * Asks for a harvest inside a transaction. A job that already waits will harvest the newest commit anyway, so whoever
 * asks meanwhile gets that one; while one runs, which may have read its commit already, a new one is made.
 */
export async function requestHarvest(
  { jobs, now, newId }: RequestDeps,
  unit: UnitOfWork,
  { repository, reason, cause, causedBy }: HarvestRequest,
): Promise<Requested> {
  const { repositoryId } = repository;
  const job = newJob(newId(), repository, reason, cause.correlationId, now());
  // The job that is in the way may be taken between the two statements; then there is room for a new one.
  for (let tries = 0; tries < 5; tries += 1) {
    if (await jobs.add(unit.manager, job)) {
      const lastEventId = unit.announce({ type: 'harvest.requested.v1', key: repositoryId, data: { jobId: job.jobId, repositoryId, reason }, ...(causedBy === undefined ? {} : { causationId: causedBy }) });
      await jobs.save(unit.manager, job.jobId, { lastEventId });
      return { jobId: job.jobId, correlationId: job.correlationId };
    }
    const waiting = await jobs.waiting(unit.manager, repositoryId);
    if (waiting) return { jobId: waiting.jobId, correlationId: waiting.correlationId };
  }
  throw Fault.transient('busy', `the harvests of ${repository.name} change too quickly to add one: try again`);
}

function newJob(jobId: string, { repositoryId, tenant, name }: Pick<RepositoryEntity, 'repositoryId' | 'tenant' | 'name'>, reason: Job['reason'], correlationId: string, now: Date): JobEntity {
  return {
    jobId,
    tenant,
    repositoryId,
    name,
    state: 'pending',
    reason,
    correlationId,
    traceparent: injectTraceparent() ?? null,
    baggage: writeBaggage(currentContext()) ?? null,
    lastEventId: jobId,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    attempts: 0,
    notBefore: now,
    leaseOwner: null,
    leaseUntil: null,
    commit: null,
    tier: null,
    progress: { done: 0, total: 0 },
    stages: [],
    counts: null,
    error: null,
  };
}
