import { isFault } from '@granary/faults';
import type { Logger } from '@granary/observability';

export interface Waiting<R> {
  /** What is waited for, as a person would say it: `database`. */
  readonly name: string;
  readonly attempt: () => Promise<R>;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Told why it waits; null once it has what it waited for. */
  readonly onWaiting: (reason: string | null) => void;
  /** Default 3 s. */
  readonly longestPauseMs?: number;
  /** How long it may take before the log tells of it; for what is normally there a moment later. Default 0. */
  readonly graceMs?: number;
  readonly now: () => number;
  /** Rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;
const REMINDER_MS = 30_000;

/**
 * Tries until a dependency is there, with growing pauses. Says so once a reason, and again every 30 s. A permanent fault
 * or anything unforeseen ends the waiting: that will not go away by itself.
 */
export async function untilAvailable<R>({ name, attempt, signal, log, onWaiting, longestPauseMs = LONGEST_PAUSE_MS, graceMs = 0, now, sleep }: Waiting<R>): Promise<R> {
  const begun = now();
  let said = null as { reason: string; at: number } | null;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, longestPauseMs)) {
    signal.throwIfAborted();
    try {
      const result = await attempt();
      if (said !== null) log.info({ dependency: name, waitedMs: Math.round(now() - begun) }, `the ${name} is there`);
      onWaiting(null);
      return result;
    } catch (error) {
      if (!isFault(error) || error.kind === 'permanent') throw error;
      onWaiting(error.message);
      if (now() - begun >= graceMs && (said?.reason !== error.message || now() - said.at >= REMINDER_MS)) {
        log.warn({ dependency: name, code: error.code, waitedMs: Math.round(now() - begun) }, `waiting for the ${name}: ${error.message}`);
        said = { reason: error.message, at: now() };
      }
    }
    await sleep(pause, signal);
  }
}
