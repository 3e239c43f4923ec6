/** A count with thin groups: 12,345. */
export function formatCount(count: number): string {
  // By hand: the locales of Node take longer to load than a small repository to read.
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A count with its word: `1 module`, `2 modules`, `3 entries`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** A length of time: `840 ms`, `1.2 s`, `2 min 5 s`, `3 h 4 min`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < 1000) return `${whole} ms`;
  if (whole < 60_000) return `${(Math.floor(whole / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(whole / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** How long ago a moment was, roughly: `now`, `12 s ago`, `3 min ago`, `2 h ago`, `5 d ago`. A malformed moment stays as it is. */
export function formatAgo(moment: string | null, now: Date): string | null {
  if (moment === null) return null;
  const seconds = secondsSince(moment, now);
  if (Number.isNaN(seconds)) return moment;
  return seconds < 2 ? 'now' : `${roughly(seconds)} ago`;
}

/** The time since a moment, roughly: `12 s`, `3 min`, `2 h`, `5 d`. A malformed moment stays as it is. */
export function formatSince(moment: string, now: Date): string {
  const seconds = secondsSince(moment, now);
  return Number.isNaN(seconds) ? moment : roughly(Math.max(0, seconds));
}

function secondsSince(moment: string, now: Date): number {
  return Math.round((now.getTime() - Date.parse(moment)) / 1000);
}

function roughly(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** A size in decimal units: `512 B`, `1.5 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 999.5 && unit < UNITS.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${UNITS[unit]}`;
}

/** A commit as people read it: its first twelve digits. */
export function shortCommit(commit: string | null): string | null {
  return commit === null ? null : commit.slice(0, 12);
}

/** The time of day of a moment in UTC, to the millisecond: `12:03:11.042`. */
export function timeOfDay(moment: string): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? moment : date.toISOString().slice(11, 23);
}
