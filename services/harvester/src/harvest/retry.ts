/** How failures are tried again. */
export interface RetryPace {
  readonly maxAttempts: number;
  /** Before the second attempt of a job; doubled before each further one. */
  readonly againMs: number;
  /** Before a repository whose job failed for good gets a new job, after so many failed jobs in a row. */
  anewMs(failures: number): number;
}

export type FailureDecision = { readonly state: 'again'; readonly delayMs: number } | { readonly state: 'failed' };

/** What becomes of a job whose attempt failed. */
export function decideFailure(kind: 'transient' | 'permanent', attempts: number, { maxAttempts, againMs }: Pick<RetryPace, 'maxAttempts' | 'againMs'>): FailureDecision {
  if (kind === 'permanent' || attempts >= maxAttempts) return { state: 'failed' };
  return { state: 'again', delayMs: againMs * 2 ** (attempts - 1) };
}

const HOUR_MS = 3_600_000;

/** A doubling wait, at most an hour. */
export const doubling = (firstMs: number) => (failures: number): number => Math.min(firstMs * 2 ** Math.min(failures - 1, 20), HOUR_MS);
