import { Fault } from '@granary/faults';
import type { LogRow } from './row';

/** What the log says at a sequence. */
export interface LoggedId {
  sequence: number;
  eventId: string;
}

/** The first of `rows` whose place in the log is taken by another event. */
export function findConflict(rows: readonly LogRow[], logged: readonly LoggedId[]): { row: LogRow; logged: LoggedId } | null {
  const ids = new Map(logged.map((entry) => [entry.sequence, entry]));
  for (const row of rows) {
    const entry = ids.get(row.sequence);
    if (entry !== undefined && entry.eventId !== row.eventId) return { row, logged: entry };
  }
  return null;
}

/** What is left of `rows` behind those that are already logged with the same event. */
export function behindLogged<R extends LogRow>(rows: readonly R[], logged: readonly LoggedId[]): R[] {
  const ids = new Map(logged.map((entry) => [entry.sequence, entry.eventId]));
  const first = rows.findIndex((row) => ids.get(row.sequence) !== row.eventId);
  return first === -1 ? [] : rows.slice(first);
}

/** The fault that stops the writer: going on would overwrite history or write a second one under the same numbers. */
export function conflictFault(epoch: number, { row, logged }: { row: LogRow; logged: LoggedId }): Fault {
  return Fault.permanent(
    'log-conflict',
    `the event log holds event ${logged.eventId} at epoch ${epoch}, sequence ${row.sequence}, but the stream now has ${row.eventId} there: ` +
      `the stream was replaced or restored without a sign of it. Nothing was written. When the stream is right, set GRANARY_AUDIT_CLOSE_EPOCH=${epoch} and restart: the log goes on in epoch ${epoch + 1}`,
  );
}
