import type { Logger } from '@granary/observability';
import type { Task } from '@granary/service-host';
import type { HarvesterMeters } from '../metrics';
import type { JobStore } from '../store/job.store';

/** Puts the number of jobs by state into the metrics now and then. */
export function countJobsTask({ jobs, meters, log, everyMs }: { jobs: JobStore; meters: HarvesterMeters; log: Logger; everyMs: number }): Task {
  let timer: NodeJS.Timeout | undefined;
  let counting: Promise<void> = Promise.resolve();
  const count = async (): Promise<void> => {
    try {
      meters.jobsByState(await jobs.countByState());
    } catch (error) {
      log.warn({ err: error }, 'harvest jobs could not be counted');
    }
  };
  return {
    name: 'count jobs',
    async start() {
      await count();
      timer = setInterval(() => (counting = counting.then(count)), everyMs);
    },
    async stop() {
      clearInterval(timer);
      await counting;
    },
  };
}
