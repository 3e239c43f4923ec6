import type { ReplayJob, ReplayPlan, ReplaySelection } from '@granary/contracts';
import { waitingFor } from './waiting';

export type ReplayState = ReplayJob['state'];

/** A job as it is kept, with what its parts add up to. */
export interface StoredJob {
  readonly jobId: string;
  readonly tenant: string;
  readonly consumer: string;
  readonly groups: number;
  readonly selection: ReplaySelection;
  readonly reason: string;
  readonly rate: number | null;
  readonly by: string;
  readonly correlationId: string;
  readonly state: ReplayState;
  readonly through: { readonly epoch: number; readonly sequence: number };
  readonly plan: ReplayPlan | null;
  /** Events of each partition group; null until the dry run is through. */
  readonly totals: readonly number[] | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly parts: readonly { readonly group: number; readonly done: boolean; readonly askedAt: Date | null; readonly handled: number; readonly failed: number }[];
}

/** What of a job was handled and what failed, over all partition groups. */
export const countsOf = ({ parts }: Pick<StoredJob, 'parts'>): { handled: number; failed: number } => ({
  handled: parts.reduce((sum, { handled }) => sum + handled, 0),
  failed: parts.reduce((sum, { failed }) => sum + failed, 0),
});

/** A job as people see it. */
export function asJob(job: StoredJob, now: Date): ReplayJob {
  const { jobId, tenant, consumer, selection, reason, rate, by, state, through, plan, error, startedAt } = job;
  return {
    jobId, tenant, consumer, selection, reason, rate, by, state, through, plan, error,
    createdAt: job.createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
    progress: { total: plan?.events ?? 0, ...countsOf(job) },
    waitingFor: state === 'running' && startedAt !== null ? waitingFor({ consumer, startedAt, parts: job.parts }, now) : [],
  };
}

/** From which states a decision leads on, and to which. */
export const DECISIONS = {
  start: { from: ['planned'], to: 'running' },
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  cancel: { from: ['planning', 'planned', 'running', 'paused'], to: 'cancelled' },
} as const satisfies Record<string, { from: readonly ReplayState[]; to: ReplayState }>;

export type Decision = keyof typeof DECISIONS;
