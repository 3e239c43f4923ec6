import type { AuditLogStatusResponse, LogPosition } from '@granary/contracts';
import { BEGINNING, comparePositions, positionText } from './position';

/** From where to where the log goes, and how far the stream is that it is written from. */
export type LogBounds = Pick<AuditLogStatusResponse, 'first' | 'epoch' | 'sequence' | 'streamSequence'>;

/**
 * Why nobody can go on behind a position without a gap; null when that is possible. A log that was restored from a backup
 * and is behind the position for the moment reads those events from the stream again, so whoever saw them already just waits.
 */
export function whyNotFrom(position: LogPosition, { first, epoch, sequence, streamSequence }: LogBounds): string | null {
  if (comparePositions(position, BEGINNING) === 0) return null;
  const end = { epoch, sequence };
  const mayComeAgain = position.epoch === epoch && position.sequence <= streamSequence;
  if (comparePositions(position, end) > 0 && !mayComeAgain) {
    return `position ${positionText(position)} lies behind the end of the event log, ${positionText(end)}: it is of another log, or of one that was lost; ${BEGIN_ANEW}`;
  }
  if (first !== null && comparePositions(position, { epoch: first.epoch, sequence: first.sequence - 1 }) < 0) {
    return `the event log begins with ${positionText(first)}, and what followed position ${positionText(position)} is gone; ${BEGIN_ANEW}`;
  }
  return null;
}

/** Where a window of the end of the log begins, so many sequences back: in the newest epoch, and not before what there is. */
export function windowStart({ first, epoch, sequence }: Omit<LogBounds, 'streamSequence'>, lookBack: number): LogPosition {
  const earliest = first?.epoch === epoch ? first.sequence - 1 : 0;
  return { epoch, sequence: Math.max(earliest, sequence - lookBack) };
}

const BEGIN_ANEW = 'begin anew without Last-Event-ID, or with after=0:0 to get everything that there still is';
