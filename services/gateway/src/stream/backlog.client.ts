import type { AuditLogReadRequest, LogPosition } from '@granary/contracts';
import type { RpcClient } from '@granary/messaging';
import { shows, type StreamFilter } from './filter';
import { framed, READ_TIMEOUT_MS } from './log-follower.worker';
import { throughOf } from './next-step';

/** A page of what one stream has missed. */
export interface BacklogPage {
  readonly frames: readonly Buffer[];
  /** How far the stream is with it. */
  readonly through: LogPosition;
}

export interface BacklogRange {
  readonly after: LogPosition;
  /** Included. */
  readonly upTo: LogPosition;
}

export type ReadBacklog = (range: BacklogRange, filter: StreamFilter) => Promise<BacklogPage>;

const PAGE = 500;

/** Reads the log for streams that stand before the window, a bounded page at a time, and not for all of them at once. */
export function createBacklog({ rpc, atOnce }: { readonly rpc: RpcClient; readonly atOnce: number }): ReadBacklog {
  const inTurn = createTurns(atOnce);
  return (range, filter) =>
    inTurn(async () => {
      const { entries, next } = await rpc.call('audit.log.read', requestOf(range, filter), { tenant: filter.tenant, timeoutMs: READ_TIMEOUT_MS });
      return { frames: entries.filter((entry) => shows(filter, entry)).map((entry) => framed(entry).frame), through: throughOf(next, range.upTo) };
    });
}

/** What the log can look for by itself; the filter looks at the rest. */
export function requestOf({ after, upTo }: BacklogRange, { tenant, types, key, correlationId, repositories }: StreamFilter): AuditLogReadRequest {
  const [only] = repositories !== 'all' && repositories.size === 1 ? repositories : [];
  const known = key ?? only;
  return {
    after,
    before: { epoch: upTo.epoch, sequence: upTo.sequence + 1 },
    tenant,
    ...(types && { types: [...types] }),
    ...(known !== undefined && { key: known }),
    ...(correlationId !== undefined && { correlationId }),
    limit: PAGE,
  };
}

/** Runs at most so many at once; the others wait in line. */
function createTurns(atOnce: number): <R>(work: () => Promise<R>) => Promise<R> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
