import type { Finding } from '@granary/service-host';

/** The last cycle that nobody had to ask for, as far as it decides about the next. */
export interface LastCycle {
  readonly state: 'completed' | 'failed';
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

export interface Pace {
  readonly everyMs: number;
  /** After a cycle that failed. */
  readonly retryMs: number;
}

/** When the next cycle is due: at once where none was. What failed is tried again sooner. */
export function nextDue(last: LastCycle | null, { everyMs, retryMs }: Pace, now: Date): Date {
  if (last === null) return now;
  return new Date(last.state === 'failed' ? last.finishedAt.getTime() + Math.min(retryMs, everyMs) : last.startedAt.getTime() + everyMs);
}

/** Caches are well while cycles come and succeed. */
export function judgeCycles(last: LastCycle | null, pace: Pace, now: Date): Finding {
  if (last?.state === 'failed') return { state: 'degraded', detail: `the last cycle over the caches failed at ${last.finishedAt.toISOString()}; granary cache stats shows why, and it is tried again by itself` };
  const lateMs = now.getTime() - nextDue(last, pace, now).getTime();
  return lateMs > pace.everyMs ? { state: 'degraded', detail: `no cycle over the caches has run for ${Math.round((lateMs + pace.everyMs) / 3_600_000)} hours` } : { state: 'healthy' };
}
