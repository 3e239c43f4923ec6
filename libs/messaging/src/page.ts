import { Fault } from '@granary/faults';

const DEFAULT_LIMIT = 50;

export interface Page {
  readonly limit: number;
  /** The last key of the page before; null on the first. */
  readonly after: string | null;
}

/**
 * Reads what a caller asks for.
 * @param form of the keys of this list
 * @throws Fault permanent `bad-cursor` for a cursor that no answer gave, or that of another list
 */
export function readPage({ limit = DEFAULT_LIMIT, cursor }: { limit?: number; cursor?: string }, form: RegExp): Page {
  if (cursor === undefined) return { limit, after: null };
  const after = /^[\w-]+$/.test(cursor) ? Buffer.from(cursor, 'base64url').toString('utf8') : '';
  if (!form.test(after) || cursorOf(after) !== cursor) throw Fault.permanent('bad-cursor', "this is not a cursor of this list: pass 'next' of the answer before, or leave it out to begin anew");
  return { limit, after };
}

/** One page of rows that were read with `limit + 1`, and the cursor of the next when there is one. */
export function pageOf<R>(rows: readonly R[], limit: number, keyOf: (row: R) => string): { rows: R[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? cursorOf(keyOf(last)) : null };
}

/** What a caller gets to come back to a place in a list. */
export const cursorOf = (key: string): string => Buffer.from(key).toString('base64url');
