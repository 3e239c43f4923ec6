import type { Job } from '@granary/contracts';

const FINAL: ReadonlySet<Job['state']> = new Set<Job['state']>(['completed', 'failed', 'cancelled', 'blocked']);

/** Whether a job has ended, well or not. */
export function isFinal(state: Job['state']): boolean {
  return FINAL.has(state);
}
