import { STREAM } from '@granary/contracts';
import type { Logger } from '@granary/observability';
import { jetstream } from '@nats-io/jetstream';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { Broker } from './broker.client';
import { resetConsumer } from './reset.client';
import { RESTORED_FROM } from './stream-restore.client';
import { Waker } from './waker';

export interface LoggedMessage {
  /** Position in the stream. */
  sequence: number;
  storedAt: Date;
  subject: string;
  /** Exactly the bytes that were published. */
  data: Uint8Array;
}

export interface StreamPosition {
  /** When the stream was created, RFC 3339. Another value means another stream. */
  createdAt: string;
  /** When it was restored from a backup: the creation of the stream that it goes on for. */
  restoredFrom: string | null;
  firstSequence: number;
  lastSequence: number;
  /** How long the stream keeps a message; 0 for ever. */
  maxAgeMs: number;
}

export interface LogReaderOptions {
  broker: Broker;
  /** A durable consumer with `AckPolicy.All`. */
  durable: string;
  log: Logger;
  /** Messages that may lie in memory. Default 4,000. */
  buffer?: number;
  /** Bytes that may lie in memory. Default 64 MiB. */
  bufferBytes?: number;
}

export interface LogReader {
  /** Sets the consumer back to its acknowledgement floor, or to a sequence of the stream, and begins to read. */
  open(fromSequence?: number): Promise<void>;
  /** Up to `limit` messages in stream order, each once: as soon as one is there, waiting up to `lingerMs` for more; none after `waitMs` or when the reader is closed meanwhile. Throws when the sequence of deliveries breaks: open again. */
  next(limit: number, waitMs: number, lingerMs: number): Promise<LoggedMessage[]>;
  /** Acknowledges everything up to and including the message at `sequence`, which `next` has returned. */
  ackThrough(sequence: number): Promise<void>;
  position(): Promise<StreamPosition>;
  close(): Promise<void>;
}

/** The stream takes no larger message (`max_msg_size`); subject and headers come on top. */
const MAX_MESSAGE_BYTES = 100 * 1_024;

/** Time of one pull request on a silent stream. */
const PULL_MS = 5_000;

/** Reads a whole stream in order, for one reader at a time. */
export function createLogReader(options: LogReaderOptions): LogReader {
  return new OrderedReader(options);
}

class OrderedReader implements LogReader {
  private reading: Reading | null = null;

  constructor(private readonly options: LogReaderOptions) {}

  async open(fromSequence?: number): Promise<void> {
    await this.close();
    const { broker, durable } = this.options;
    const consumer = await jetstream(broker.connection).consumers.get(STREAM, durable);
    await resetConsumer(broker, durable, fromSequence);
    this.reading = new Reading(consumer, this.options);
  }

  async next(limit: number, waitMs: number, lingerMs: number): Promise<LoggedMessage[]> {
    const { reading } = this;
    if (!reading) throw new Error('the log reader is not open');
    return (await reading.next(limit, waitMs, lingerMs)).map(toLogged);
  }

  async ackThrough(sequence: number): Promise<void> {
    if (!this.reading) throw new Error('the log reader is not open');
    this.reading.ackThrough(sequence);
    await this.options.broker.connection.flush();
  }

  async position(): Promise<StreamPosition> {
    const reply = await this.options.broker.connection.request(`$JS.API.STREAM.INFO.${STREAM}`, '', { timeout: 5_000 });
    const info = reply.json<{ error?: { description: string }; created: string; config: { metadata?: Record<string, string>; max_age: number }; state: { first_seq: number; last_seq: number } }>();
    if (info.error) throw new Error(`stream ${STREAM}: ${info.error.description}`);
    return { createdAt: info.created, restoredFrom: info.config.metadata?.[RESTORED_FROM] ?? null, firstSequence: info.state.first_seq, lastSequence: info.state.last_seq, maxAgeMs: info.config.max_age / 1_000_000 };
  }

  async close(): Promise<void> {
    const { reading } = this;
    this.reading = null;
    await reading?.close();
  }
}

/** From one opening to the next: pulls no more than there is room for, and sees when a delivery is missing. */
class Reading {
  private readonly queue: JsMsg[] = [];
  private queuedBytes = 0;
  /** What was given out and not acknowledged, by sequence, in ascending order. */
  private readonly open = new Map<number, JsMsg>();
  private expected = 1;
  private last = 0;
  private broken: string | null = null;
  private closed = false;
  private pull: ConsumerMessages | null = null;
  private readonly arrived = new Waker();
  private readonly taken = new Waker();
  private readonly forget: () => void;
  private readonly pulling: Promise<void>;

  constructor(
    private readonly consumer: Consumer,
    private readonly options: LogReaderOptions,
  ) {
    this.forget = options.broker.onReconnect(() => this.breakOff('the broker connection was lost in between'));
    this.pulling = this.pullOn().catch((error: unknown) => this.breakOff(`reading ended: ${error instanceof Error ? error.message : String(error)}`));
  }

  async next(limit: number, waitMs: number, lingerMs: number): Promise<JsMsg[]> {
    if (this.queue.length === 0) await this.arrival(waitMs);
    const until = performance.now() + lingerMs;
    while (this.queue.length > 0 && this.queue.length < limit && this.broken === null && performance.now() < until) await this.arrival(until - performance.now());
    if (this.closed) return [];
    if (this.broken !== null && this.queue.length === 0) throw new Error(this.broken);
    const given = this.queue.splice(0, limit);
    for (const message of given) {
      this.queuedBytes -= message.data.length;
      this.open.set(message.info.streamSequence, message);
    }
    this.taken.wake();
    return given;
  }

  ackThrough(sequence: number): void {
    const message = this.open.get(sequence);
    if (!message) throw new Error(`message ${sequence} was not read here`);
    message.ack();
    for (const known of this.open.keys()) {
      if (known > sequence) return;
      this.open.delete(known);
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.breakOff('the log reader was closed');
    await this.pulling;
  }

  /** One pull request after the other, each for as many messages as there is room for, were they as large as they may be. */
  private async pullOn(): Promise<void> {
    while (this.broken === null) {
      const room = this.room();
      if (room < 1) {
        await this.taken.sleep(PULL_MS);
        continue;
      }
      this.pull = await this.consumer.fetch({ max_messages: room, expires: PULL_MS });
      if (this.broken !== null) this.pull.stop();
      for await (const message of this.pull) this.take(message);
    }
  }

  private room(): number {
    const { buffer = 4_000, bufferBytes = 64 * 1_024 ** 2 } = this.options;
    if (this.queue.length === 0) return Math.max(1, Math.min(buffer, Math.floor(bufferBytes / MAX_MESSAGE_BYTES)));
    return Math.min(buffer - this.queue.length, Math.floor((bufferBytes - this.queuedBytes) / MAX_MESSAGE_BYTES));
  }

  private take(message: JsMsg): void {
    if (this.broken !== null) return;
    const { deliverySequence, streamSequence } = message.info;
    if (deliverySequence !== this.expected) {
      this.breakOff(`delivery ${this.expected} was expected and ${deliverySequence} came`);
      return;
    }
    this.expected += 1;
    if (streamSequence <= this.last) {
      this.again(message);
      return;
    }
    this.last = streamSequence;
    this.queue.push(message);
    this.queuedBytes += message.data.length;
    this.arrived.wake();
  }

  /** The server had no acknowledgement for a while: it is still to come, or it was lost. */
  private again(message: JsMsg): void {
    const { streamSequence } = message.info;
    const waiting = this.open.has(streamSequence) || streamSequence >= (this.queue[0]?.info.streamSequence ?? Infinity);
    if (!waiting) message.ack();
  }

  private breakOff(reason: string): void {
    if (this.broken !== null) return;
    this.broken = reason;
    this.forget();
    this.pull?.stop();
    this.arrived.wake();
    this.taken.wake();
  }

  private async arrival(waitMs: number): Promise<void> {
    if (this.broken === null) await this.arrived.sleep(waitMs);
  }
}

function toLogged(message: JsMsg): LoggedMessage {
  return {
    sequence: message.info.streamSequence,
    storedAt: new Date(message.info.timestampNanos / 1_000_000),
    subject: message.subject,
    data: message.data,
  };
}
