import { STREAM } from '@granary/contracts';
import type { Logger } from '@granary/observability';
import { jetstream } from '@nats-io/jetstream';
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { Broker } from './broker.client';
import { Waker } from './waker';

export interface LoggedMessage {
  /** Position in the stream. */
  sequence: number;
  storedAt: Date;
  subject: string;
  body: string;
}

export interface StreamPosition {
  /** When the stream was created, RFC 3339. Another value means another stream. */
  createdAt: string;
  firstSequence: number;
  lastSequence: number;
}

export interface LogReaderOptions {
  broker: Broker;
  /** A durable consumer with `AckPolicy.All`. */
  durable: string;
  log: Logger;
  /** Messages that may lie in memory. Default 4,000. */
  buffer?: number;
}

export interface LogReader {
  /** Sets the consumer back to its acknowledgement floor and begins to read. */
  open(): Promise<void>;
  /** Up to `limit` messages in stream order: as soon as one is there, waiting up to `lingerMs` for more; none after `waitMs`. Throws when the sequence of deliveries breaks: open again. */
  next(limit: number, waitMs: number, lingerMs: number): Promise<LoggedMessage[]>;
  /** Acknowledges everything up to and including the message at `sequence`, which `next` has returned. */
  ackThrough(sequence: number): Promise<void>;
  position(): Promise<StreamPosition>;
  close(): Promise<void>;
}

/** Reads a whole stream in order, for one reader at a time. */
export function createLogReader(options: LogReaderOptions): LogReader {
  return new OrderedReader(options);
}

class OrderedReader implements LogReader {
  private messages: ConsumerMessages | null = null;
  private queue: JsMsg[] = [];
  private read = new Map<number, JsMsg>();
  private expected = 1;
  private broken: string | null = null;
  private readonly waker = new Waker();
  private forget: () => void = () => undefined;

  constructor(private readonly options: LogReaderOptions) {}

  async open(): Promise<void> {
    await this.close();
    const { broker, durable, buffer = 4_000 } = this.options;
    const consumer = await jetstream(broker.connection).consumers.get(STREAM, durable);
    const reply = await broker.connection.request(`$JS.API.CONSUMER.RESET.${STREAM}.${durable}`, '', { timeout: 5_000 });
    const answer = reply.json<{ error?: { description: string } }>();
    if (answer.error) throw new Error(`consumer ${durable} could not be set back: ${answer.error.description}`);
    this.expected = 1;
    this.broken = null;
    this.forget = broker.onReconnect(() => this.breakOff('the broker connection was lost in between'));
    this.messages = await consumer.consume({ max_messages: buffer, threshold_messages: buffer / 2, expires: 5_000, callback: (message) => this.take(message) });
    void this.messages.closed().then((reason) => this.breakOff(`reading ended${reason instanceof Error ? `: ${reason.message}` : ''}`));
  }

  async next(limit: number, waitMs: number, lingerMs: number): Promise<LoggedMessage[]> {
    if (this.queue.length === 0) await this.arrival(waitMs);
    if (this.queue.length > 0 && this.queue.length < limit && lingerMs > 0) await this.enough(limit, lingerMs);
    if (this.broken !== null && this.queue.length === 0) throw new Error(this.broken);
    const taken = this.queue.splice(0, limit);
    for (const message of taken) this.read.set(message.info.streamSequence, message);
    return taken.map(toLogged);
  }

  async ackThrough(sequence: number): Promise<void> {
    const message = this.read.get(sequence);
    if (!message) throw new Error(`message ${sequence} was not read here`);
    message.ack();
    for (const known of this.read.keys()) if (known <= sequence) this.read.delete(known);
    await this.options.broker.connection.flush();
  }

  async position(): Promise<StreamPosition> {
    const reply = await this.options.broker.connection.request(`$JS.API.STREAM.INFO.${STREAM}`, '', { timeout: 5_000 });
    const info = reply.json<{ error?: { description: string }; created: string; state: { first_seq: number; last_seq: number } }>();
    if (info.error) throw new Error(`stream ${STREAM}: ${info.error.description}`);
    return { createdAt: info.created, firstSequence: info.state.first_seq, lastSequence: info.state.last_seq };
  }

  async close(): Promise<void> {
    this.forget();
    this.forget = () => undefined;
    const messages = this.messages;
    this.messages = null;
    this.queue = [];
    this.read.clear();
    this.waker.wake();
    messages?.stop();
    await messages?.closed();
  }

  private take(message: JsMsg): void {
    if (this.broken !== null || !this.messages) return;
    if (message.info.deliverySequence !== this.expected) {
      this.breakOff(`delivery ${this.expected} was expected and ${message.info.deliverySequence} came`);
      return;
    }
    this.expected += 1;
    this.queue.push(message);
    this.waker.wake();
  }

  private breakOff(reason: string): void {
    if (!this.messages || this.broken !== null) return;
    this.broken = reason;
    this.waker.wake();
  }

  private async arrival(waitMs: number): Promise<void> {
    if (this.broken === null) await this.waker.sleep(waitMs);
  }

  private async enough(limit: number, lingerMs: number): Promise<void> {
    const until = performance.now() + lingerMs;
    while (this.queue.length < limit && this.broken === null) {
      const left = until - performance.now();
      if (left <= 0) return;
      await this.arrival(left);
    }
  }
}

function toLogged(message: JsMsg): LoggedMessage {
  return { sequence: message.info.streamSequence, storedAt: new Date(message.info.timestampNanos / 1_000_000), subject: message.subject, body: message.string() };
}
