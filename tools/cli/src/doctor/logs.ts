import { redactText } from '@granary/observability';

const ERROR_LEVEL = 50;
const LONGEST = 300;

/** The last error in lines of a service's log since a moment, without credentials; null when there is none. */
export function lastErrorIn(lines: readonly string[], since: Date): { time: string; message: string } | null {
  for (const line of lines.toReversed()) {
    const entry = parsed(line);
    if (entry === null || entry.time < since.toISOString()) continue;
    if (entry.isError) return { time: entry.time, message: redactText(entry.message).slice(0, LONGEST) };
  }
  return null;
}

function parsed(line: string): { time: string; isError: boolean; message: string } | null {
  try {
    const { time, level, msg, err } = JSON.parse(line) as Record<string, unknown>;
    const inner = typeof err === 'object' && err !== null && 'message' in err ? String(err.message) : null;
    const isError = typeof level === 'number' ? level >= ERROR_LEVEL : level === 'error' || level === 'fatal';
    return { time: momentOf(time), isError, message: [msg, inner].filter((part) => part !== null && part !== undefined).map(String).join(': ') };
  } catch {
    return null;
  }
}

const momentOf = (time: unknown): string => (typeof time === 'number' ? new Date(time).toISOString() : String(time));
