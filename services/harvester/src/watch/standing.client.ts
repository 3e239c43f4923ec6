import type { Standing } from '../metrics';
import type { JobStore } from '../store/job.store';
import type { RepositoryStore } from '../store/repository.store';

export interface StandingDeps {
  readonly jobs: Pick<JobStore, 'standing'>;
  readonly repositories: Pick<RepositoryStore, 'freshness'>;
  readonly now: () => Date;
}

/** How jobs stand, and how far repositories are behind their remotes. */
export async function readStanding({ jobs, repositories, now }: StandingDeps): Promise<Standing> {
  const [states, { watched, withheld, behind }] = await Promise.all([jobs.standing(), repositories.freshness()]);
  const at = now().getTime();
  return { jobs: states, watched, withheld, behindSeconds: behind.map(({ since }) => Math.max(0, at - since.getTime()) / 1000) };
}
