import type { Range } from './position';

interface Numbered {
  sequence: number;
}

export interface Arranged<R extends Numbered> {
  /** Below what is expected: delivered again, to be compared with what is logged. */
  repeats: R[];
  /** What to write next, in order; contiguous except for `holes`. */
  fresh: R[];
  /** Ranges inside or before `fresh` that the stream does not have any more. */
  holes: Range[];
  /** The first range that is absent for an unknown reason; nothing behind it is in `fresh`. */
  gap: Range | null;
}

/**
 * Sorts out a batch. `expected` is the next sequence of the log, or null when the first row decides;
 * `missing` are ranges known to be gone from the stream.
 */
export function arrange<R extends Numbered>(expected: number | null, rows: readonly R[], missing: readonly Range[] = []): Arranged<R> {
  const arranged: Arranged<R> = { repeats: [], fresh: [], holes: [], gap: null };
  const inOrder = [...rows].sort((a, b) => a.sequence - b.sequence);
  let next = expected ?? inOrder[0]?.sequence ?? 0;
  for (const row of inOrder) {
    if (row.sequence < next) {
      arranged.repeats.push(row);
      continue;
    }
    if (row.sequence > next) {
      const absent = { first: next, last: row.sequence - 1 };
      if (!missing.some((range) => range.first <= absent.first && absent.last <= range.last)) return { ...arranged, gap: absent };
      arranged.holes.push(absent);
    }
    arranged.fresh.push(row);
    next = row.sequence + 1;
  }
  return arranged;
}
