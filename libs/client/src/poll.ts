import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, isFault } from '@granary/faults';

/** Time as waiting sees it; tests pass their own. */
export interface Clock {
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** Resolves after `ms`; rejects at once when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}),
};

export interface WaitOptions {
  /** How long to wait at most. */
  timeoutMs: number;
  /** Ends the wait with the signal's reason. */
  signal?: AbortSignal;
  clock?: Clock;
}

/** How a look went: an answer to hand back, or nothing yet. */
export type Look<R> = { state: 'done'; result: R } | { state: 'waiting' };

const FIRST_DELAY_MS = 40;
const LONGEST_DELAY_MS = 500;

/** How long to wait after the look number `attempt` (0 is the first): 40 ms, growing by half each time, at most 500 ms. */
export function pollDelay(attempt: number): number {
  return Math.min(LONGEST_DELAY_MS, Math.round(FIRST_DELAY_MS * 1.5 ** attempt));
}

/**
 * Looks again and again until there is a result. Transient faults of a look count as "not yet", since services restart;
 * permanent ones end the wait. Faults: transient `wait-timed-out`, saying what was waited for and the last trouble.
 */
export async function poll<R>(what: string, look: () => Promise<Look<R>>, { timeoutMs, signal, clock = systemClock }: WaitOptions): Promise<R> {
  const deadline = clock.now() + timeoutMs;
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    const { seen, trouble } = await lookOnce(look);
    if (seen.state === 'done') return seen.result;
    const left = deadline - clock.now();
    if (left <= 0) throw timedOut(what, timeoutMs, trouble);
    await clock.sleep(Math.min(pollDelay(attempt), left), signal);
  }
}

async function lookOnce<R>(look: () => Promise<Look<R>>): Promise<{ seen: Look<R>; trouble: Fault | null }> {
  try {
    return { seen: await look(), trouble: null };
  } catch (error) {
    if (!isFault(error) || error.kind === 'permanent') throw error;
    return { seen: { state: 'waiting' }, trouble: error };
  }
}

function timedOut(what: string, timeoutMs: number, trouble: Fault | null): Fault {
  const last = trouble ? ` The last look failed: ${trouble.message}` : '';
  return Fault.transient('wait-timed-out', `Waited ${seconds(timeoutMs)} for ${what}; it is not there yet.${last}`, trouble ? { cause: trouble } : {});
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}
