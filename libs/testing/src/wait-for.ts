import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** Default a minute: a guard against what never comes, long enough for a busy machine. */
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** Ends the sentence "waited in vain for …". */
  readonly what: string;
}

/**
 * Waits until a condition yields something truthy, and returns that.
 * @param condition may throw meanwhile; what it threw last becomes the cause of the failure
 * @throws Error that says what was waited for, and for how long
 */
export async function waitFor<T>(condition: () => T | Promise<T>, { timeoutMs = 60_000, everyMs = 20, what }: WaitOptions): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const result = await condition();
      if (result) return result;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause });
    await sleep(everyMs);
  }
}
