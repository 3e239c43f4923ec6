/** What is known about wrong passwords of one name. */
export interface Failures {
  readonly failures: number;
  /** Since when they are counted. */
  readonly since: Date;
  readonly lockedUntil: Date | null;
  /** How often it was locked since the last success. */
  readonly locks: number;
}

const MINUTE = 60_000;
/** So many wrong passwords within so long lock a name; for twice as long each time. */
export const LOCKOUT = { failures: 5, withinMs: 15 * MINUTE, firstMs: 15 * MINUTE, mostMs: 4 * 60 * MINUTE } as const;

/** Until when nobody may try; null when one may. */
export function lockedUntil({ lockedUntil: until }: Failures, now: Date): Date | null {
  return until !== null && until > now ? until : null;
}

/** Whole seconds until a moment, never too few and at least one. */
export function secondsUntil(moment: Date, now: Date): number {
  return Math.max(1, Math.ceil((moment.getTime() - now.getTime()) / 1_000));
}

/** One more wrong password. What comes while it is locked does not count, or nobody could ever wait for the end. */
export function afterFailure(before: Failures, now: Date): Failures {
  if (lockedUntil(before, now) !== null) return before;
  const counted = now.getTime() - before.since.getTime() < LOCKOUT.withinMs;
  const failures = counted ? before.failures + 1 : 1;
  const since = counted && before.failures > 0 ? before.since : now;
  if (failures < LOCKOUT.failures) return { failures, since, lockedUntil: null, locks: before.locks };
  const lockMs = Math.min(LOCKOUT.firstMs * 2 ** before.locks, LOCKOUT.mostMs);
  return { failures: 0, since: now, lockedUntil: new Date(now.getTime() + lockMs), locks: before.locks + 1 };
}
