import { momentOf } from './manifest';

/** How many of each are kept. */
export interface Retention {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

export const RETENTION: Retention = { daily: 7, weekly: 4, monthly: 12 };

export interface Candidate {
  readonly name: string;
  /** Whether it was restored once, and found to be what it should be. */
  readonly verified: boolean;
}

/**
 * Which backups may go: all but the newest of each of the last days, weeks and months (UTC, weeks from Monday) that have any.
 * A verified one stands for its day before one that is not. What is newer than the newest verified one stays, and so does that.
 */
export function backupsToRemove(backups: readonly Candidate[], keep: Retention = RETENTION): string[] {
  const known = backups.flatMap((backup) => {
    const at = momentOf(backup.name);
    return at === null ? [] : [{ ...backup, at }];
  });
  const best = known.toSorted((a, b) => Number(b.verified) - Number(a.verified) || b.at.getTime() - a.at.getTime());
  const kept = new Set<string>();
  for (const [count, periodOf] of [[keep.daily, dayOf], [keep.weekly, weekOf], [keep.monthly, monthOf]] as const) {
    const periods = new Map<string, string>();
    for (const { name, at } of best) if (!periods.has(periodOf(at))) periods.set(periodOf(at), name);
    for (const [, name] of [...periods].sort(([a], [b]) => (a < b ? 1 : -1)).slice(0, count)) kept.add(name);
  }
  const proven = best.find(({ verified }) => verified)?.name;
  const removable = ({ name }: Candidate) => proven !== undefined && name < proven && !kept.has(name);
  return known.filter(removable).map(({ name }) => name).sort();
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10);
const monthOf = (at: Date) => at.toISOString().slice(0, 7);

function weekOf(at: Date): string {
  const monday = new Date(at);
  monday.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return dayOf(monday);
}
