import type { Counts, TierShare } from '@granary/extract';
import type { UnitOfWork } from '@granary/messaging';
import type { JobEntity } from '../store/job.entity';
import type { Durations, StageName } from './stages';

/** How a harvest speaks to the job that it is. Every write fails when the job is not this process's any more. */
export interface JobRun {
  readonly job: JobEntity;
  /** Aborted when the job was cancelled, taken over, or the service stops. */
  readonly signal: AbortSignal;
  /** Enters a stage, together with whatever else is to be written then. */
  enter(stage: StageName, change?: Partial<JobEntity>, also?: (unit: UnitOfWork) => Promise<void>): Promise<void>;
  progress(done: number, total: number): void;
  /** Ends the job, together with what it brought. */
  end(state: 'completed' | 'blocked', change: Partial<JobEntity>, also: (unit: UnitOfWork, durations: Durations) => Promise<void>): Promise<void>;
}

/** How a harvest ended. */
export interface Harvested {
  readonly state: 'completed' | 'blocked';
  readonly counts: Counts;
  readonly tiers: readonly TierShare[];
}
