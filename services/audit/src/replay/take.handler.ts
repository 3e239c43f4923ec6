import type { AuditReplayReportRequest, AuditReplayReportResponse, AuditReplayTakeRequest, AuditReplayTakeResponse, Envelope } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext, RpcHandler } from '@granary/messaging';
import { serve } from '@granary/messaging';
import { asEvent } from '../search/as-event';
import type { OpenPart, ReplayStore } from '../store/replay.store';
import type { SearchStore } from '../store/search.store';
import type { ReplayMeters } from '../watch/replay-metrics';
import { allowanceOf } from './allowance';
import type { ReplayConsumer } from './consumers';
import type { Ending } from './end.handler';
import { before, readAhead, type LogPages } from './read-ahead';
import { filterOf } from './selection';

export interface TakeDeps {
  replays: ReplayStore;
  search: SearchStore;
  consumers: ReadonlyMap<string, ReplayConsumer>;
  ending: Ending;
  meters: ReplayMeters;
  now: () => Date;
}

/** An event that was handed out alone as often as this, and ended its owner each time, is not handed out again. */
const CRASH_LIMIT = 3;
/** Events handed out together. */
const MOST = 500;
/** How long an answer is looked for before it is said to ask again. */
const PATIENCE_MS = 1_000;

/** What the owners of partition groups ask and tell. */
export const takeRpcs = (deps: TakeDeps): RpcHandler[] => [
  serve('audit.replay.take', async (request, context) => {
    refuseForeign(request.consumer, context, deps);
    return take(deps, request);
  }),
  serve('audit.replay.report', async (request, context) => {
    refuseForeign(request.consumer, context, deps);
    return report(deps, request);
  }),
];

/** A service is told of its own consumers only. */
function refuseForeign(consumer: string, { access }: RpcContext, { consumers }: TakeDeps): void {
  if (access !== null && consumers.get(consumer)?.identity !== access.name) throw Fault.permanent('foreign-consumer', `${consumer} is not a consumer of ${access.name}, says its access document`);
}

async function take(deps: TakeDeps, { consumer, group, groups, crashed }: AuditReplayTakeRequest): Promise<AuditReplayTakeResponse> {
  const { replays, ending, now } = deps;
  if (crashed) await replays.suspect({ consumer, group });
  const begun = performance.now();
  const late = () => performance.now() - begun > PATIENCE_MS;
  let retryAfterMs: number | null = null;
  for (const part of await replays.openParts({ consumer, group }, now())) {
    if (part.groups !== groups) {
      await ending.fail(part.jobId, 'groups-changed', `${consumer} is cut into ${groups} partition groups, and was into ${part.groups} when the replay was planned; plan it anew`);
      continue;
    }
    const allowance = allowanceOf(part, now());
    const batch = allowance.events === 0 ? null : await next(deps, part, Math.min(allowance.events, MOST), late);
    if (batch) return { batch, retryAfterMs: null };
    // Nothing was found in time, or what was found is not handed out: there may be more behind it.
    retryAfterMs = Math.min(retryAfterMs ?? Infinity, allowance.afterMs);
    if (late()) break;
  }
  return { batch: null, retryAfterMs };
}

async function next(deps: TakeDeps, part: OpenPart, allowed: number, late: () => boolean): Promise<AuditReplayTakeResponse['batch']> {
  const { replays, ending, now } = deps;
  const { jobId, group, groups, cursor, until } = part;
  const alone = before(cursor, part.careful);
  const { messages, through } = await readAhead(pagesOf(deps.search, part), { cursor, until, group, groups, count: alone ? 1 : allowed, late });
  const [first] = messages;
  if (first === undefined) {
    await ending.advance({ jobId, group, from: cursor, through, handled: 0, failures: [] });
    return null;
  }
  if (alone && part.begun >= CRASH_LIMIT) {
    const { position, tenant, key, eventId, type: eventType } = first;
    const failure = { position, tenant, key, eventId, eventType, attempts: part.begun, code: 'crash-loop', message: `the process ended ${part.begun} times while this event was handled` };
    await ending.advance({ jobId, group, from: cursor, through, handled: 0, failures: [failure] });
    return null;
  }
  if (!(await replays.hand(part, through, messages.length, now()))) return null;
  return { jobId, from: cursor, through, entries: messages.map((message) => ({ position: message.position, event: asEvent(message) as Envelope })) };
}

function pagesOf(search: SearchStore, { selection }: OpenPart): LogPages {
  const filter = filterOf(selection);
  const { tenant } = selection;
  return {
    page: (bounds) => (tenant === null ? search.pageAcross({ ...filter, ...bounds, order: 'asc' }) : search.page(tenant, { ...filter, ...bounds, order: 'asc' })),
    nextBehind: (position) => search.nextBehind(position),
  };
}

async function report({ replays, ending, meters, now }: TakeDeps, { consumer, group, jobId, from, through, handled, failures }: AuditReplayReportRequest): Promise<AuditReplayReportResponse> {
  const state = await replays.touch(jobId, consumer, group, now());
  if (state === null) throw Fault.permanent('replay-not-found', `there is no replay ${jobId} to ${consumer}`);
  if (!before(from, through)) return { state };
  if (await ending.advance({ jobId, group, from, through, handled, failures })) {
    meters.replayed('handled', handled);
    meters.replayed('failed', failures.length);
  }
  return { state };
}
