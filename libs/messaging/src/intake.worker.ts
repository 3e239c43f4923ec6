import type { Logger } from '@granary/observability';
import type { JsMsg } from '@nats-io/jetstream';
import { crowdedLanes } from './crowded';
import type { Deliverer, StoredEvent } from './deliver.worker';
import { laneKey } from './envelope';
import type { Lanes } from './lanes';
import type { GroupId, Inbox } from './ports';
import { readEvent } from './read-event';

export interface IntakeOptions {
  lanes: Lanes;
  deliverer: Deliverer;
  /** What the owner before left unsettled, when it did not give its lease back: up to which position. */
  suspectsThrough: number | null;
  laneWidth: number;
  /** Deliveries that the server lets be open at a time. */
  window: number;
  inbox: Inbox;
  id: GroupId;
  log: Logger;
  /** Settling itself failed, or a delivery is missing: nothing more may be begun. */
  interrupt: (error?: unknown) => void;
}

interface InFlight {
  message: JsMsg;
  since: number;
}

interface Waiting {
  stored: StoredEvent;
  since: number;
}

/** Messages that are in the lanes longer than this tell the server that they are worked on. Well below `ack_wait`. */
const KEEP_ALIVE_MS = 8_000;

/** Events of a key that are put aside together. */
const ASIDE_AT_ONCE = 250;

/** Takes what arrives in one session, brings it into the lanes, and answers the server. */
export class Intake {
  private readonly inFlight = new Map<number, InFlight>();
  /** What of each key has arrived and was neither begun nor put aside, in the order of the stream. */
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly puttingAside = new Map<string, Promise<void>>();
  private readonly heldScheduled = new Set<string>();
  private readonly suspects = new Set<number>();
  private suspectsAreAllHere: boolean;
  private expected = 1;
  private closed = false;
  private readonly cleared = Promise.withResolvers<void>();

  constructor(private readonly options: IntakeOptions) {
    this.suspectsAreAllHere = options.suspectsThrough === null;
    if (this.suspectsAreAllHere) this.cleared.resolve();
  }

  get size(): number {
    return this.inFlight.size;
  }

  /** When the stream stored the oldest event that is here: messages come in its order. */
  get oldest(): Date | null {
    const [first] = this.inFlight.values();
    return first ? new Date(first.message.timestamp) : null;
  }

  /** Resolves once nothing that came may be the reason why a process before this one ended. */
  get clear(): Promise<void> {
    return this.cleared.promise;
  }

  /** Begins nothing more. Resolves once nothing is being put aside. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.puttingAside.values());
  }

  take(message: JsMsg): void {
    if (this.closed) return;
    const { log, id } = this.options;
    const position = message.info.streamSequence;
    if (message.info.deliverySequence !== this.expected) {
      log.warn({ ...id, position, expected: this.expected, seen: message.info.deliverySequence }, 'deliveries have a gap; the consumer is set back to its acknowledgement floor');
      this.interrupt();
      return;
    }
    this.expected += 1;
    const known = this.inFlight.get(position);
    if (known) {
      known.message = message;
      return;
    }
    const since = performance.now();
    this.inFlight.set(position, { message, since });
    this.enqueue({ stored: toStoredEvent(message, this.suspect(position)), since });
  }

  /** Works off the held events of a key (`tenant.key`) when its lane is free. */
  takeHeld(lane: string): void {
    if (this.closed || this.heldScheduled.has(lane)) return;
    this.heldScheduled.add(lane);
    const dot = lane.indexOf('.');
    this.options.lanes.dispatch(lane, async () => {
      this.heldScheduled.delete(lane);
      if (this.closed) return;
      await this.options.deliverer.heldOf(lane.slice(0, dot), lane.slice(dot + 1)).catch((error: unknown) => this.interrupt(error));
    });
  }

  /** Keeps a key with many events from keeping all others out: what waits in its lane is put aside, behind what is at work. */
  relieve(): void {
    const lanes = [...this.waiting].map(([lane, queue]) => ({ lane, waiting: queue.length, since: queue[0]?.since ?? 0 }));
    for (const lane of crowdedLanes(lanes, { inFlight: this.inFlight.size, window: this.options.window, width: this.options.laneWidth, now: performance.now() })) {
      if (!this.options.deliverer.runsSuspect(lane)) void this.putAside(lane);
    }
  }

  keepAlive(): void {
    const before = performance.now() - KEEP_ALIVE_MS;
    for (const flight of this.inFlight.values()) if (flight.since < before) flight.message.working();
  }

  private enqueue(waiting: Waiting): void {
    const { stored } = waiting;
    const lane = stored.event ? laneKey(stored.tenant, stored.event.partitionkey) : `unreadable.${stored.position}`;
    const queue = this.waiting.get(lane);
    if (queue) queue.push(waiting);
    else this.waiting.set(lane, [waiting]);
    if (this.options.deliverer.holds(lane)) void this.putAside(lane);
    else this.options.lanes.dispatch(lane, () => this.next(lane));
  }

  private async next(lane: string): Promise<void> {
    if (this.closed) return;
    const puttingAside = this.puttingAside.get(lane);
    if (puttingAside) await puttingAside;
    if (this.options.deliverer.holds(lane)) return this.putAside(lane);
    const [waiting] = this.shift(lane, 1);
    if (waiting && !this.closed) await this.settle(waiting.stored);
  }

  private async settle(stored: StoredEvent): Promise<void> {
    try {
      if (await this.options.deliverer.live(stored)) await this.settled(stored);
    } catch (error) {
      this.interrupt(error);
    }
  }

  /** Appends what waits of a key to its held events, and what arrives meanwhile. */
  private putAside(lane: string): Promise<void> {
    const underWay = this.puttingAside.get(lane);
    if (underWay || this.closed || !this.waiting.has(lane)) return underWay ?? Promise.resolve();
    const work = this.appendWaiting(lane);
    this.puttingAside.set(lane, work);
    return work;
  }

  private async appendWaiting(lane: string): Promise<void> {
    try {
      for (let next = this.shift(lane, ASIDE_AT_ONCE); next.length > 0; next = this.closed ? [] : this.shift(lane, ASIDE_AT_ONCE)) {
        await this.options.deliverer.putAside(
          lane,
          next.map(({ stored }) => stored),
        );
        for (const { stored } of next) await this.settled(stored);
      }
    } catch (error) {
      this.interrupt(error);
    }
    // Together with the last look at what waits: who comes after it begins anew.
    this.puttingAside.delete(lane);
    this.takeHeld(lane);
  }

  private shift(lane: string, count: number): Waiting[] {
    const queue = this.waiting.get(lane);
    if (!queue) return [];
    if (queue.length <= count) this.waiting.delete(lane);
    return queue.splice(0, count);
  }

  private async settled(stored: StoredEvent): Promise<void> {
    this.inFlight.get(stored.position)?.message.ack();
    this.inFlight.delete(stored.position);
    if (this.suspects.delete(stored.position)) await this.clearSuspicion();
  }

  private interrupt(error?: unknown): void {
    this.closed = true;
    this.options.interrupt(error);
  }

  /** After a reset deliveries come in the order of the stream: the last suspect is here when it, or a newer event, arrives. */
  private suspect(position: number): boolean {
    const { suspectsThrough } = this.options;
    if (suspectsThrough === null || this.suspectsAreAllHere) return false;
    const suspect = position <= suspectsThrough;
    if (suspect) this.suspects.add(position);
    if (position < suspectsThrough) return true;
    this.suspectsAreAllHere = true;
    if (this.suspects.size === 0) void this.clearSuspicion().catch((error: unknown) => this.interrupt(error));
    return suspect;
  }

  private async clearSuspicion(): Promise<void> {
    if (!this.suspectsAreAllHere || this.suspects.size > 0) return;
    this.options.lanes.setWidth(this.options.laneWidth);
    await this.options.inbox.forgetSuspects(this.options.id);
    this.cleared.resolve();
  }
}

function toStoredEvent(message: JsMsg, suspect: boolean): StoredEvent {
  const body = message.string();
  const read = readEvent(message.subject, body);
  const stored = { position: message.info.streamSequence, suspect, body: () => message.string() };
  if (read.state === 'unreadable') return { ...stored, tenant: read.tenant, event: null, reason: read.reason };
  return { ...stored, tenant: read.event.tenantid, event: read.event, reason: '' };
}
