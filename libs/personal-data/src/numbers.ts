import { is, isCapital, isDigit, SEPARATOR } from './bytes';

const MAX_GROUPS = 12;

/**
 * Groups of digits with one or two separators between them, e.g. `(415) 555-2671` or `4-4-4-4`. Detectors look at lengths
 * and separators first, which costs nothing, and at digits only where the shape fits.
 */
export interface NumberRun {
  readonly count: number;
  /** Where each group begins, and how many digits it has. */
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
  readonly digits: number;
  /** The byte behind the last digit. */
  readonly end: number;
}

/** Nothing personal has fewer digits, except that an IBAN has only two right behind its country. */
const MIN_DIGITS = 5;

/**
 * Calls `visit` for every run of groups that has five digits or stands behind a capital. Of longer rows of
 * numbers each twelve groups are one run. Looks at every other byte until it meets a digit, and goes
 * back over a single digit before the group that it met.
 */
export function forEachRun(content: Buffer, visit: (run: NumberRun) => void): void {
  const starts: number[] = [];
  const lengths: number[] = [];
  const length = content.length;
  let behind = 0;
  for (let i = 0; i < length; i += 2) {
    if (!isDigit(content[i])) continue;
    let at = isDigit(content[i - 1]) ? i - 1 : i;
    if (at - 2 >= behind && is(content[at - 1], SEPARATOR) && isDigit(content[at - 2])) at -= 2;
    let digits = 0;
    let count = 0;
    let end = at;
    while (count < MAX_GROUPS) {
      const start = at;
      while (isDigit(content[at])) at += 1;
      starts[count] = start;
      lengths[count] = at - start;
      digits += at - start;
      count += 1;
      end = at;
      const next = nextGroup(content, at);
      if (next === -1) break;
      at = next;
    }
    if (digits >= MIN_DIGITS || isCapital(content[(starts[0] ?? 0) - 1])) visit({ count, starts, lengths, digits, end });
    behind = end;
    i = end - 1;
  }
}

/** Where the next group begins, one or two separators further (two only with a bracket among them), or -1. */
function nextGroup(content: Buffer, end: number): number {
  const first = content[end];
  if (!is(first, SEPARATOR)) return -1;
  const second = content[end + 1];
  if (isDigit(second)) return end + 1;
  if (!is(second, SEPARATOR) || !isDigit(content[end + 2])) return -1;
  return first === 0x29 || second === 0x28 ? end + 2 : -1;
}

/** The end of a group. */
export const groupEnd = (run: NumberRun, group: number): number => (run.starts[group] ?? 0) + (run.lengths[group] ?? 0);

/** Whether the groups from `first` on have exactly these lengths. */
export function hasShape(run: NumberRun, first: number, shape: readonly number[]): boolean {
  if (first + shape.length > run.count) return false;
  for (let i = 0; i < shape.length; i++) if (run.lengths[first + i] !== shape[i]) return false;
  return true;
}

/** The one separator that stands between all groups from `first` to `last`, or null when they differ or have two bytes. */
export function commonSeparator(content: Buffer, run: NumberRun, first: number, last: number): string | null {
  let common: number | undefined;
  for (let group = first; group < last; group++) {
    const end = groupEnd(run, group);
    if ((run.starts[group + 1] ?? 0) - end !== 1) return null;
    common ??= content[end];
    if (content[end] !== common) return null;
  }
  return common === undefined ? '' : String.fromCharCode(common);
}

/** The digits of the groups from `first` to `last`. */
export function digitsOf(content: Buffer, run: NumberRun, first: number, last: number): string {
  let digits = '';
  for (let group = first; group <= last; group++) digits += content.toString('latin1', run.starts[group] ?? 0, groupEnd(run, group));
  return digits;
}
