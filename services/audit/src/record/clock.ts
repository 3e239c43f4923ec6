import type { LogRow } from './row';

/** The stream's clock within an epoch, as its events show it. */
export interface Clock {
  /** The latest time stored so far. */
  newestMs: number;
  /** How far an event was ever older than one before it. Searches by time rely on it. */
  stepMs: number;
}

export const NO_CLOCK: Clock = { newestMs: 0, stepMs: 0 };

/** The clock after these rows, which follow in the order of the stream. */
export function readClock({ newestMs, stepMs }: Clock, rows: readonly LogRow[]): Clock {
  for (const row of rows) {
    const storedMs = Date.parse(row.storedAt);
    newestMs = Math.max(newestMs, storedMs);
    stepMs = Math.max(stepMs, newestMs - storedMs);
  }
  return { newestMs, stepMs };
}
