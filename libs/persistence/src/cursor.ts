import { Fault } from '@granary/faults';

/** The id after which a page begins; without a cursor the first page. */
export function cursorToId(cursor: string | undefined): string {
  if (cursor === undefined) return '0';
  if (!/^\d{1,18}$/.test(cursor)) throw Fault.permanent('invalid-cursor', `'${cursor}' is no cursor of this list; start without one`);
  return cursor;
}
