import { usageFault } from '../shell/problem';

/** A day in UTC. */
export function parseDay(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isDay || new Date(text).toISOString().slice(0, 10) !== text) throw usageFault(`'${text}' is no day; write it like 2026-03-01.`);
  return text;
}

/** A month, by default the last one that is over, in UTC. */
export function parseMonth(text: string | undefined, now: Date): string {
  if (text === undefined) return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)).toISOString().slice(0, 7);
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw usageFault(`'${text}' is no month; write it like 2026-03.`);
  return text;
}
