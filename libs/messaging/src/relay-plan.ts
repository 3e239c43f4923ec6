import type { OutboxRow } from './ports';

/** Below this many rows a batch's flat cost (about 2 ms) is more than what plain publishes take. */
export const BATCH_THRESHOLD = 64;

/**
 * Decides how a window of rows is published. Plain publishes run side by side, so a failed one could be overtaken
 * by a later event of its key: they are only chosen when each key occurs once.
 */
export function publishMode(rows: readonly Pick<OutboxRow, 'laneKey'>[]): 'plain' | 'batch' {
  if (rows.length > BATCH_THRESHOLD) return 'batch';
  return new Set(rows.map((row) => row.laneKey)).size === rows.length ? 'plain' : 'batch';
}

/** Groups rows by key, keeping the order within each key. */
export function byLane<R extends Pick<OutboxRow, 'laneKey'>>(rows: readonly R[]): R[][] {
  const lanes = new Map<string, R[]>();
  for (const row of rows) {
    const lane = lanes.get(row.laneKey);
    if (lane) lane.push(row);
    else lanes.set(row.laneKey, [row]);
  }
  return [...lanes.values()];
}
