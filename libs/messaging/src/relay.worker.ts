import { setTimeout as delay } from 'node:timers/promises';
import { createCounter, createGauge, isSampled, recordSpan, SpanKind } from '@granary/observability';
import type { Logger, Metrics } from '@granary/observability';
import { Registry } from 'prom-client';
import type { Outbox, OutboxLeadership, OutboxRow } from './ports';
import type { Publisher } from './publish.client';
import { byLane, publishMode } from './relay-plan';
import { Waker } from './waker';

export interface RelayOptions {
  outbox: Outbox;
  publisher: Publisher;
  log: Logger;
  metrics?: Metrics;
  /** Rows a window; a window is one atomic batch when it is large. */
  windowSize?: number;
  /** How often the outbox is looked at without a wake-up: the first row of another replica waits at most this long, those soon after it a fraction. Default 250 ms. */
  pollMs?: number;
  /** How often a relay that does not lead tries to. */
  candidacyMs?: number;
}

export interface Relay {
  /** Publishes what waits, then stops. Gives up waiting rows after `flushMs`: they stay in the outbox. */
  stop(flushMs?: number): Promise<void>;
  /** True while this process publishes the outbox. */
  leading(): boolean;
}

const STATS_MS = 5_000;

/** What the end itself may take. */
const STOP_GRACE_MS = 500;

/** After rows of another replica were found the outbox is looked at more often, for so long. */
const FOREIGN_MS = 2_000;
const FOREIGN_POLL_MS = 20;

/** Publishes committed outbox rows in the order of their keys, at least once; the stream absorbs repeats by message id. */
export function startRelay(options: RelayOptions): Relay {
  const relay = new RelayLoop(options);
  void relay.run();
  return relay;
}

class RelayLoop implements Relay {
  private readonly stopping = new AbortController();
  private readonly meters: RelayMeters;
  private leadership: OutboxLeadership | null = null;
  private readonly waker = new Waker();
  private dirty = true;
  private done: Promise<void> = Promise.resolve();
  private flushUntil = 0;

  constructor(private readonly options: RelayOptions) {
    this.meters = relayMeters(options.metrics);
  }

  leading(): boolean {
    return this.leadership !== null;
  }

  async stop(flushMs = 2_000): Promise<void> {
    this.flushUntil = Date.now() + flushMs;
    this.stopping.abort();
    this.waker.wake();
    // A publication that nobody answers would take longer; it ends with its connection.
    await Promise.race([this.done, delay(flushMs + STOP_GRACE_MS, undefined, { ref: false })]);
  }

  run(): Promise<void> {
    const unsubscribe = this.options.outbox.onCommit(() => {
      this.dirty = true;
      // Who does not lead has nothing to do with it.
      if (this.leadership) this.waker.wake();
    });
    this.done = this.loop().finally(unsubscribe);
    return this.done;
  }

  private async loop(): Promise<void> {
    const { log, outbox, candidacyMs = 1_000 } = this.options;
    while (!this.stopping.signal.aborted) {
      try {
        this.leadership = await outbox.lead();
        this.meters.leading.set(this.leadership ? 1 : 0);
        if (this.leadership) await this.lead(this.leadership);
        else {
          // What waits is told by who leads; a former leader must not go on saying what it saw last.
          this.meters.record({ waiting: 0, dead: 0, oldestAgeSeconds: 0 });
          await this.rest(candidacyMs);
        }
      } catch (error) {
        log.warn({ err: error }, 'outbox relay interrupted; its rows stay and it tries again');
        await this.rest(candidacyMs);
      } finally {
        await this.leadership?.release().catch(() => undefined);
        this.leadership = null;
        this.meters.leading.set(0);
      }
    }
  }

  private async lead(leadership: OutboxLeadership): Promise<void> {
    const { windowSize = 500, pollMs = 250 } = this.options;
    let lastStats = 0;
    let foreignUntil = 0;
    let rested = false;
    while (!leadership.lost.aborted) {
      // Before anything is published: what cannot be is to be seen, too.
      if (Date.now() - lastStats > STATS_MS) {
        lastStats = Date.now();
        this.meters.record(await leadership.stats());
      }
      const told = this.dirty;
      this.dirty = false;
      const rows = await leadership.waiting(windowSize);
      // Nobody here announced these: other replicas of the service are at work, and only looking finds their rows.
      if (rested && !told && rows.length > 0) foreignUntil = performance.now() + FOREIGN_MS;
      if (rows.length > 0) await this.publish(leadership, rows);
      if (this.stopping.signal.aborted && (rows.length === 0 || Date.now() > this.flushUntil)) return;
      rested = rows.length < windowSize && !this.dirty;
      if (rested) await this.pause(performance.now() < foreignUntil ? Math.min(pollMs, FOREIGN_POLL_MS) : pollMs);
    }
  }

  private async publish(leadership: OutboxLeadership, rows: OutboxRow[]): Promise<void> {
    const begunAt = Date.now();
    if (publishMode(rows) === 'batch' && (await this.publishedTogether(rows))) {
      await leadership.remove(rows.map((row) => row.id));
      this.meters.published.inc(rows.length);
      traceAll(rows, begunAt);
      return;
    }
    await this.publishOneByOne(leadership, rows);
  }

  private async publishedTogether(rows: OutboxRow[]): Promise<boolean> {
    const { publisher, log } = this.options;
    const outcome = await publisher.publishBatch(rows).catch((error: unknown) => {
      log.warn({ err: error, rows: rows.length }, 'nobody knows whether a batch was stored');
      return null;
    });
    const taken = outcome?.state === 'stored';
    if (!taken) log.info({ rows: rows.length }, 'a batch is published one by one; what is stored already is recognised by its message id');
    return taken;
  }

  /** Keys side by side, one event of a key after the other; what is refused for good stops only its key. */
  private async publishOneByOne(leadership: OutboxLeadership, rows: OutboxRow[]): Promise<void> {
    const begunAt = Date.now();
    const stored: OutboxRow[] = [];
    const failures: unknown[] = [];
    await Promise.all(
      byLane(rows).map(async (lane) => {
        for (const row of lane) {
          try {
            const outcome = await this.options.publisher.publish(row);
            if (outcome.state === 'stored') stored.push(row);
            else {
              await this.refused(leadership, row, outcome);
              return;
            }
          } catch (error) {
            failures.push(error);
            return;
          }
        }
      }),
    );
    if (stored.length > 0) {
      await leadership.remove(stored.map((row) => row.id));
      this.meters.published.inc(stored.length);
      traceAll(stored, begunAt);
    }
    if (failures.length > 0) throw failures[0];
  }

  private async refused(leadership: OutboxLeadership, row: OutboxRow, outcome: { reason: string; permanent: boolean }): Promise<void> {
    const { log } = this.options;
    if (!outcome.permanent) {
      log.warn({ messageId: row.messageId, reason: outcome.reason }, 'the stream does not take events at the moment');
      await this.rest(500);
      return;
    }
    await leadership.markDead(row.id, outcome.reason);
    this.meters.refused.inc();
    log.error({ messageId: row.messageId, subject: row.subject, reason: outcome.reason }, 'event refused for good; its key is held until the row is mended or removed');
  }

  /** Waits for a stop, at most `ms`. A commit does not shorten it: what failed just now would fail again. */
  private async rest(ms: number): Promise<void> {
    const stopping = this.stopping.signal.aborted;
    await delay(stopping ? Math.min(ms, 20) : ms, undefined, stopping ? {} : { signal: this.stopping.signal }).catch(() => undefined);
  }

  /** Waits for a commit, at most `ms`. */
  private async pause(ms: number): Promise<void> {
    if (this.dirty) return;
    const stopping = this.stopping.signal.aborted;
    if (stopping && Date.now() > this.flushUntil) return;
    await this.waker.sleep(stopping ? Math.min(ms, 20) : ms);
  }
}

/** Announcements lie in the outbox with the trace that they belong to; their way into the stream is a span of it. */
function traceAll(rows: readonly OutboxRow[], begunAt: number): void {
  for (const row of rows) {
    const traceparent = TRACEPARENT.exec(row.body)?.[1];
    if (traceparent === undefined || !isSampled(traceparent)) continue;
    const [, , domain, event, version] = row.subject.split('.');
    const type = `${domain}.${event}.${version}`;
    recordSpan(traceparent, `send ${type}`, { 'messaging.system': 'nats', 'messaging.operation.type': 'send', 'messaging.destination.name': 'EVENTS', 'messaging.message.id': row.messageId, 'messaging.message.body.size': row.body.length, 'granary.event.type': type, 'granary.batch.size': rows.length }, begunAt, SpanKind.PRODUCER);
  }
}

/** Envelopes are written by us, with the trace before the data. */
const TRACEPARENT = /"traceparent":"(00-[\da-f]{32}-[\da-f]{16}-[\da-f]{2})"/;

function relayMeters(metrics: Metrics = new Registry()) {
  const published = createCounter(metrics, { name: 'granary_outbox_published_total', help: 'Events of the outbox that the stream has acknowledged' });
  const refused = createCounter(metrics, { name: 'granary_outbox_refused_total', help: 'Events that the stream refused for good' });
  const leading = createGauge(metrics, { name: 'granary_outbox_leading', help: '1 while this process publishes the outbox' });
  const waiting = createGauge(metrics, { name: 'granary_outbox_waiting', help: 'Committed events that wait for publication, as the process that publishes them sees it' });
  const dead = createGauge(metrics, { name: 'granary_outbox_dead', help: 'Events refused for good; their keys are held' });
  const age = createGauge(metrics, { name: 'granary_outbox_oldest_age_seconds', help: 'Age of the oldest waiting event' });
  return {
    published,
    refused,
    leading,
    record(stats: { waiting: number; dead: number; oldestAgeSeconds: number }) {
      waiting.set(stats.waiting);
      dead.set(stats.dead);
      age.set(stats.oldestAgeSeconds);
    },
  };
}

type RelayMeters = ReturnType<typeof relayMeters>;
