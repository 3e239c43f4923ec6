import { Fault } from '@granary/faults';

const DEFAULT_LIMIT = 50;

export interface Page {
  readonly limit: number;
  /** The last key of the page before; null on the first. */
  readonly after: string | null;
}

/** Reads what a caller asks for. Throws permanent `bad-cursor` for a cursor that no answer gave. */
export function readPage({ limit = DEFAULT_LIMIT, cursor }: { limit?: number; cursor?: string }): Page {
  if (cursor === undefined) return { limit, after: null };
  const after = /^[\w-]+$/.test(cursor) ? Buffer.from(cursor, 'base64url').toString('utf8') : '';
  if (after === '' || cursorOf(after) !== cursor) throw Fault.permanent('bad-cursor', `'${cursor.slice(0, 100)}' is not a cursor: pass 'next' of the answer before, or leave it out to begin anew`);
  return { limit, after };
}

/** One page of rows that were read with `limit + 1`, and the cursor of the next when there is one. */
export function pageOf<R>(rows: readonly R[], limit: number, keyOf: (row: R) => string): { rows: R[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? cursorOf(keyOf(last)) : null };
}

const cursorOf = (key: string): string => Buffer.from(key).toString('base64url');
