import type { AuditEventsSearchRequest, AuditEventsSearchResponse, LoggedEvent, LogPosition } from '@granary/contracts';
import { isFault } from '@granary/faults';
import type { RpcClient } from '@granary/messaging';
import { type Clock, systemClock } from './poll';

/** What to look for in the event log: the filters of `audit.events.search`, without order and paging. */
export type EventQuery = Omit<AuditEventsSearchRequest, 'order' | 'limit' | 'after' | 'before'>;

const PAGE = 500;
const TAIL_DELAY_MS = 250;

export interface SearchOptions {
  /** Begin behind this position. */
  after?: LogPosition;
  limit?: number;
}

/** All events that match, oldest first, page by page. */
export async function* searchEvents(rpc: RpcClient, query: EventQuery, { after, limit = Infinity }: SearchOptions = {}): AsyncGenerator<LoggedEvent> {
  let from = after ?? null;
  for (let left = limit; left > 0; ) {
    const page = await readPage(rpc, query, from, Math.min(left, PAGE));
    yield* page.events;
    left -= page.events.length;
    if (page.next === null) return;
    from = page.next;
  }
}

/** All events that match in one list; for queries that match a bounded number. */
export async function allEvents(rpc: RpcClient, query: EventQuery, options: SearchOptions = {}): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for await (const logged of searchEvents(rpc, query, options)) events.push(logged);
  return events;
}

/** The newest events that match, at most `limit`, the oldest of them first. */
export async function latestEvents(rpc: RpcClient, query: EventQuery, limit: number): Promise<LoggedEvent[]> {
  const found: LoggedEvent[] = [];
  let before: { before?: LogPosition } = {};
  while (found.length < limit) {
    const page = await rpc.call('audit.events.search', { ...query, order: 'desc', limit: Math.min(limit - found.length, PAGE), ...before });
    found.push(...page.events);
    if (page.next === null) break;
    before = { before: page.next };
  }
  return found.reverse();
}

export interface TailOptions {
  /** Begin behind this position. */
  after: LogPosition;
  signal: AbortSignal;
  clock?: Clock;
  /** Called with the first transient fault of a row: the tail goes on where it was once the log answers again. */
  onTrouble?: (error: Error) => void;
}

/** Events that match as they are logged, in order and without end, until the signal is aborted. Faults: permanent ones of the call. */
export async function* tailEvents(rpc: RpcClient, query: EventQuery, { after, signal, clock = systemClock, onTrouble }: TailOptions): AsyncGenerator<LoggedEvent> {
  let from = after;
  // A call that is cut off by the end of the tail is no trouble.
  const next = patientReader(rpc, query, (fault) => void (!signal.aborted && onTrouble?.(fault)));
  while (!signal.aborted) {
    const page = await untilAborted(signal, next(from));
    for (const logged of page?.events ?? []) {
      yield logged;
      from = logged.position;
    }
    if (!page?.next) await clock.sleep(TAIL_DELAY_MS, signal).catch(() => undefined);
  }
}

// Tells of the first trouble of a row only.
function patientReader(rpc: RpcClient, query: EventQuery, onTrouble: NonNullable<TailOptions['onTrouble']>): (after: LogPosition) => Promise<AuditEventsSearchResponse | null> {
  let troubled = false;
  return async (after) => {
    try {
      const page = await readPage(rpc, query, after, PAGE);
      troubled = false;
      return page;
    } catch (error) {
      if (!isFault(error) || error.kind === 'permanent') throw error;
      if (!troubled) onTrouble(error);
      troubled = true;
      return null;
    }
  };
}

// A call may take seconds to time out; whoever ends the tail should not wait for it.
async function untilAborted<R>(signal: AbortSignal, work: Promise<R>): Promise<R | null> {
  const ended = Promise.withResolvers<null>();
  const onAbort = (): void => ended.resolve(null);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function readPage(rpc: RpcClient, query: EventQuery, after: LogPosition | null, limit: number): Promise<AuditEventsSearchResponse> {
  return rpc.call('audit.events.search', { ...query, order: 'asc', limit, ...(after ? { after } : {}) });
}
