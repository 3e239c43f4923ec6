import type { Clock } from './clock';
import type { StreamState } from './log-source';

/** The newest epoch of the log and how far it is written. */
export interface LogTail {
  epoch: number;
  streamCreated: string;
  previousEpoch: number | null;
  /** First sequence that belongs to the epoch; null when its first delivery decides. */
  firstSequence: number | null;
  /** Null while the epoch has no rows. */
  lastSequence: number | null;
  /** When the stream stored the last row. */
  lastStoredAt: Date | null;
  clock: Clock;
}

export type EpochReason = 'first' | 'recreated' | 'restored' | 'closed';

export type EpochDecision =
  | { state: 'continue'; epoch: number; previousEpoch: number | null; /** Null: the first delivery decides. */ expected: number | null }
  | { state: 'open'; epoch: number; reason: EpochReason; previousEpoch: number | null; /** Null: the first delivery decides. */ firstSequence: number | null };

/**
 * Whether the stream is still the one that the log was written from. A stream that was created anew counts from 1. One
 * that was restored from a backup has sequences again that the log has seen, partly with the same events; its epoch begins
 * with the first event that differs. Restored elsewhere it is a new one for the server, and says whose place it takes. `closedEpoch` is an operator's word that this epoch is over, whatever the stream says.
 */
export function decideEpoch(tail: LogTail | null, stream: StreamState, closedEpoch: number | null = null): EpochDecision {
  if (tail === null) return { state: 'open', epoch: 1, reason: 'first', previousEpoch: null, firstSequence: 1 };
  const open = { state: 'open', epoch: tail.epoch + 1, previousEpoch: tail.epoch } as const;
  if (stream.created !== tail.streamCreated) return stream.restoredFrom === tail.streamCreated ? { ...open, reason: 'restored', firstSequence: null } : { ...open, reason: 'recreated', firstSequence: 1 };
  if (tail.lastSequence !== null && stream.lastSequence < tail.lastSequence) return { ...open, reason: 'restored', firstSequence: null };
  if (closedEpoch === tail.epoch) return { ...open, reason: 'closed', firstSequence: null };
  return { state: 'continue', epoch: tail.epoch, previousEpoch: tail.previousEpoch, expected: tail.lastSequence === null ? tail.firstSequence : tail.lastSequence + 1 };
}
