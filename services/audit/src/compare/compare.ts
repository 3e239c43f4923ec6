import { createHash } from 'node:crypto';
import type { Range } from '../record/position';
import type { LogRow } from '../record/row';

/** A row as the log has it. */
export interface LoggedRow {
  sequence: number;
  /** ISO 8601, UTC, milliseconds. */
  storedAt: string;
  tenant: string;
  type: string;
  key: string;
  eventId: string;
  /** SHA-256 of the body, hexadecimal. */
  bodyHash: string;
}

/** How log and stream differ at a sequence. */
export interface Difference {
  sequence: number;
  /**
   * `not-logged`: the stream has it and the log does not. `differs`: both have it, with other content. `tree-differs`: both
   * agree, and the leaf is another. `unexplained`: neither has it, and no hole says so. `gone`: the stream lost it after it
   * was logged, which leaves the log as it is.
   */
  kind: 'not-logged' | 'differs' | 'tree-differs' | 'unexplained' | 'gone';
}

export interface Compared {
  /** What was looked at. */
  range: Range;
  stream: readonly LogRow[];
  log: readonly LoggedRow[];
  holes: readonly Range[];
  /** Whether the leaf of a row, made of what the stream has, is the one in the tree. */
  isLeaf(row: LogRow): boolean;
}

/** How stream, log and tree differ in that range, in the order of the sequences. */
export function compare({ range, stream, log, holes, isLeaf }: Compared): Difference[] {
  const inStream = new Map(stream.map((row) => [row.sequence, row]));
  const inLog = new Map(log.map((row) => [row.sequence, row]));
  const isHole = (sequence: number) => holes.some((hole) => hole.first <= sequence && sequence <= hole.last);
  const found: Difference[] = [];
  for (let sequence = range.first; sequence <= range.last; sequence += 1) {
    const kind = differenceOf(inStream.get(sequence), inLog.get(sequence), isHole(sequence), isLeaf);
    if (kind !== null) found.push({ sequence, kind });
  }
  return found;
}

function differenceOf(stored: LogRow | undefined, logged: LoggedRow | undefined, isHole: boolean, isLeaf: Compared['isLeaf']): Difference['kind'] | null {
  if (stored === undefined) return logged === undefined ? (isHole ? null : 'unexplained') : 'gone';
  if (logged === undefined) return 'not-logged';
  if (!isSame(stored, logged)) return 'differs';
  // A millisecond is lost where the broker's nanoseconds are rounded; the log's time is the one that counts.
  return isLeaf({ ...stored, storedAt: logged.storedAt }) ? null : 'tree-differs';
}

function isSame(stored: LogRow, logged: LoggedRow): boolean {
  const { tenant, type, key, eventId } = stored;
  if (tenant !== logged.tenant || type !== logged.type || key !== logged.key || eventId !== logged.eventId) return false;
  if (Math.abs(Date.parse(stored.storedAt) - Date.parse(logged.storedAt)) > 1) return false;
  return createHash('sha256').update(stored.body).digest('hex') === logged.bodyHash;
}

/** Whether the log is less than it should be because of it. */
export function isWrong({ kind }: Difference): boolean {
  return kind !== 'gone';
}
