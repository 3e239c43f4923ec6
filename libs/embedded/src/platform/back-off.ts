const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** A process that was healthy for so long is taken as good again: its next crash counts as the first. */
const HEALTHY_MS = 60_000;

/** How many crashes in a row there are now. @param healthyMs how long the process was ready before it ended, 0 when it never was */
export function crashesInARow(before: number, healthyMs: number): number {
  return healthyMs >= HEALTHY_MS ? 1 : before + 1;
}

/** How long to wait before the start after the nth crash in a row: 0.5 s, doubling, at most 30 s. */
export function backOffMs(crashes: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (crashes - 1));
}
