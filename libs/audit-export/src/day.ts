/** A UTC day as `YYYY-MM-DD`. Days compare as texts do, until the year 9999. */
export type Day = string;

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function dayOf(time: Date): Day {
  return time.toISOString().slice(0, 10);
}

/** Midnight UTC at which the day begins. */
export function startOf(day: Day): Date {
  return new Date(`${day}T00:00:00.000Z`);
}

/** The day that lies so many days later; earlier when negative. */
export function daysLater(day: Day, days: number): Day {
  return dayOf(new Date(startOf(day).getTime() + days * DAY_MS));
}

/** Whether a text is a day that the calendar has. */
export function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(startOf(text).getTime()) && dayOf(startOf(text)) === text;
}

/** Where a day lies in an export: `2026/03/02`. */
export function folderOf(day: Day): string {
  return day.replaceAll('-', '/');
}

/** Days after `first` and before `last`, none of them included. */
export function daysBetween(first: Day, last: Day): Day[] {
  const days: Day[] = [];
  for (let day = daysLater(first, 1); day < last; day = daysLater(day, 1)) days.push(day);
  return days;
}
