import type { StreamState } from './log-source';
import type { Range } from './position';

/** A gap that was met, and how often in a row. */
export interface Suspicion {
  gap: Range;
  met: number;
}

export type Verdict =
  /** The stream does not have the messages any more. */
  | { state: 'missing'; range: Range }
  /** Somebody else may have taken them from the consumer: read again from the gap's first sequence, after a pause. */
  | { state: 'read-again'; suspicion: Suspicion; pauseMs: number };

/**
 * Decides whether an absent range is a hole. Expired messages are known by the stream's first sequence. Others are read
 * for again: the consumer may be ahead of a log that was restored from a backup, and a writer that does not yet know it
 * was replaced may have taken them; after the time of its lease it has not.
 */
export function judgeGap(gap: Range, stream: StreamState, before: Suspicion | null, leaseTtlMs: number): Verdict {
  if (stream.firstSequence > gap.last) return { state: 'missing', range: gap };
  const met = before !== null && before.gap.first === gap.first && before.gap.last === gap.last ? before.met + 1 : 1;
  if (met > 2) return { state: 'missing', range: gap };
  return { state: 'read-again', suspicion: { gap, met }, pauseMs: met === 1 ? 0 : leaseTtlMs };
}
