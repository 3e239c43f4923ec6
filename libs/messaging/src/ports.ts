// What the event path needs from a database, said by those who use it. `@granary/persistence` fulfils these ports
// with PostgreSQL; nothing here knows how.
import type { Envelope, EventData, EventType } from '@granary/contracts';
import type { EntityManager } from 'typeorm';

/** `live`, or the id of the replay job in which an event comes again. Effects are applied once per run. */
export type Run = string;
export const LIVE: Run = 'live';

/** Why something happens: who it is for, which request it belongs to, which event caused it. */
export interface Cause {
  tenant: string;
  correlationId: string;
  causationId?: string;
  traceparent?: string;
  /** The ids of workspace, task, agent and run (W3C Baggage). */
  baggage?: string;
}

/** A fact to be published with the commit of the unit of work that announces it. */
export interface Announcement<T extends EventType = EventType> {
  type: T;
  /** Events of one key keep their order. An opaque token without dots. */
  key: string;
  data: EventData[T];
  /** The tenant, when it is not the one of the cause. */
  tenant?: string;
  /** The event that caused this one, when it is not the one of the cause: an earlier announcement of the same transaction. */
  causationId?: string;
  subject?: string;
}

/** One transaction: rows saved through `manager` and the announcements are committed together or not at all. */
export interface UnitOfWork {
  manager: EntityManager;
  /** Collects an event for the commit and returns its id. Throws a permanent Fault when it breaks its contract. */
  announce<T extends EventType>(announcement: Announcement<T>): string;
}

/** A committed event that waits for its publication. */
export interface OutboxRow {
  /** Grows in commit order for each lane key. */
  id: string;
  messageId: string;
  laneKey: string;
  subject: string;
  body: string;
}

export interface OutboxStats {
  waiting: number;
  dead: number;
  oldestAgeSeconds: number;
}

/** The right to publish a schema's outbox, held by one relay at a time. */
export interface OutboxLeadership {
  /** Rows ready to be published, by id; rows of a key with a dead row stay behind it. */
  waiting(limit: number): Promise<OutboxRow[]>;
  /** Forgets published rows. A forgotten delete only repeats a publication, which its message id absorbs. */
  remove(ids: readonly string[]): Promise<void>;
  markDead(id: string, reason: string): Promise<void>;
  stats(): Promise<OutboxStats>;
  release(): Promise<void>;
  /** Aborted when the leadership is gone, for instance with its connection. */
  readonly lost: AbortSignal;
}

export interface Outbox {
  /** Becomes the leader, or answers null while another one leads. */
  lead(): Promise<OutboxLeadership | null>;
  /** Calls back after each commit of this process that announced something. Returns the unsubscriber. */
  onCommit(listener: () => void): () => void;
}

/** A partition group of a consumer. */
export interface GroupId {
  consumer: string;
  group: number;
}

/** Exclusive ownership of a partition group, fenced by its epoch. */
export interface Lease extends GroupId {
  owner: string;
  epoch: number;
  /** The owner before did not give it back: it crashed, or lost it. */
  unclean: boolean;
}

export interface Leases {
  /** Takes a free or expired lease, or one's own anew; answers null while somebody else holds it. */
  acquire(id: GroupId, owner: string, ttlMs: number): Promise<Lease | null>;
  /** False when the lease has been taken over. */
  renew(lease: Lease, ttlMs: number): Promise<boolean>;
  release(lease: Lease): Promise<void>;
  /** Says that a replica of a consumer is alive, and answers how many are. */
  attend(consumer: string, owner: string, ttlMs: number): Promise<number>;
  leave(consumer: string, owner: string): Promise<void>;
}

/** One delivery of an event to a handler, as far as its transaction must know it. */
export interface DeliveryKey {
  lease: Lease;
  run: Run;
  tenant: string;
  source: string;
  eventId: string;
  /** The row of `held_events` that this delivery comes from; it goes with the effects. */
  heldId: string | null;
}

/** Applies effects once: the inbox row, the effects, the announcements and the held row's end are one transaction. */
export interface Inbox {
  once<R>(delivery: DeliveryKey, cause: Cause, signal: AbortSignal, work: (unit: UnitOfWork) => Promise<R>): Promise<R | 'already-handled'>;
  /** Counts a delivery that may have ended a process before, and answers how often it was begun. */
  beginSuspect(id: GroupId, position: number): Promise<number>;
  forgetSuspects(id: GroupId): Promise<void>;
}

/** A place in the event log: the stream's incarnation, and the sequence in it. */
export interface LogPlace {
  epoch: number;
  sequence: number;
}

/** Events of one replay job and one partition group, in the order of the log. */
export interface ReplayBatch {
  /** The run of these events. */
  jobId: string;
  /** Where the job stands in this partition group, and where it stands once all of these are settled. */
  from: LogPlace;
  through: LogPlace;
  entries: readonly { position: LogPlace; event: Envelope }[];
}

/** An event of a replay that its handler refused for good, or too often. */
export interface ReplayFailure {
  position: LogPlace;
  tenant: string;
  key: string;
  eventId: string;
  eventType: string;
  attempts: number;
  code: string;
  message: string;
}

export interface ReplayReport extends GroupId {
  jobId: string;
  /** Where the job stood when this report's events were taken. */
  from: LogPlace;
  /** Everything that was taken is settled up to there. */
  through: LogPlace;
  handled: number;
  failures: readonly ReplayFailure[];
}

/** Where events of the log come from that a consumer is to handle again; who asks is the owner of the partition group. */
export interface ReplaySource {
  /**
   * What is next. `crashed` says that the owner before did not give its lease back, so that what it had taken may be what
   * ended it. Null with the time after which it is worth asking again, if that is known.
   */
  take(asked: GroupId & { groups: number; crashed: boolean }): Promise<{ batch: ReplayBatch | null; retryAfterMs: number | null }>;
  /** Moves the job on to what is settled. A report that was made before changes nothing. Answers whether the job still runs. */
  report(report: ReplayReport): Promise<'running' | 'stopped'>;
  /** Calls back when there may be something to take, or a job no longer runs. Returns the unsubscriber. */
  onDue(consumer: string, listener: () => void): () => void;
}

export type HeldState = 'held' | 'waiting' | 'dead';

/** An event that is to be handled later, in the order of its key. */
export interface HeldEvent {
  heldId: string;
  run: Run;
  tenant: string;
  key: string;
  position: number;
  state: HeldState;
  attempts: number;
  nextAt: Date | null;
  /** The event as it was received, also when it could not be read. */
  body: string;
}

export interface HoldRequest {
  lease: Lease;
  run: Run;
  tenant: string;
  key: string;
  position: number;
  /** Null when the message could not be read as an event. */
  event: Envelope | null;
  body: string;
  state: HeldState;
  attempts: number;
  nextAt: Date | null;
  code: string;
  message: string;
}

export interface HeldFailure {
  heldId: string;
  /** Over the event's whole life, retries in the lane included. */
  attempts: number;
  state: 'held' | 'dead';
  nextAt: Date | null;
  code: string;
  message: string;
}

export interface HeldEvents {
  /** Lane keys (`tenant.key`) of a group that have held events. */
  keys(id: GroupId): Promise<string[]>;
  /** Lane keys whose first event is due. */
  due(id: GroupId, now: Date, limit: number): Promise<string[]>;
  /** Holds an event; a second request for the same event changes nothing. Dead ones are announced as `consumer.held`. */
  hold(request: HoldRequest): Promise<void>;
  /** Holds events of one key, in this order and in one transaction. Without it they are held one by one. */
  holdAll?(requests: readonly HoldRequest[]): Promise<void>;
  /** The first held event of a key. */
  head(id: GroupId, tenant: string, key: string): Promise<HeldEvent | null>;
  /** Counts an attempt before it is made, so that one which ends the process counts too. Throws the Fault `held-event-gone` when the event was discarded meanwhile. */
  beginAttempt(lease: Lease, heldId: string, retryAt: Date): Promise<number>;
  fail(lease: Lease, failure: HeldFailure): Promise<void>;
  /** Ends a held event whose handler needed no transaction. */
  finish(lease: Lease, heldId: string): Promise<void>;
}

/** A held event as operators see it. */
export interface HeldRecord {
  consumer: string;
  tenant: string;
  key: string;
  position: number;
  state: HeldState;
  attempts: number;
  nextAt: string | null;
  code: string;
  message: string;
  eventId: string;
  eventType: string;
  heldAt: string;
}

export interface HeldFilter {
  consumer?: string;
  tenant?: string;
  state?: HeldState;
  limit?: number;
  cursor?: string;
}

/** Which dead events to try again: one by its position, all of a key, or all of the consumer. */
export interface RedriveSelection {
  consumer: string;
  position?: number;
  key?: string;
  all?: boolean;
}

/** What operators of a tenant do with its held events. */
export interface HeldDesk {
  list(tenant: string, filter: HeldFilter): Promise<{ held: HeldRecord[]; next: string | null }>;
  show(tenant: string, consumer: string, position: number): Promise<{ held: HeldRecord; body: string }>;
  /** Gives dead and waiting-for-retry events of the cause's tenant a new life from attempt 1, at once. Answers how many. */
  redrive(selection: RedriveSelection, cause: Cause): Promise<number>;
  /** Ends an event without its effects; the next one of its key moves up. */
  discard(consumer: string, position: number, reason: string, cause: Cause): Promise<HeldRecord>;
  /** Of all tenants. */
  counts(): Promise<{ consumer: string; state: HeldState; count: number }[]>;
}
