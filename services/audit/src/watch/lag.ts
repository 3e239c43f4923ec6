import type { LogTail } from '../record/epoch';
import type { StreamState } from '../record/log-source';

/** Messages that the stream still holds and the log does not. */
export function lagMessages(tail: LogTail | null, stream: StreamState): number {
  const logged = tail !== null && tail.streamCreated === stream.created ? (tail.lastSequence ?? 0) : 0;
  return Math.max(0, stream.lastSequence - Math.max(logged, stream.firstSequence - 1));
}

/**
 * Seconds since the log last had everything, as far as is known: since it was seen without lag, or since its last event
 * was stored, whichever is later. 0 without lag.
 */
export function lagSeconds(messages: number, completeAt: Date | null, lastStoredAt: Date | null, now: Date): number {
  if (messages === 0) return 0;
  const complete = Math.max(completeAt?.getTime() ?? 0, lastStoredAt?.getTime() ?? 0);
  return complete === 0 ? 0 : Math.max(0, (now.getTime() - complete) / 1_000);
}

/**
 * Seconds until the stream may throw away an event that is not logged yet: never more than there are. Infinite when it
 * keeps everything.
 */
export function marginSeconds(maxAgeMs: number, secondsBehind: number): number {
  return maxAgeMs === 0 ? Infinity : Math.max(0, maxAgeMs / 1_000 - secondsBehind);
}
