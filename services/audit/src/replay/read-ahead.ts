import { PARTITIONS } from '@granary/contracts';
import type { Position } from '../record/position';
import type { LoggedMessage } from '../store/search.store';
import { groupOf } from './tally';

export const before = (a: Position, b: Position): boolean => a.epoch < b.epoch || (a.epoch === b.epoch && a.sequence < b.sequence);

const earlier = (a: Position, b: Position): Position => (before(a, b) ? a : b);

/** Sequences that one query walks through at most: few events may match, and whoever asks waits. */
const SPAN = 100_000;
/** Bytes of events that are handed out together: an answer has to fit a message of the broker. */
const MOST_BYTES = 512 * 1_024;
/** Events of one page. */
const PAGE = { least: 20, most: 500 };

/** What the log is asked for. */
export interface LogPages {
  /** Events that match, behind `after` and before `before`. */
  page(bounds: { after: Position; before: Position; limit: number }): Promise<{ messages: LoggedMessage[]; next: Position | null }>;
  /** Where the log goes on behind a position, whatever stands there. */
  nextBehind(position: Position): Promise<Position | null>;
}

export interface ReadAhead {
  messages: LoggedMessage[];
  /** Nothing between where it began and there was left out. */
  through: Position;
}

/**
 * Reads on in the log from a cursor until `until`, included, and keeps what is of one partition group: `count` events at
 * most, or what is found before `late`.
 */
export async function readAhead(log: LogPages, { cursor, until, group, groups, count, late }: { cursor: Position; until: Position; group: number; groups: number; count: number; late: () => boolean }): Promise<ReadAhead> {
  const messages: LoggedMessage[] = [];
  const end = { epoch: until.epoch, sequence: until.sequence + 1 };
  const limit = Math.min(PAGE.most, Math.max(PAGE.least, Math.min(count, PARTITIONS * PAGE.most) * groups * 2));
  let through = cursor;
  let bytes = 0;
  while (before(through, until)) {
    const bound = earlier({ epoch: through.epoch, sequence: through.sequence + SPAN }, end);
    const page = await log.page({ after: through, before: bound, limit });
    for (const message of page.messages) {
      if (groupOf(message.tenant, message.key, groups) !== group) continue;
      bytes += Buffer.byteLength(message.body);
      if (messages.length > 0 && bytes > MOST_BYTES) return { messages, through };
      messages.push(message);
      through = message.position;
      if (messages.length === count) return { messages, through };
    }
    through = page.next ?? (await behindSpan(log, bound, until));
    if (late()) break;
  }
  return { messages, through };
}

/** A span may end in a hole, or with its epoch. */
async function behindSpan(log: LogPages, bound: Position, until: Position): Promise<Position> {
  const last = { epoch: bound.epoch, sequence: bound.sequence - 1 };
  if (!before(last, until)) return until;
  const next = await log.nextBehind(last);
  return next === null || before(until, next) ? until : { epoch: next.epoch, sequence: next.sequence - 1 };
}
