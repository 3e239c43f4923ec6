import { randomUUID } from 'node:crypto';
import { headers } from '@nats-io/transport-node';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { Fault } from '@granary/faults';
import { publishOutcome } from './stream-answer';
import type { PublishOutcome, StreamAnswer } from './stream-answer';

/** An event as it goes over the wire. */
export interface WireEvent {
  subject: string;
  messageId: string;
  body: string;
}

export interface Publisher {
  publish(event: WireEvent): Promise<PublishOutcome>;
  /** Stores all events or none, in order. `refused` when the stream did not take the batch as it stands, as when it knows one of the message ids. */
  publishBatch(events: readonly WireEvent[]): Promise<BatchOutcome>;
}

/** What the stream made of a batch; its events lie side by side, the first one at `first`. */
export type BatchOutcome = { state: 'stored'; first: number } | { state: 'refused' };

/** JetStream takes at most 1,000 messages in one atomic batch (ADR-50). */
export const MAX_BATCH = 1_000;

export function createPublisher(connection: NatsConnection, timeoutMs = 5_000): Publisher {
  return {
    async publish(event) {
      return publishOutcome(await ask(connection, event, eventHeaders(event), timeoutMs));
    },
    async publishBatch(events) {
      const batch = randomUUID();
      let sequence = 0;
      for (const event of events.slice(0, -1)) connection.publish(event.subject, event.body, { headers: batchHeaders(event, batch, ++sequence) });
      const last = events.at(-1);
      if (!last) return { state: 'stored', first: 0 };
      const commit = batchHeaders(last, batch, ++sequence);
      commit.set('Nats-Batch-Commit', '1');
      const answer = await ask(connection, last, commit, timeoutMs);
      if (answer.error !== undefined || answer.count !== events.length) return { state: 'refused' };
      return { state: 'stored', first: (answer.seq ?? 0) - events.length + 1 };
    },
  };
}

async function ask(connection: NatsConnection, event: WireEvent, hdrs: MsgHdrs, timeout: number): Promise<StreamAnswer> {
  try {
    const reply = await connection.request(event.subject, event.body, { headers: hdrs, timeout });
    return reply.json<StreamAnswer>();
  } catch (error) {
    if (isPermissionError(error)) return { error: { code: 403, description: `the broker does not let this service publish ${event.subject}` } };
    throw Fault.transient('publish-unanswered', `the stream did not acknowledge ${event.messageId}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function isPermissionError(error: unknown): boolean {
  for (let e: unknown = error; e instanceof Error; e = e.cause) if (e.name === 'PermissionViolationError') return true;
  return false;
}

function eventHeaders(event: WireEvent): MsgHdrs {
  const hdrs = headers();
  hdrs.set('Nats-Msg-Id', event.messageId);
  hdrs.set('Content-Type', 'application/cloudevents+json');
  return hdrs;
}

function batchHeaders(event: WireEvent, batch: string, sequence: number): MsgHdrs {
  const hdrs = eventHeaders(event);
  hdrs.set('Nats-Batch-Id', batch);
  hdrs.set('Nats-Batch-Sequence', String(sequence));
  return hdrs;
}
