import type { StoredMessage } from './log-source';
import type { Range } from './position';

export interface Arranged {
  /** Below what is expected: delivered again, to be compared with what is logged. */
  repeats: StoredMessage[];
  /** What to write next, in order; contiguous except for `holes`. */
  fresh: StoredMessage[];
  /** Ranges inside or before `fresh` that the stream does not have any more. */
  holes: Range[];
  /** The first range that is absent for an unknown reason; nothing behind it is in `fresh`. */
  gap: Range | null;
}

/**
 * Sorts out a batch. `expected` is the next sequence of the log, or null when the first message decides;
 * `missing` are ranges known to be gone from the stream.
 */
export function arrange(expected: number | null, messages: readonly StoredMessage[], missing: readonly Range[] = []): Arranged {
  const arranged: Arranged = { repeats: [], fresh: [], holes: [], gap: null };
  const inOrder = [...messages].sort((a, b) => a.sequence - b.sequence);
  let next = expected ?? inOrder[0]?.sequence ?? 0;
  for (const message of inOrder) {
    if (message.sequence < next) {
      arranged.repeats.push(message);
      continue;
    }
    if (message.sequence > next) {
      const absent = { first: next, last: message.sequence - 1 };
      if (!missing.some((range) => range.first <= absent.first && absent.last <= range.last)) return { ...arranged, gap: absent };
      arranged.holes.push(absent);
    }
    arranged.fresh.push(message);
    next = message.sequence + 1;
  }
  return arranged;
}
