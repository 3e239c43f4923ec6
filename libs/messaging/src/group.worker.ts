import { setTimeout as delay } from 'node:timers/promises';
import { STREAM } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { jetstream } from '@nats-io/jetstream';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { Logger } from '@granary/observability';
import type { Broker } from './broker.client';
import type { ConsumeMeters } from './consume-metrics';
import { Deliverer } from './deliver.worker';
import type { StoredEvent } from './deliver.worker';
import { laneKey } from './envelope';
import { Lanes } from './lanes';
import type { GroupId, HeldEvents, Inbox, Lease, Leases } from './ports';
import { readEvent } from './read-event';
import type { RetryPolicy } from './settle';
import type { Subscription } from './subscription';

export interface GroupOptions {
  id: GroupId;
  /** Name of the durable consumer in the stream. */
  durable: string;
  owner: string;
  broker: Broker;
  subscriptions: readonly Subscription[];
  inbox: Inbox;
  leases: Leases;
  held: HeldEvents;
  log: Logger;
  meters: ConsumeMeters;
  policy: RetryPolicy;
  leaseTtlMs: number;
  laneWidth: number;
  handlerTimeoutMs: number;
  heldPollMs: number;
  now: () => Date;
  random: () => number;
  /** Whether this replica may own one more partition group. */
  mayOwnMore: () => boolean;
}

export interface GroupState extends GroupId {
  state: 'waiting' | 'owned' | 'stopped';
  epoch: number | null;
  inFlight: number;
}

interface InFlight {
  message: JsMsg;
  since: number;
}

/** Messages that are in the lanes longer than this tell the server that they are worked on. Well below `ack_wait`. */
const KEEP_ALIVE_MS = 8_000;

/** What the end itself may take. */
const STOP_GRACE_MS = 500;

/** A session that ended before this is followed by a pause. */
const SHORT_SESSION_MS = 1_000;

/**
 * Owns one partition group of a consumer while it holds its lease: pulls, keeps the order of each key, settles.
 * Its durable must be pulled by its owner alone. That is seen by the delivery sequence, which grows by one from
 * message to message: a gap means that a message went elsewhere or got lost, and the consumer is set back to its
 * acknowledgement floor, because JetStream would bring newer messages first.
 */
export class GroupConsumer {
  private readonly stopping = new AbortController();
  private readonly drained = new AbortController();
  private readonly inFlight = new Map<number, InFlight>();
  private yielding = new AbortController();
  private state: GroupState['state'] = 'waiting';
  private lease: Lease | null = null;
  private done: Promise<void> = Promise.resolve();

  constructor(private readonly options: GroupOptions) {}

  start(): void {
    this.done = this.loop();
  }

  snapshot(): GroupState {
    return { ...this.options.id, state: this.state, epoch: this.lease?.epoch ?? null, inFlight: this.inFlight.size };
  }

  get owned(): boolean {
    return this.lease !== null;
  }

  /** Gives the partition group to another replica, after what runs has ended. */
  yieldOwnership(): void {
    this.yielding.abort();
  }

  /** Begins nothing new, lets what runs end within `drainMs`, gives the lease back. */
  async stop(drainMs: number): Promise<void> {
    this.stopping.abort();
    const timer = setTimeout(() => this.drained.abort(), drainMs);
    // A server that does not answer would take longer; the request ends with its connection.
    await Promise.race([this.done, delay(drainMs + STOP_GRACE_MS, undefined, { ref: false })]);
    clearTimeout(timer);
    this.state = 'stopped';
  }

  private async loop(): Promise<void> {
    const { leases, id, owner, leaseTtlMs, log } = this.options;
    while (!this.stopping.signal.aborted) {
      try {
        this.yielding = new AbortController();
        const since = performance.now();
        if (this.options.mayOwnMore()) this.lease = await leases.acquire(id, owner, leaseTtlMs);
        if (this.lease) await this.own(this.lease, since);
      } catch (error) {
        log.warn({ err: error, ...id }, 'partition group interrupted; it is taken up again');
      }
      this.lease = null;
      this.state = 'waiting';
      await this.pause(leaseTtlMs / 4);
    }
  }

  private async own(lease: Lease, since: number): Promise<void> {
    const { leases, id, log, meters, leaseTtlMs } = this.options;
    const lost = new AbortController();
    const renewal = this.keepLease(lease, since, lost);
    this.state = 'owned';
    meters.lease(id.consumer, id.group, true);
    log.debug({ ...id, epoch: lease.epoch, unclean: lease.unclean }, 'partition group owned');
    const abandon = () => lost.abort();
    this.drained.signal.addEventListener('abort', abandon, { once: true });
    let clean = true;
    try {
      for (let first = true; !lost.signal.aborted && !this.stopping.signal.aborted && !this.yielding.signal.aborted; first = false) {
        const begun = performance.now();
        await this.session(lease, lost, first && lease.unclean);
        // What ends every session would otherwise be tried as fast as the servers answer.
        if (performance.now() - begun < SHORT_SESSION_MS && !this.yielding.signal.aborted && !lost.signal.aborted) await this.pause(leaseTtlMs / 4);
      }
    } catch (error) {
      clean = false;
      throw error;
    } finally {
      clean &&= !lost.signal.aborted;
      lost.abort();
      this.drained.signal.removeEventListener('abort', abandon);
      await renewal;
      meters.lease(id.consumer, id.group, false);
      if (clean) await leases.release(lease).catch((error: unknown) => log.warn({ err: error, ...id }, 'lease could not be given back; it expires'));
    }
  }

  /** A renewal that is not answered while the lease is surely ours counts as a loss: somebody else may own it by then. */
  private async keepLease(lease: Lease, since: number, lost: AbortController): Promise<void> {
    const { leases, leaseTtlMs, log, id } = this.options;
    let safeUntil = since + leaseTtlMs;
    while (!lost.signal.aborted) {
      await delay(leaseTtlMs / 4, undefined, { signal: lost.signal }).catch(() => undefined);
      if (lost.signal.aborted) return;
      const begun = performance.now();
      try {
        if (!(await within(Math.max(1, safeUntil - begun), leases.renew(lease, leaseTtlMs)))) {
          log.warn({ ...id, epoch: lease.epoch }, 'partition group was taken over');
          lost.abort();
          return;
        }
        safeUntil = begun + leaseTtlMs;
      } catch (error) {
        if (performance.now() < safeUntil - leaseTtlMs / 4) continue;
        log.warn({ err: error, ...id }, 'lease could not be renewed in time');
        lost.abort();
      }
    }
  }

  /** From the acknowledgement floor until the lease is lost, the process stops or the sequence of deliveries breaks. */
  private async session(lease: Lease, lost: AbortController, unclean: boolean): Promise<void> {
    const { broker, durable, held, id, laneWidth, meters, log } = this.options;
    const heldKeys = await held.keys(id);
    const consumer = await jetstream(broker.connection).consumers.get(STREAM, durable);
    const suspects = unclean ? await deliveredBefore(consumer) : null;
    await resetToAckFloor(broker, durable);
    meters.resynchronised(id.consumer);
    if (suspects) log.warn({ ...id, through: suspects.through, count: suspects.count }, 'the owner before ended without giving its events back; they are handled one at a time');

    const ended = new AbortController();
    const end = () => ended.abort();
    const leaving = AbortSignal.any([ended.signal, lost.signal, this.stopping.signal, this.yielding.signal]);
    const lanes = new Lanes(suspects ? 1 : laneWidth);
    const deliverer = new Deliverer({ ...this.options, lease, leaving, lost: lost.signal }, heldKeys);
    const intake = new Intake({ ...this.options, lanes, deliverer, inFlight: this.inFlight, suspects, end });
    const forgetReconnect = broker.onReconnect(end);
    const messages = await consumer.consume({ max_messages: 500, threshold_messages: 250, expires: 5_000, callback: (message) => intake.take(message) });
    const timers = [
      setInterval(() => intake.keepAlive(), KEEP_ALIVE_MS / 2),
      setInterval(() => void this.dispatchHeld(intake).catch(end), this.options.heldPollMs),
      setInterval(() => void this.measure(consumer), 10_000),
    ];
    for (const key of heldKeys) intake.takeHeld(key);
    void messages.closed().then(end);
    try {
      await aborted(leaving);
    } finally {
      for (const timer of timers) clearInterval(timer);
      forgetReconnect();
      stopPulling(messages);
      intake.close();
      await lanes.close();
      this.inFlight.clear();
    }
  }

  private async dispatchHeld(intake: Intake): Promise<void> {
    for (const key of await this.options.held.due(this.options.id, this.options.now(), 100)) intake.takeHeld(key);
  }

  private async measure(consumer: Consumer): Promise<void> {
    const { id, meters } = this.options;
    let oldest = performance.now();
    for (const { since } of this.inFlight.values()) oldest = Math.min(oldest, since);
    const info = await consumer.info().catch(() => null);
    if (info) meters.lag(id.consumer, id.group, info.num_pending, (performance.now() - oldest) / 1_000);
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms * (0.75 + this.options.random() / 2), undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

interface IntakeOptions {
  durable: string;
  broker: Broker;
  lanes: Lanes;
  deliverer: Deliverer;
  inFlight: Map<number, InFlight>;
  suspects: { through: number; count: number } | null;
  laneWidth: number;
  inbox: Inbox;
  id: GroupId;
  log: Logger;
  /** Ends the session: the consumer is set back and what is unsettled comes again. */
  end: () => void;
}

/** Puts what arrives into the lanes and answers the server. */
class Intake {
  private expected = 1;
  private closed = false;
  private suspectsLeft: number;
  private readonly heldScheduled = new Set<string>();

  constructor(private readonly options: IntakeOptions) {
    this.suspectsLeft = options.suspects?.count ?? 0;
  }

  close(): void {
    this.closed = true;
  }

  take(message: JsMsg): void {
    if (this.closed) return;
    const { inFlight, lanes, log, id } = this.options;
    const position = message.info.streamSequence;
    if (message.info.deliverySequence !== this.expected) {
      log.warn({ ...id, position, expected: this.expected, seen: message.info.deliverySequence }, 'deliveries have a gap; the consumer is set back to its acknowledgement floor');
      this.closed = true;
      this.options.end();
      return;
    }
    this.expected += 1;
    const known = inFlight.get(position);
    if (known) {
      known.message = message;
      return;
    }
    inFlight.set(position, { message, since: performance.now() });
    const suspect = this.options.suspects !== null && position <= this.options.suspects.through;
    if (!suspect && this.suspectsLeft > 0) this.suspectsAreAllHere();
    const stored = toStoredEvent(message, suspect);
    lanes.dispatch(stored.event ? laneKey(stored.tenant, stored.event.partitionkey) : `unreadable.${position}`, () => this.settle(stored));
  }

  takeHeld(key: string): void {
    if (this.closed || this.heldScheduled.has(key)) return;
    this.heldScheduled.add(key);
    const dot = key.indexOf('.');
    this.options.lanes.dispatch(key, async () => {
      this.heldScheduled.delete(key);
      await this.options.deliverer.heldOf(key.slice(0, dot), key.slice(dot + 1)).catch((error: unknown) => this.interrupted(error));
    });
  }

  keepAlive(): void {
    const before = performance.now() - KEEP_ALIVE_MS;
    for (const flight of this.options.inFlight.values()) if (flight.since < before) flight.message.working();
  }

  private async settle(stored: StoredEvent): Promise<void> {
    const { inFlight, deliverer } = this.options;
    try {
      if (!(await deliverer.live(stored))) return;
      inFlight.get(stored.position)?.message.ack();
      inFlight.delete(stored.position);
      if (stored.suspect) await this.suspectSettled();
    } catch (error) {
      this.interrupted(error);
    }
  }

  /** Settling itself failed (the database is away): nothing is acknowledged, and the event comes again. */
  private interrupted(error: unknown): void {
    this.options.log.warn({ err: error, ...this.options.id }, 'events could not be settled; they come again');
    this.options.end();
  }

  /** Deliveries come in order: what has not arrived before the first newer event does not exist any more. */
  private suspectsAreAllHere(): void {
    const through = this.options.suspects?.through ?? 0;
    this.suspectsLeft = [...this.options.inFlight.keys()].filter((position) => position <= through).length;
    if (this.suspectsLeft === 0) this.options.lanes.setWidth(this.options.laneWidth);
  }

  private async suspectSettled(): Promise<void> {
    this.suspectsLeft -= 1;
    if (this.suspectsLeft > 0) return;
    this.options.lanes.setWidth(this.options.laneWidth);
    await this.options.inbox.forgetSuspects(this.options.id);
  }
}

function toStoredEvent(message: JsMsg, suspect: boolean): StoredEvent {
  const body = message.string();
  const read = readEvent(message.subject, body);
  const position = message.info.streamSequence;
  if (read.state === 'unreadable') return { position, suspect, tenant: read.tenant, body, event: null, reason: read.reason };
  return { position, suspect, tenant: read.event.tenantid, body, event: read.event, reason: '' };
}

async function deliveredBefore(consumer: Consumer): Promise<{ through: number; count: number } | null> {
  const info = await consumer.info();
  return info.num_ack_pending > 0 ? { through: info.delivered.stream_seq, count: info.num_ack_pending } : null;
}

/** Redeliveries come before newer events from here on (server 2.14 and later). */
async function resetToAckFloor(broker: Broker, durable: string): Promise<void> {
  const reply = await broker.connection.request(`$JS.API.CONSUMER.RESET.${STREAM}.${durable}`, '', { timeout: 5_000 });
  const answer = reply.json<{ error?: { description: string } }>();
  if (answer.error) throw new Error(`consumer ${durable} could not be set back: ${answer.error.description}`);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const timeout = delay(ms, undefined, { signal: over.signal }).then(() => {
    throw Fault.transient('unanswered', `no answer within ${Math.round(ms)} ms`);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    over.abort();
  }
}

function stopPulling(messages: ConsumerMessages): void {
  messages.stop();
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
