import type { Database } from './database.client';
import { FORGOTTEN_AFTER_DAYS } from './handled.store';

/**
 * Forgets inbox rows that no redelivery can reach any more: the stream keeps events for 14 days, so does a row, plus
 * one day. Works in portions, to hold no lock for long. Answers how many rows went.
 */
export async function pruneInbox({ across }: Pick<Database, 'across'>, now: Date, keepDays = FORGOTTEN_AFTER_DAYS, portion = 10_000): Promise<number> {
  const before = new Date(now.getTime() - keepDays * 86_400_000);
  for (let pruned = 0; ; ) {
    const [, count] = await across.rows.query<[unknown[], number]>('delete from inbox where ctid = any(array(select ctid from inbox where handled_at < $1 limit $2))', [before, portion]);
    pruned += count;
    if (count < portion) return pruned;
  }
}
