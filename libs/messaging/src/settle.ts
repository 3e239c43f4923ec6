import { Fault } from '@granary/faults';

/** What becomes of an event after its handler has ended. */
export type Settlement =
  | { action: 'done' }
  | { action: 'retry'; delayMs: number }
  | { action: 'hold'; delayMs: number; code: string; message: string }
  | { action: 'dead'; code: string; message: string };

export interface RetryPolicy {
  /** Delays of the retries that happen in the lane, in milliseconds. */
  quickMs: readonly number[];
  /** Delays of the attempts after that, from `held_events`, in milliseconds. Their number bounds the attempts. */
  heldMs: readonly number[];
}

export const RETRY_POLICY: RetryPolicy = {
  quickMs: [20, 200],
  heldMs: [1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000],
};

/** In a replay nothing is held, and what waits behind a failing event is only the rest of what was taken: it is given up sooner. */
export function replayPolicy({ quickMs, heldMs }: RetryPolicy): RetryPolicy {
  return { quickMs, heldMs: heldMs.slice(0, 4) };
}

/** How often an event may be begun without an end before it is held as the cause of a crash loop. */
export const CRASH_LIMIT = 3;

/**
 * Decides about a failed attempt. `attempt` counts from 1 over the event's whole life. `jitter` is a number in [0, 1)
 * and spreads the held retries over ±20 %, so that keys which failed together do not come back together.
 */
export function settleFailure(error: unknown, attempt: number, jitter: number, policy: RetryPolicy = RETRY_POLICY): Settlement {
  const fault = Fault.from(error);
  const { code, message } = fault;
  if (fault.kind === 'permanent') return { action: 'dead', code, message };
  const quick = policy.quickMs[attempt - 1];
  if (quick !== undefined) return { action: 'retry', delayMs: quick };
  const held = policy.heldMs[attempt - 1 - policy.quickMs.length];
  if (held === undefined) return { action: 'dead', code: 'attempts-spent', message: `${attempt} attempts failed; the last one with ${code}: ${message}` };
  return { action: 'hold', delayMs: Math.round(held * (0.8 + 0.4 * jitter)), code, message };
}
