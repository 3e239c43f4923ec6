import { Fault } from '@granary/faults';
import type { Bucket } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Answer } from '../call/answer-of';
import type { PreparedCall } from '../call/call.handler';
import type { Caller } from '../identify/identify.guard';
import type { CallRoute } from '../routes/route';
import { decideAgain, isKey, placeOf, printOf, rememberAnswer, rememberFailure, type Remembered } from './repeat';

export interface RepeatDeps {
  readonly bucket: Bucket;
  readonly log: Logger;
  readonly now: () => Date;
  readonly patienceMs: number;
}

export interface KeyedRequest {
  readonly route: CallRoute;
  readonly key: string;
  readonly caller: Caller;
  readonly call: PreparedCall;
}

/** Does a write once for each key of its principal, also when it is sent to several gateways at once. */
export const doOnce = (deps: RepeatDeps) => async ({ route, key, caller, call }: KeyedRequest): Promise<Answer> => {
  if (!isKey(key)) throw Fault.permanent('bad-idempotency-key', 'an Idempotency-Key has 1 to 255 printable ASCII characters without spaces');
  const { bucket, now, patienceMs } = deps;
  const place = placeOf(caller.claims.tid, caller.claims.sub, key);
  const print = printOf(key, route.method, route.path, call.request);
  const claim: Remembered = { state: 'under-way', print, since: now().getTime() };

  const before = await bucket.read(place);
  if (before) {
    const decision = decideAgain(JSON.parse(before.value) as Remembered, { print, repeat: route.repeat, now: now().getTime(), patienceMs });
    if (decision.state === 'refuse') throw decision.fault;
    if (decision.state === 'replay') return { ...decision.answer, headers: { ...decision.answer.headers, 'idempotency-replayed': 'true' } };
  }
  const revision = await bucket.write(place, JSON.stringify(claim), before?.revision ?? 0);
  if (revision === null) throw Fault.permanent('request-under-way', 'another request with this Idempotency-Key has just begun; wait for its answer');
  return perform(deps, { route, call, place, print, revision });
};

interface Claimed {
  readonly route: CallRoute;
  readonly call: PreparedCall;
  readonly place: string;
  readonly print: string;
  readonly revision: number;
}

async function perform(deps: RepeatDeps, { route, call, place, print, revision }: Claimed): Promise<Answer> {
  try {
    const answer = await call.perform();
    await remember(deps, place, revision, rememberAnswer(print, answer, route.secret));
    return answer;
  } catch (error) {
    await remember(deps, place, revision, rememberFailure(print, Fault.from(error), route.repeat));
    throw error;
  }
}

/** What cannot be remembered stays under way, which is safe: nobody does it again before looking. */
async function remember({ bucket, log }: RepeatDeps, place: string, revision: number, what: Remembered | null): Promise<void> {
  try {
    if (what === null) await bucket.remove(place, revision);
    else await bucket.write(place, JSON.stringify(what), revision);
  } catch (error) {
    log.warn({ err: error }, 'the outcome of a request could not be kept for its Idempotency-Key');
  }
}
