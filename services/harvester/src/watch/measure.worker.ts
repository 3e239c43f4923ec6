import type { Logger } from '@granary/observability';
import type { Task } from '@granary/service-host';
import type { HarvesterMeters } from '../metrics';
import type { JobStore } from '../store/job.store';
import type { RepositoryStore } from '../store/repository.store';

export interface MeasureOptions {
  readonly jobs: Pick<JobStore, 'countByState'>;
  readonly repositories: Pick<RepositoryStore, 'freshness'>;
  readonly meters: Pick<HarvesterMeters, 'jobsByState' | 'freshness'>;
  readonly log: Logger;
  readonly now: () => Date;
  readonly everyMs: number;
}

/** Puts the number of jobs by state, and how far repositories are behind, into the metrics now and then. */
export function measureTask({ jobs, repositories, meters, log, now, everyMs }: MeasureOptions): Task {
  let timer: NodeJS.Timeout | undefined;
  let measuring: Promise<void> = Promise.resolve();
  const measure = async (): Promise<void> => {
    try {
      meters.jobsByState(await jobs.countByState());
      const { watched, withheld, behind } = await repositories.freshness();
      const at = now().getTime();
      meters.freshness(watched, withheld, behind.map(({ repositoryId, since }) => ({ repositoryId, seconds: Math.max(0, at - since.getTime()) / 1000 })));
    } catch (error) {
      log.warn({ err: error }, 'harvest jobs and repositories could not be counted');
    }
  };
  return {
    name: 'measure',
    async start() {
      await measure();
      timer = setInterval(() => (measuring = measuring.then(measure)), everyMs);
    },
    async stop() {
      clearInterval(timer);
      await measuring;
    },
  };
}
