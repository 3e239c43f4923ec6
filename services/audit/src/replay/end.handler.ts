import type { Logger } from '@granary/observability';
import type { Advance, ReplayStore } from '../store/replay.store';
import { countsOf, type StoredJob } from './job';

/** How replays get on without anybody who decides, and how they end. */
export interface Ending {
  /** Moves a partition group on; with the last of them the job is completed. False when that was told before. */
  advance(step: Advance): Promise<boolean>;
  /** Ends a job that cannot go on. */
  fail(jobId: string, code: string, message: string): Promise<void>;
}

export interface EndDeps {
  replays: ReplayStore;
  /** Tells consumers that a job runs no more. */
  due: (consumer: string) => void;
  log: Logger;
  now: () => Date;
}

export function createEnding({ replays, due, log, now }: EndDeps): Ending {
  return {
    advance: (step) =>
      replays.transactAcross(causeOf(step.jobId), async (unit) => {
        const moved = await replays.advance(unit, step);
        if (moved !== 'done') return moved === 'moved';
        // Of two partition groups that end at the same time, the one that gets the lock later sees the other one's end.
        const job = await replays.lock(unit, step.jobId);
        // One that was paused or cancelled may get through all the same: what was at work then ends.
        if (job === null || job.startedAt === null || !['running', 'paused'].includes(job.state) || job.parts.some(({ done }) => !done)) return true;
        await replays.setState(unit, job.jobId, 'completed', now());
        const durationMs = Math.max(0, now().getTime() - job.startedAt.getTime());
        unit.announce({ type: 'replay.completed.v1', ...addressOf(job), data: { jobId: job.jobId, consumer: job.consumer, ...countsOf(job), durationMs } });
        log.info({ jobId: job.jobId, consumer: job.consumer, ...countsOf(job), ms: durationMs }, 'replay completed');
        return true;
      }),
    async fail(jobId, code, message) {
      const consumer = await replays.transactAcross(causeOf(jobId), async (unit) => {
        const job = await replays.lock(unit, jobId);
        if (job === null || !['planning', 'running', 'paused'].includes(job.state)) return null;
        await replays.setState(unit, jobId, 'failed', now(), { code, message });
        unit.announce({ type: 'replay.failed.v1', ...addressOf(job), data: { jobId, consumer: job.consumer, code, message, ...countsOf(job) } });
        return job.consumer;
      });
      if (consumer === null) return;
      log.warn({ jobId, consumer, code }, `replay failed: ${message}`);
      due(consumer);
    },
  };
}

/** The events of a job are those of its tenant. */
export const addressOf = ({ tenant, jobId }: Pick<StoredJob, 'tenant' | 'jobId'>): { tenant: string; key: string } => ({ tenant, key: jobId });

// What nobody asked for at this moment belongs to the job.
const causeOf = (jobId: string) => ({ tenant: '_platform', correlationId: jobId });
