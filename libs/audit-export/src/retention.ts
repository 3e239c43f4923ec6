import { daysLater, startOf, type Day } from './day';

/** A day that was exported, as far as it matters to whether it may go. */
export interface KeptDay {
  readonly day: Day;
  /** Whether everybody has it who is to have it: object storage, and what is computed of the log. */
  readonly safe: boolean;
  /** Whether events behind it are logged: what continues the log from its last row needs one. */
  readonly followed: boolean;
}

/**
 * The days that are to go, the oldest first: all of whose moments are older than that. Days go in their order; one that
 * has to stay keeps those behind it.
 * @param days that were exported and are still there, the oldest first
 */
export function daysToDrop(days: readonly KeptDay[], now: Date, keepMs: number): Day[] {
  const staying = days.findIndex(({ day, safe, followed }) => !safe || !followed || startOf(daysLater(day, 1)).getTime() + keepMs > now.getTime());
  return days.slice(0, staying === -1 ? days.length : staying).map(({ day }) => day);
}
