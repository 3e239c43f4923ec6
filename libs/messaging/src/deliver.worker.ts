import { setTimeout as delay } from 'node:timers/promises';
import type { Envelope } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { injectTraceparent, withContext, withTraceparent } from '@granary/observability';
import type { Logger } from '@granary/observability';
import { laneKey } from './envelope';
import type { ConsumeMeters } from './consume-metrics';
import type { HeldEvent, HeldEvents, Inbox, Lease } from './ports';
import { LIVE } from './ports';
import { readEvent } from './read-event';
import { CRASH_LIMIT, settleFailure } from './settle';
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
  now: () => Date;
  random: () => number;
  /** Aborted when the partition group is about to be given away: nothing new is begun, what runs may end. */
  leaving: AbortSignal;
  /** Aborted when the partition group is no longer ours: what runs cannot be settled any more. */
  lost: AbortSignal;
}

/** A message of the stream, already out of its transport. */
export interface StoredEvent {
  position: number;
  /** It may be the reason why a process before this one ended. */
  suspect: boolean;
  tenant: string;
  body: string;
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
}

type Outcome = { state: 'done' } | { state: 'left' } | { state: 'hold' | 'dead'; attempts: number; delayMs: number; code: string; message: string };

/** How long a begun attempt at a held event keeps others from beginning it again after a crash. */
const ATTEMPT_PAUSE_MS = 5_000;

/** Brings the events of one partition group to their handlers and settles what comes of it. Runs inside a lane. */
export class Deliverer {
  private readonly handlers: Map<string, Subscription['handle']>;
  private readonly heldKeys: Set<string>;

  constructor(
    private readonly options: DelivererOptions,
    heldKeys: Iterable<string>,
  ) {
    this.heldKeys = new Set(heldKeys);
    this.handlers = new Map(options.subscriptions.map((subscription) => [subscription.type, subscription.handle]));
  }

  /** True once the event needs no further delivery; false when it was left for the next owner of the partition group. */
  async live(stored: StoredEvent): Promise<boolean> {
    const { event, position, tenant } = stored;
    if (!event) return this.park(stored, `unreadable-${position}`, 'dead', 0, null, 'unreadable', stored.reason);
    const key = event.partitionkey;
    if (this.heldKeys.has(laneKey(tenant, key))) return this.park(stored, key, 'waiting', 0, null, 'behind', 'an earlier event of this key is held');
    if (stored.suspect) {
      const begun = await this.options.inbox.beginSuspect(this.options.lease, position);
      if (begun > CRASH_LIMIT) return this.park(stored, key, 'dead', begun - 1, null, 'crash-loop', `the process ended ${begun - 1} times while this event was handled`);
    }
    const outcome = await this.attempt({ event, position, heldId: null, run: LIVE, firstAttempt: 1 });
    if (outcome.state === 'left') return false;
    if (outcome.state === 'done') return true;
    const nextAt = outcome.state === 'hold' ? this.later(outcome.delayMs) : null;
    return this.park(stored, key, outcome.state === 'hold' ? 'held' : 'dead', outcome.attempts, nextAt, outcome.code, outcome.message);
  }

  /** Works off the held events of a key, first to last, until none is left or one has to wait. */
  async heldOf(tenant: string, key: string): Promise<void> {
    const { held, lease, leaving } = this.options;
    while (!leaving.aborted) {
      const head = await held.head(lease, tenant, key);
      if (!head) {
        this.heldKeys.delete(laneKey(tenant, key));
        return;
      }
      if (head.state === 'dead' || (head.nextAt !== null && head.nextAt > this.options.now())) return;
      if (!(await this.heldHead(head))) return;
    }
  }

  private async heldHead(head: HeldEvent): Promise<boolean> {
    const { held, lease, policy } = this.options;
    const read = readEvent(`ev._.${head.tenant}`, head.body);
    if (read.state === 'unreadable') {
      await held.fail(lease, { heldId: head.heldId, attempts: head.attempts, state: 'dead', nextAt: null, code: 'unreadable', message: read.reason });
      return false;
    }
    const attempts = await held.beginAttempt(lease, head.heldId, this.later(ATTEMPT_PAUSE_MS));
    const limit = policy.quickMs.length + policy.heldMs.length + 1;
    if (attempts > limit + CRASH_LIMIT) {
      await held.fail(lease, { heldId: head.heldId, attempts: attempts - 1, state: 'dead', nextAt: null, code: 'crash-loop', message: `begun ${attempts - 1} times without an end` });
      return false;
    }
    const outcome = await this.attempt({ event: read.event, position: head.position, heldId: head.heldId, run: head.run, firstAttempt: attempts });
    if (outcome.state === 'left') return false;
    if (outcome.state === 'done') {
      await held.finish(lease, head.heldId);
      return true;
    }
    const state = outcome.state === 'hold' ? 'held' : 'dead';
    await held.fail(lease, { heldId: head.heldId, attempts: outcome.attempts, state, nextAt: state === 'held' ? this.later(outcome.delayMs) : null, code: outcome.code, message: outcome.message });
    this.options.meters.settled(read.event.type, state);
    return false;
  }

  private async attempt(attempted: Attempted): Promise<Outcome> {
    const { meters, policy, random, leaving, lost, log, lease } = this.options;
    const { event, position } = attempted;
    for (let attempt = attempted.firstAttempt; ; attempt += 1) {
      if (leaving.aborted) return { state: 'left' };
      const stopClock = meters.time(event.type);
      try {
        await this.call(attempted, attempt);
        stopClock();
        meters.settled(event.type, 'done');
        return { state: 'done' };
      } catch (error) {
        stopClock();
        if (lost.aborted || isLeaseLost(error)) return { state: 'left' };
        const settlement = settleFailure(error, attempt, random(), policy);
        log.warn({ err: error, consumer: lease.consumer, type: event.type, eventId: event.id, position, attempt, settlement: settlement.action }, 'handler failed');
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
    return withContext({ tenant: event.tenantid, correlationId: event.correlationid }, () =>
      withTraceparent(event.traceparent, `handle ${event.type}`, { 'messaging.message.id': event.id, 'messaging.consumer.group.name': this.options.lease.consumer }, () => this.timed(handle, attempted, attempt)),
    );
  }

  private async timed(handle: Subscription['handle'], { event, position, heldId, run }: Attempted, attempt: number): Promise<void> {
    const { lease, inbox, handlerTimeoutMs, lost } = this.options;
    const ended = new AbortController();
    let expire: (fault: Fault) => void = () => undefined;
    const expiry = new Promise<never>((_, reject) => (expire = reject));
    const end = (fault: Fault) => {
      ended.abort(fault);
      expire(fault);
    };
    const timer = setTimeout(() => end(Fault.transient('handler-timeout', `the handler of ${event.type} took longer than ${handlerTimeoutMs} ms without a sign of work`)), handlerTimeoutMs);
    const lose = () => end(Fault.transient('lease-lost', 'the partition group was taken over'));
    lost.addEventListener('abort', lose, { once: true });
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
      once: (work) => inbox.once(delivery, cause, ended.signal, work),
    };
    try {
      await Promise.race([handle(event as never, context), expiry]);
    } finally {
      clearTimeout(timer);
      lost.removeEventListener('abort', lose);
    }
  }

  private async park(stored: StoredEvent, key: string, state: 'held' | 'waiting' | 'dead', attempts: number, nextAt: Date | null, code: string, message: string): Promise<boolean> {
    const { held, lease, meters } = this.options;
    await held.hold({ lease, run: LIVE, tenant: stored.tenant, key, position: stored.position, event: stored.event, body: stored.body, state, attempts, nextAt, code, message });
    this.heldKeys.add(laneKey(stored.tenant, key));
    meters.settled(stored.event?.type ?? 'unreadable', state);
    return true;
  }

  private later(ms: number): Date {
    return new Date(this.options.now().getTime() + ms);
  }
}

function traceparentOf(traceparent: string | undefined): { traceparent?: string } {
  return traceparent === undefined ? {} : { traceparent };
}

/** The partition group has another owner: its deliveries are no longer ours to settle. */
export function isLeaseLost(error: unknown): boolean {
  return error instanceof Fault && error.code === 'lease-lost';
}
