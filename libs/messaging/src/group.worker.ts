import { setTimeout as delay } from 'node:timers/promises';
import { STREAM } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { jetstream } from '@nats-io/jetstream';
import type { Consumer, ConsumerInfo } from '@nats-io/jetstream';
import type { Logger } from '@granary/observability';
import { anyOf } from './any-of';
import type { Broker } from './broker.client';
import type { ConsumeMeters, GroupLag } from './consume-metrics';
import { Deliverer, isLeaseLost } from './deliver.worker';
import { Intake } from './intake.worker';
import { Lanes } from './lanes';
import { oneAtATime } from './one-at-a-time';
import type { GroupId, HeldEvents, Inbox, Lease, Leases, ReplaySource } from './ports';
import { Replayer } from './replay.worker';
import type { ReplayerOptions } from './replay.worker';
import { resetConsumer } from './reset.client';
import type { RetryPolicy } from './settle';
import type { Subscription } from './subscription';

export interface GroupOptions {
  id: GroupId;
  /** Into how many the consumer is cut. */
  groups: number;
  /** Name of the durable consumer in the stream. */
  durable: string;
  owner: string;
  broker: Broker;
  subscriptions: readonly Subscription[];
  inbox: Inbox;
  leases: Leases;
  held: HeldEvents;
  /** Null for a consumer to which nothing is replayed. */
  replay: ReplaySource | null;
  /** Whether a replay may rebuild rows and nothing else. */
  rebuilds: boolean;
  replayPollMs: number;
  replayReportMs: number;
  log: Logger;
  meters: ConsumeMeters;
  policy: RetryPolicy;
  leaseTtlMs: number;
  laneWidth: number;
  handlerTimeoutMs: number;
  /** What runs when a session ends may take this long to end. */
  drainMs: number;
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

/** How often messages that stay long in the lanes tell the server so. */
const KEEP_ALIVE_MS = 4_000;

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
  private intake: Intake | null = null;
  private consumer: Consumer | null = null;
  private yielding = new AbortController();
  private state: GroupState['state'] = 'waiting';
  private lease: Lease | null = null;
  private done: Promise<void> = Promise.resolve();

  constructor(private readonly options: GroupOptions) {}

  start(): void {
    this.done = this.loop();
  }

  snapshot(): GroupState {
    return { ...this.options.id, state: this.state, epoch: this.lease?.epoch ?? null, inFlight: this.intake?.size ?? 0 };
  }

  get owned(): boolean {
    return this.lease !== null;
  }

  /** How far it is behind, as the server says; null while this process does not own it. */
  async lag(): Promise<GroupLag | null> {
    const { consumer, intake } = this;
    if (!consumer || !intake) return null;
    const { num_pending: messages } = await consumer.info();
    const now = this.options.now().getTime();
    return { ...this.options.id, messages, seconds: Math.max(0, now - (intake.oldest?.getTime() ?? now)) / 1_000 };
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
    meters.lease(id, 'taken');
    log.debug({ ...id, epoch: lease.epoch, unclean: lease.unclean }, 'partition group owned');
    const abandon = () => lost.abort(Fault.transient('session-ended', 'the process stops'));
    this.drained.signal.addEventListener('abort', abandon, { once: true });
    let clean = true;
    try {
      const suspicion = { crashed: lease.unclean };
      for (let first = true; !lost.signal.aborted && !this.stopping.signal.aborted && !this.yielding.signal.aborted; first = false) {
        const begun = performance.now();
        // What did not end in time may still want to commit: a new epoch keeps it from that.
        if (!(await this.session(lease, lost, first && lease.unclean, suspicion))) break;
        // What ends every session would otherwise be tried as fast as the servers answer.
        if (performance.now() - begun < SHORT_SESSION_MS && !this.yielding.signal.aborted && !lost.signal.aborted) await this.pause(leaseTtlMs / 4);
      }
    } catch (error) {
      clean = false;
      throw error;
    } finally {
      clean &&= !lost.signal.aborted;
      lost.abort(leaseLost());
      this.drained.signal.removeEventListener('abort', abandon);
      await renewal;
      meters.lease(id, clean ? 'given_back' : 'lost');
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
          lost.abort(leaseLost());
          return;
        }
        safeUntil = begun + leaseTtlMs;
      } catch (error) {
        if (performance.now() < safeUntil - leaseTtlMs / 4) continue;
        log.warn({ err: error, ...id }, 'lease could not be renewed in time');
        lost.abort(leaseLost());
      }
    }
  }

  /** From the acknowledgement floor until the lease is lost, the process stops or the sequence of deliveries breaks. False when not everything that ran has ended. */
  private async session(lease: Lease, lost: AbortController, unclean: boolean, suspicion: { crashed: boolean }): Promise<boolean> {
    const { broker, durable, held, id, laneWidth, meters, log } = this.options;
    const heldKeys = await held.keys(id);
    const consumer = await jetstream(broker.connection).consumers.get(STREAM, durable);
    const info = await consumer.info(true);
    const suspectsThrough = unclean ? deliveredThrough(info) : null;
    await resetConsumer(broker, durable);
    meters.resynchronised(id.consumer);
    if (suspectsThrough !== null) log.warn({ ...id, through: suspectsThrough, count: info.num_ack_pending }, 'the owner before ended without giving its events back; they are handled one at a time');

    const ended = new AbortController();
    const overdue = new AbortController();
    const interrupt = (error?: unknown) => {
      if (error !== undefined && !ended.signal.aborted) log.warn({ err: error, ...id }, 'events could not be settled; they come again');
      if (isLeaseLost(error)) lost.abort(error);
      ended.abort();
    };
    const { signal: leaving, release: releaseLeaving } = anyOf([ended.signal, lost.signal, this.stopping.signal, this.yielding.signal]);
    const { signal: over, release: releaseOver } = anyOf([lost.signal, overdue.signal]);
    const lanes = new Lanes(suspectsThrough === null ? laneWidth : 1);
    const deliverer = new Deliverer({ ...this.options, lease, leaving, over, leaseLost: () => lost.abort(leaseLost()) }, heldKeys);
    const intake = new Intake({ ...this.options, lanes, deliverer, suspectsThrough, window: windowOf(info), interrupt });
    this.intake = intake;
    this.consumer = consumer;
    const messages = await consumer.consume({ max_messages: 500, threshold_messages: 250, expires: 5_000, callback: (message) => intake.take(message) });
    const forgetReconnect = broker.onReconnect(() => interrupt());
    const dispatchHeld = oneAtATime(() => this.dispatchHeld(intake).catch(interrupt));
    const timers = [
      setInterval(() => intake.keepAlive(), KEEP_ALIVE_MS),
      setInterval(() => intake.relieve(), this.options.heldPollMs),
      setInterval(() => void dispatchHeld(), this.options.heldPollMs),
    ];
    for (const key of heldKeys) intake.takeHeld(key);
    void messages.closed().then(() => interrupt());
    const replayed = this.replay({ lanes, deliverer, leaving, suspicion }, intake);
    await aborted(leaving);
    for (const timer of timers) clearInterval(timer);
    forgetReconnect();
    messages.stop();
    const drained = await this.drain(Promise.all([intake.close(), lanes.close(), replayed]), over, overdue);
    this.intake = null;
    this.consumer = null;
    releaseLeaving();
    // What was given up is held to it: its signal stays aborted.
    releaseOver();
    return drained;
  }

  /** Live traffic that may have ended a process before goes first, alone. */
  private async replay(session: Pick<ReplayerOptions, 'lanes' | 'deliverer' | 'leaving' | 'suspicion'>, intake: Intake): Promise<void> {
    const { id, groups, replay: source, replayPollMs, replayReportMs, log, meters } = this.options;
    if (!source) return;
    await Promise.race([intake.clear, aborted(session.leaving)]);
    await new Replayer({ ...session, id, groups, source, log, meters, pollMs: replayPollMs, reportMs: replayReportMs }).run();
  }

  /** Lets what runs end, for a bounded time: then its signals are aborted, and it has a last moment. A stop has its own bound. */
  private async drain(end: Promise<unknown>, over: AbortSignal, overdue: AbortController): Promise<boolean> {
    const { drainMs, id, log } = this.options;
    const timer = setTimeout(() => {
      if (!this.stopping.signal.aborted) overdue.abort(Fault.transient('session-ended', `the events of this partition group are delivered anew, and this one did not end within ${drainMs} ms`));
    }, drainMs);
    const givenUp = aborted(over).then(() => delay(STOP_GRACE_MS, false, { ref: false }));
    const ended = await Promise.race([end.then(() => true), givenUp]);
    clearTimeout(timer);
    if (over.aborted) log.warn({ ...id, ended }, 'what ran when the session ended was given up; its events come again');
    return ended && !over.aborted;
  }

  private async dispatchHeld(intake: Intake): Promise<void> {
    for (const key of await this.options.held.due(this.options.id, this.options.now(), 100)) intake.takeHeld(key);
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms * (0.75 + this.options.random() / 2), undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

/** Up to which position the owner before has left events unsettled, if it has. */
function deliveredThrough({ num_ack_pending, delivered }: ConsumerInfo): number | null {
  return num_ack_pending > 0 ? delivered.stream_seq : null;
}

/** How many deliveries the server lets be open at a time. */
function windowOf({ config: { max_ack_pending } }: ConsumerInfo): number {
  return max_ack_pending !== undefined && max_ack_pending > 0 ? max_ack_pending : Infinity;
}

function leaseLost(): Fault {
  return Fault.transient('lease-lost', 'the partition group was taken over');
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

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
