import { randomUUID } from 'node:crypto';
import { headers } from '@nats-io/transport-node';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { Fault } from '@granary/faults';

/** An event as it goes over the wire. */
export interface WireEvent {
  subject: string;
  messageId: string;
  body: string;
}

/** What the stream made of an event. A duplicate is a success: the event is stored already. */
export type PublishOutcome = { state: 'stored'; sequence: number; duplicate: boolean } | { state: 'refused'; reason: string; permanent: boolean };

export interface Publisher {
  publish(event: WireEvent): Promise<PublishOutcome>;
  /** Stores all events or none, in order. Answers false when the stream did not take the batch as it stands. */
  publishBatch(events: readonly WireEvent[]): Promise<boolean>;
}

/** JetStream takes at most 1,000 messages in one atomic batch (ADR-50). */
export const MAX_BATCH = 1_000;

interface StreamAnswer {
  error?: { code: number; err_code?: number; description: string };
  seq?: number;
  duplicate?: boolean;
  count?: number;
}

export function createPublisher(connection: NatsConnection, timeoutMs = 5_000): Publisher {
  return {
    async publish(event) {
      return outcome(await ask(connection, event, eventHeaders(event), timeoutMs));
    },
    async publishBatch(events) {
      const batch = randomUUID();
      let sequence = 0;
      for (const event of events.slice(0, -1)) connection.publish(event.subject, event.body, { headers: batchHeaders(event, batch, ++sequence) });
      const last = events.at(-1);
      if (!last) return true;
      const commit = batchHeaders(last, batch, ++sequence);
      commit.set('Nats-Batch-Commit', '1');
      const answer = await ask(connection, last, commit, timeoutMs);
      return answer.error === undefined && answer.count === events.length;
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

function outcome(answer: StreamAnswer): PublishOutcome {
  if (!answer.error) return { state: 'stored', sequence: answer.seq ?? 0, duplicate: answer.duplicate === true };
  // 503 and 429 say "not now" (no leader, too many pending, stream full); anything else will not change by itself.
  const permanent = answer.error.code !== 503 && answer.error.code !== 429 && answer.error.code !== 500;
  return { state: 'refused', reason: `${answer.error.description} (${answer.error.err_code ?? answer.error.code})`, permanent };
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
