import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Envelope } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { injectTraceparent, readBaggage, SpanKind, withContext, withInnerSpan, withTraceparent } from '@granary/observability';
import type { Logger, SpanAttributes } from '@granary/observability';
import { laneKey } from './envelope';
import type { ConsumeMeters } from './consume-metrics';
import type { HeldEvent, HeldEvents, HoldRequest, Inbox, Lease, UnitOfWork } from './ports';
import { LIVE } from './ports';
import { readEvent } from './read-event';
import { CRASH_LIMIT, replayPolicy, settleFailure } from './settle';
import type { RetryPolicy } from './settle';
import type { DeliveryContext, Subscription } from './subscription';

export interface DelivererOptions {
  lease: Lease;
  subscriptions: readonly Subscription[];
  inbox: Inbox;
  held: HeldEvents;
  log: Logger;
  meters: ConsumeMeters;
  policy: RetryPolicy;
  handlerTimeoutMs: number;
  /** Whether a replay may rebuild rows and nothing else: what its handlers announce was announced the first time. */
  rebuilds: boolean;
  now: () => Date;
  random: () => number;
  /** Aborted when the partition group is about to be given away: nothing new is begun, what runs may end. */
  leaving: AbortSignal;
  /** Aborted when what runs cannot be settled any more; the reason is a Fault that says why. */
  over: AbortSignal;
  /** Called when a commit was refused because the partition group has another owner. */
  leaseLost: () => void;
}

/** A message of the stream, already out of its transport. */
export interface StoredEvent {
  position: number;
  /** It may be the reason why a process before this one ended. */
  suspect: boolean;
  tenant: string;
  /** As it was received. */
  body: () => string;
  /** Null when it could not be read; `reason` says why. */
  event: Envelope | null;
  reason: string;
}

interface Attempted {
  event: Envelope;
  position: number;
  heldId: string | null;
  run: string;
  firstAttempt: number;
  /** Whether its effects are committed, and with them the end of its held row. */
  applied: boolean;
}

interface AtWork {
  stored: StoredEvent;
  /** Later events of its key were put aside: it is among the held events itself, before them. */
  aside: boolean;
}

export type Outcome = { state: 'done' } | { state: 'left' } | { state: 'hold' | 'dead'; attempts: number; delayMs: number; code: string; message: string };
type Unhappy = Extract<Outcome, { attempts: number }>;

/** How long a begun attempt at a held event keeps others from beginning it again after a crash. */
const ATTEMPT_PAUSE_MS = 5_000;

/** Brings the events of one partition group to their handlers and settles what comes of it. Runs inside a lane. */
export class Deliverer {
  private readonly handlers: Map<string, Subscription['handle']>;
  /** Lane keys with held events, and how often something was appended to them here. */
  private readonly heldKeys: Map<string, number>;
  private readonly atWork = new Map<string, AtWork>();
  /** What is being written to the held events of a key: one after the other, so that they keep its order. */
  private readonly turns = new Map<string, Promise<void>>();

  constructor(
    private readonly options: DelivererOptions,
    heldKeys: Iterable<string>,
  ) {
    this.heldKeys = new Map([...heldKeys].map((lane) => [lane, 0]));
    this.handlers = new Map(options.subscriptions.map((subscription) => [subscription.type, subscription.handle]));
  }

  /** Whether a key (`tenant.key`) has held events: what arrives of it belongs behind them. */
  holds(lane: string): boolean {
    return this.heldKeys.has(lane);
  }

  runsSuspect(lane: string): boolean {
    return this.atWork.get(lane)?.stored.suspect === true;
  }

  /** Handles an event of a key without held events. True once it needs no further delivery; false when it was left for the next owner of the partition group. */
  async live(stored: StoredEvent): Promise<boolean> {
    const { event } = stored;
    if (!event) {
      await this.options.held.hold(this.holdRequest(stored, { state: 'dead', attempts: 0, nextAt: null, code: 'unreadable', message: stored.reason }));
      this.options.meters.settled('unreadable', 'dead');
      return true;
    }
    const lane = laneKey(stored.tenant, event.partitionkey);
    const work: AtWork = { stored, aside: false };
    this.atWork.set(lane, work);
    const outcome = (await this.suspicion(stored)) ?? (await this.attempt({ event, position: stored.position, heldId: null, run: LIVE, firstAttempt: 1, applied: false }));
    this.atWork.delete(lane);
    if (outcome.state === 'left') return false;
    if (work.aside) return this.settleAside(lane, stored, event, outcome);
    return outcome.state === 'done' || this.park(lane, stored, event, outcome);
  }

  /** Counts that an event is begun which may have ended a process before; too often, and it is not begun again. */
  private async suspicion({ suspect, position }: StoredEvent): Promise<Unhappy | null> {
    if (!suspect) return null;
    const begun = (await this.options.inbox.beginSuspect(this.options.lease, position)) - 1;
    if (begun < CRASH_LIMIT) return null;
    return { state: 'dead', attempts: begun, delayMs: 0, code: 'crash-loop', message: `the process ended ${begun} times while this event was handled` };
  }

  /**
   * Handles an event of a replay, from this attempt on. It is never held: whoever replays is told what became of it, waits
   * as long as the outcome says, and tries again.
   */
  replay(event: Envelope, position: number, run: string, firstAttempt: number): Promise<Outcome> {
    return this.attempt({ event, position, heldId: null, run, firstAttempt, applied: false }, replayPolicy(this.options.policy));
  }

  /** Writes events of a key behind what of it is at work or held, in this order. */
  putAside(lane: string, events: readonly StoredEvent[]): Promise<void> {
    const { held, meters } = this.options;
    const work = this.atWork.get(lane);
    const leader = work && !work.aside ? work.stored : null;
    if (work) work.aside = true;
    const requests = events.map((event) => this.holdRequest(event, { state: 'waiting', attempts: 0, nextAt: null, code: 'behind', message: 'an earlier event of this key is at work or held' }));
    if (leader) requests.unshift(this.holdRequest(leader, { state: 'held', attempts: 1, nextAt: this.later(ATTEMPT_PAUSE_MS), code: 'at-work', message: 'later events of its key were put aside while it was handled' }));
    return this.append(lane, async () => {
      if (held.holdAll) await held.holdAll(requests);
      else for (const request of requests) await held.hold(request);
      for (const { event } of events) if (event) meters.settled(event.type, 'waiting');
    });
  }

  /** Works off the held events of a key, first to last, until none is left or one has to wait. */
  async heldOf(tenant: string, key: string): Promise<void> {
    const { held, lease, leaving } = this.options;
    const lane = laneKey(tenant, key);
    for (;;) {
      await this.turns.get(lane);
      if (leaving.aborted) return;
      const appended = this.heldKeys.get(lane);
      const head = await held.head(lease, tenant, key);
      if (leaving.aborted) return;
      if (!head) {
        // What was appended after that look is still to be worked off.
        if (this.heldKeys.get(lane) !== appended) continue;
        this.heldKeys.delete(lane);
        return;
      }
      if (head.state === 'dead' || (head.nextAt !== null && head.nextAt > this.options.now())) return;
      if (!(await this.heldHead(head))) return;
    }
  }

  private async heldHead(head: HeldEvent): Promise<boolean> {
    const { held, lease, meters, policy } = this.options;
    const read = readEvent(`ev._.${head.tenant}`, head.body);
    if (read.state === 'unreadable') {
      await held.fail(lease, { heldId: head.heldId, attempts: head.attempts, state: 'dead', nextAt: null, code: 'unreadable', message: read.reason });
      meters.settled('unreadable', 'dead');
      return false;
    }
    const attempts = await held.beginAttempt(lease, head.heldId, this.later(ATTEMPT_PAUSE_MS)).catch(unlessGone);
    // It was discarded after that look at it.
    if (attempts === null) return true;
    const limit = policy.quickMs.length + policy.heldMs.length + 1;
    if (attempts > limit + CRASH_LIMIT) {
      await held.fail(lease, { heldId: head.heldId, attempts: attempts - 1, state: 'dead', nextAt: null, code: 'crash-loop', message: `begun ${attempts - 1} times without an end` });
      meters.settled(read.event.type, 'dead');
      return false;
    }
    const attempted: Attempted = { event: read.event, position: head.position, heldId: head.heldId, run: head.run, firstAttempt: attempts, applied: false };
    const outcome = await this.attempt(attempted);
    if (outcome.state === 'left') return false;
    if (outcome.state !== 'done') return this.failed(head.heldId, read.event.type, outcome);
    if (!attempted.applied) await held.finish(lease, head.heldId);
    return true;
  }

  /** An event that was at work when later ones of its key were put aside is the first of its held events; unless it was discarded. */
  private async settleAside(lane: string, { tenant, position }: StoredEvent, event: Envelope, outcome: Exclude<Outcome, { state: 'left' }>): Promise<true> {
    const { held, lease } = this.options;
    await this.turns.get(lane);
    const head = await held.head(lease, tenant, event.partitionkey);
    if (head?.position !== position) return true;
    if (outcome.state === 'done') await held.finish(lease, head.heldId);
    else await this.failed(head.heldId, event.type, outcome);
    return true;
  }

  private async failed(heldId: string, type: string, outcome: Unhappy): Promise<false> {
    const { held, lease, meters } = this.options;
    const state = outcome.state === 'hold' ? 'held' : 'dead';
    await held.fail(lease, { heldId, attempts: outcome.attempts, state, nextAt: state === 'held' ? this.later(outcome.delayMs) : null, code: outcome.code, message: outcome.message });
    meters.settled(type, state);
    return false;
  }

  private async attempt(attempted: Attempted, policy = this.options.policy): Promise<Outcome> {
    const { meters, random, leaving, over, log, lease } = this.options;
    const { event, position, run } = attempted;
    for (let attempt = attempted.firstAttempt; ; attempt += 1) {
      if (leaving.aborted) return { state: 'left' };
      const begun = performance.now();
      try {
        await this.call(attempted, attempt);
        meters.attempted(event.type, performance.now() - begun);
        if (run === LIVE) meters.settled(event.type, 'done', event.time);
        return { state: 'done' };
      } catch (error) {
        meters.attempted(event.type, performance.now() - begun);
        if (over.aborted) return { state: 'left' };
        if (isLeaseLost(error)) {
          this.options.leaseLost();
          return { state: 'left' };
        }
        meters.failed(event.type, Fault.from(error).kind);
        const settlement = settleFailure(error, attempt, random(), policy);
        log.warn({ err: error, consumer: lease.consumer, type: event.type, eventId: event.id, position, run, attempt, settlement: settlement.action }, 'handler failed');
        if (settlement.action === 'retry') {
          await delay(settlement.delayMs, undefined, { signal: leaving }).catch(() => undefined);
          continue;
        }
        if (settlement.action === 'hold') return { state: 'hold', attempts: attempt, delayMs: settlement.delayMs, code: settlement.code, message: settlement.message };
        if (settlement.action === 'dead') return { state: 'dead', attempts: attempt, delayMs: 0, code: settlement.code, message: settlement.message };
      }
    }
  }

  private call(attempted: Attempted, attempt: number): Promise<void> {
    const { event } = attempted;
    const handle = this.handlers.get(event.type);
    if (!handle) return Promise.reject(Fault.permanent('no-handler', `this version of the service has no handler for ${event.type}`));
    return withContext({ ...readBaggage(event.baggage), tenant: event.tenantid, correlationId: event.correlationid }, () =>
      withTraceparent(event.traceparent, `handle ${event.type}`, this.attributesOf(attempted, attempt), () => this.timed(handle, attempted, attempt)),
    );
  }

  private attributesOf({ event, position, run }: Attempted, attempt: number): SpanAttributes {
    return {
      'messaging.system': 'nats', 'messaging.operation.type': 'process', 'messaging.destination.name': 'EVENTS', 'messaging.message.id': event.id, 'messaging.consumer.group.name': this.options.lease.consumer,
      'granary.event.type': event.type, 'granary.event.position': position, 'granary.attempt': attempt, ...(run === LIVE ? {} : { 'granary.run': run }),
    };
  }

  private async timed(handle: Subscription['handle'], attempted: Attempted, attempt: number): Promise<void> {
    const { lease, inbox, handlerTimeoutMs, over, rebuilds } = this.options;
    const { event, position, heldId, run } = attempted;
    const ended = new AbortController();
    let expire: (fault: unknown) => void = () => undefined;
    const expiry = new Promise<never>((_, reject) => (expire = reject));
    const end = (fault: unknown) => {
      ended.abort(fault);
      expire(fault);
    };
    const timer = setTimeout(() => end(Fault.transient('handler-timeout', `the handler of ${event.type} took longer than ${handlerTimeoutMs} ms without a sign of work`)), handlerTimeoutMs);
    const giveUp = () => end(over.reason);
    over.addEventListener('abort', giveUp, { once: true });
    const cause = { tenant: event.tenantid, correlationId: event.correlationid, causationId: event.id, ...traceparentOf(injectTraceparent() ?? event.traceparent) };
    const delivery = { lease, run, tenant: event.tenantid, source: event.source, eventId: event.id, heldId };
    const context: DeliveryContext = {
      consumer: lease.consumer,
      run,
      replay: run !== LIVE,
      attempt,
      position,
      signal: ended.signal,
      working: () => void timer.refresh(),
      once: async (work) => {
        const once = () => inbox.once(delivery, cause, ended.signal, run !== LIVE && rebuilds ? (unit) => work(silent(unit)) : work);
        const result = await withInnerSpan('transaction', () => DATABASE, once, SpanKind.CLIENT);
        attempted.applied = true;
        return result;
      },
    };
    try {
      await Promise.race([handle(event as never, context), expiry]);
    } finally {
      clearTimeout(timer);
      over.removeEventListener('abort', giveUp);
    }
  }

  private async park(lane: string, stored: StoredEvent, event: Envelope, { state, attempts, delayMs, code, message }: Unhappy): Promise<true> {
    const held = state === 'hold' ? 'held' : 'dead';
    const request = this.holdRequest(stored, { state: held, attempts, nextAt: held === 'held' ? this.later(delayMs) : null, code, message });
    await this.append(lane, () => this.options.held.hold(request));
    this.options.meters.settled(event.type, held);
    return true;
  }

  private holdRequest(stored: StoredEvent, as: Pick<HoldRequest, 'state' | 'attempts' | 'nextAt' | 'code' | 'message'>): HoldRequest {
    const key = stored.event?.partitionkey ?? `unreadable-${stored.position}`;
    return { lease: this.options.lease, run: LIVE, tenant: stored.tenant, key, position: stored.position, event: stored.event, body: stored.body(), ...as };
  }

  /** From here on the key is held. When a write fails, none follows it: nothing may stand before what is missing. */
  private async append(lane: string, write: () => Promise<void>): Promise<void> {
    this.heldKeys.set(lane, (this.heldKeys.get(lane) ?? 0) + 1);
    const written = (this.turns.get(lane) ?? Promise.resolve()).then(write);
    this.turns.set(lane, written);
    await written;
    if (this.turns.get(lane) === written) this.turns.delete(lane);
  }

  private later(ms: number): Date {
    return new Date(this.options.now().getTime() + ms);
  }
}

const DATABASE = { 'db.system.name': 'postgresql', 'db.operation.name': 'transaction' };

/** It changes rows and tells nobody. */
function silent({ manager }: UnitOfWork): UnitOfWork {
  return { manager, announce: () => randomUUID() };
}

function traceparentOf(traceparent: string | undefined): { traceparent?: string } {
  return traceparent === undefined ? {} : { traceparent };
}

function unlessGone(error: unknown): null {
  if (error instanceof Fault && error.code === 'held-event-gone') return null;
  throw error;
}

/** The partition group has another owner: its deliveries are no longer ours to settle. */
export function isLeaseLost(error: unknown): boolean {
  return error instanceof Fault && error.code === 'lease-lost';
}
