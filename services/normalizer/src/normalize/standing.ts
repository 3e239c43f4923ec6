import type { HarvestCompletedV1Data } from '@granary/contracts';

/**
 * How a harvest stands to the newest graph of its repository: the `first` one, `newer`, the one it was made from `again`
 * (a replay), or `older`, whose graph is kept without becoming the newest.
 */
export type Standing = 'first' | 'newer' | 'again' | 'older';

/**
 * Job ids grow in time, so a greater one is newer. A job that was interrupted may end after one that was asked for
 * later; what it read is newer too when it began from the commit of the newest graph.
 */
export function standingOf(harvest: Pick<HarvestCompletedV1Data, 'jobId' | 'base' | 'commit'>, head: { jobId: string; commit: string } | null): Standing {
  if (head === null) return 'first';
  if (harvest.jobId === head.jobId) return 'again';
  if (harvest.jobId > head.jobId) return 'newer';
  return harvest.base === head.commit && harvest.commit !== head.commit ? 'newer' : 'older';
}

/** Whether a removed repository is back: a job that was asked for after the removal says so. */
export function isBack(jobId: string, removedAt: Date): boolean {
  return Number.parseInt(jobId.replace('-', '').slice(0, 12), 16) > removedAt.getTime();
}

/**
 * When a repository counts as removed, after an event that says so. In a replay that may be an old one: of a repository that
 * was harvested again since, or removed again.
 */
export function removalOf({ head, removedAt }: { head: { jobId: string } | null; removedAt: Date | null }, at: Date): Date | null {
  if (head !== null && isBack(head.jobId, at)) return removedAt;
  return removedAt !== null && removedAt > at ? removedAt : at;
}
