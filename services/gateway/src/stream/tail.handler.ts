import type { AuditLogStatusResponse, LogPosition } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcClient } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import { PLATFORM_TENANT } from '@granary/security';
import type { ReadBacklog } from './backlog.client';
import { UNEXPECTED } from './ending';
import type { StreamFilter } from './filter';
import { eventFrame } from './frame';
import type { LogFollower } from './log-follower.worker';
import { LogStream } from './log-stream.worker';
import { comparePositions, laterOf, positionText } from './position';
import { whyNotFrom } from './resume';
import type { Opening, Streams } from './streams.worker';
import type { Window } from './window';

export interface TailDeps {
  readonly rpc: RpcClient;
  readonly follower: LogFollower;
  readonly streams: Streams;
  readonly readBacklog: ReadBacklog;
  readonly log: Logger;
}

export interface TailRequest extends Pick<Opening, 'take' | 'claims'> {
  readonly filter: StreamFilter;
  /** Behind which the stream begins; null for the end of the log as it is now. */
  readonly after: LogPosition | null;
}

/**
 * Opens a stream of the log's events, from a position on and without end. Faults before anything is sent: `too-many-streams`,
 * `streams-full`, `position-gone`, and those of asking the log.
 */
export async function openTail(deps: TailDeps, { filter, after, take, claims }: TailRequest): Promise<void> {
  const { follower, streams, readBacklog, log } = deps;
  const seat = streams.seats.take(claims.sub);
  let stream: LogStream | null = null;
  const grown = () => stream?.pump();
  try {
    const { window, end } = await follower.join(grown);
    const start = after ?? laterOf(window.end, end);
    if (after) await refuseGone(deps.rpc, after, window);
    let told = start;
    const bookmark = () => {
      if (stream === null || comparePositions(stream.position, told) === 0) return null;
      told = stream.position;
      return positionText(told);
    };
    const connection = streams.begin({ take, claims, seat, bookmark, onEnd: () => follower.leave(grown) });
    // Whoever is cut off before the first event knows all the same where to go on.
    connection.send(eventFrame({ id: positionText(start), event: 'begin', data: JSON.stringify({ position: positionText(start) }) }));
    const fail = (error: unknown) => {
      log.error({ err: error, position: positionText(start) }, 'a stream could not read what it has missed');
      connection.end(UNEXPECTED);
    };
    stream = new LogStream(start, { connection, window, filter, readBacklog, sent: (events) => streams.sent(events), fail });
    stream.pump();
  } catch (error) {
    seat();
    follower.leave(grown);
    throw error;
  }
}

async function refuseGone(rpc: RpcClient, after: LogPosition, window: Window): Promise<void> {
  // What the window reaches is there.
  if (window.covers(after) && comparePositions(after, window.end) <= 0) return;
  const bounds: AuditLogStatusResponse = await rpc.call('audit.log.status', {}, { tenant: PLATFORM_TENANT });
  const why = whyNotFrom(after, bounds);
  if (why !== null) throw Fault.permanent('position-gone', why);
}
