import type { LogCheckpoint } from '@granary/contracts';

export type CheckpointKind = LogCheckpoint['kind'];

const HOUR_MS = 3_600_000;

/**
 * What kind of checkpoint is due; null when none is. Each full hour of UTC has one, the first of a day is the daily one. Hours
 * in which nobody could sign stay empty: what the log was then nobody can say any more.
 * @param last when the newest was signed, or when there began to be something to sign
 */
export function dueKind(last: Date, now: Date): Exclude<CheckpointKind, 'asked'> | null {
  if (hourOf(last) >= hourOf(now)) return null;
  return dayOf(last) < dayOf(now) ? 'daily' : 'hourly';
}

const hourOf = (moment: Date): number => Math.floor(moment.getTime() / HOUR_MS);
const dayOf = (moment: Date): number => Math.floor(hourOf(moment) / 24);
