import type { Job } from '@granary/contracts';
import type { UnitOfWork } from '@granary/messaging';
import { closeStages } from '../harvest/stages';
import type { JobEntity } from '../store/job.entity';
import type { JobStore } from '../store/job.store';

export interface CancelDeps {
  readonly jobs: JobStore;
  readonly now: () => Date;
  /** Ends the work on a job in this process, if it is here. Other processes notice with their next beat. */
  readonly abort: (jobId: string) => void;
}

type Stage = 'pending' | 'fetching' | 'scanning' | 'parsing' | 'storing';

export const isOpen = (state: Job['state']): state is Stage => state === 'pending' || state === 'fetching' || state === 'scanning' || state === 'parsing' || state === 'storing';

/** Cancels a job that was locked while open. It has ended with the commit, whoever works on it. */
export async function cancelJob({ jobs, now }: CancelDeps, unit: UnitOfWork, job: JobEntity): Promise<void> {
  if (!isOpen(job.state)) return;
  const { jobId, repositoryId, state: stage } = job;
  const lastEventId = unit.announce({ type: 'harvest.cancelled.v1', key: repositoryId, data: { jobId, repositoryId, stage } });
  const finishedAt = now();
  await jobs.save(unit.manager, jobId, { state: 'cancelled', finishedAt, leaseOwner: null, leaseUntil: null, stages: closeStages(job.stages, finishedAt), lastEventId });
}

/** Cancels every job of a repository that has not ended, and answers which ones. */
export async function cancelOpenJobs(deps: CancelDeps, unit: UnitOfWork, repositoryId: string): Promise<string[]> {
  const open = await deps.jobs.open(unit.manager, repositoryId);
  for (const job of open) await cancelJob(deps, unit, job);
  return open.map((job) => job.jobId);
}
