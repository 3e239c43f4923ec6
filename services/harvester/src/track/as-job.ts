import type { Job } from '@granary/contracts';
import type { JobEntity } from '../store/job.entity';

/** A job as callers see it. */
export function asJob(job: JobEntity): Job {
  const { jobId, repositoryId, name, state, reason, correlationId, attempts, commit, tier, progress, stages, counts, error } = job;
  return {
    jobId,
    repositoryId,
    name,
    state,
    reason,
    correlationId,
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
    attempts,
    commit,
    tier,
    progress,
    stages,
    counts,
    error,
  };
}
