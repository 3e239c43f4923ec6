const DAY_MS = 86_400_000;

/** Days, both included, in UTC. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** The first and the last day of a month. */
export function daysOfMonth(month: string): Days {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const last = new Date(0);
  // Not by Date.UTC, which takes years below 100 for those of the 20th century.
  last.setUTCFullYear(year, number, 0);
  return { from: `${month}-01`, to: dayOf(last.getTime()) };
}

/** The period of a budget that a moment lies in. */
export function periodAt(period: 'day' | 'month', now: Date): Days {
  const day = dayOf(now.getTime());
  return period === 'day' ? { from: day, to: day } : daysOfMonth(day.slice(0, 7));
}

/** The period of a budget that begins on a day. */
export function periodFrom(period: 'day' | 'month', from: string): Days {
  return period === 'day' ? { from, to: from } : daysOfMonth(from.slice(0, 7));
}

/** As many days as there are, right before them. */
export function daysBefore({ from, to }: Days): Days {
  const length = midnight(to) - midnight(from) + DAY_MS;
  return { from: dayOf(midnight(from) - length), to: dayOf(midnight(from) - DAY_MS) };
}

/** The month before. */
export function monthBefore(month: string): string {
  return dayOf(midnight(`${month}-01`) - DAY_MS).slice(0, 7);
}

/** How many days there are. */
export function lengthOf({ from, to }: Days): number {
  return (midnight(to) - midnight(from)) / DAY_MS + 1;
}

/** The last `count` days up to one, which is included. */
export function lastDays(count: number, to: string): Days {
  return { from: dayOf(midnight(to) - (count - 1) * DAY_MS), to };
}

/** The moment at which a day begins, or (`behind`) the next one does. */
export function beginningOf(day: string, behind = false): Date {
  return new Date(midnight(day) + (behind ? DAY_MS : 0));
}

/** With less of a period over, one call would decide what the whole is expected to cost. */
const SHORTEST_PART = 0.05;

/** What is spent at the end of a period when it goes on as so far; null when too little of it is over, and the sum itself afterwards. */
export function forecast(spent: bigint, { from, to }: Days, now: Date): bigint | null {
  const [begin, end] = [beginningOf(from).getTime(), beginningOf(to, true).getTime()];
  const part = (now.getTime() - begin) / (end - begin);
  if (part >= 1) return spent;
  if (part < SHORTEST_PART) return null;
  return (spent * BigInt(end - begin)) / BigInt(now.getTime() - begin);
}
