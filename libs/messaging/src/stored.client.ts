import { STREAM } from '@granary/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import type { Broker } from './broker.client';
import type { LoggedMessage } from './log-reader.client';

/** Bytes of one answer at most; the server ends it early then. */
const MOST_BYTES = 16 * 1_024 ** 2;

/**
 * Reads the stream where it lies, beside every consumer: messages from a sequence on, in their order. Fewer than asked for
 * where the stream ends or they are large; those that are gone are left out.
 */
export async function readStored(broker: Broker, fromSequence: number, limit: number): Promise<LoggedMessage[]> {
  const manager = await jetstreamManager(broker.connection, { checkAPI: false });
  const messages: LoggedMessage[] = [];
  for await (const { seq, time, subject, data } of await manager.direct.getBatch(STREAM, { seq: fromSequence, batch: limit, max_bytes: MOST_BYTES, next_by_subj: '>' })) {
    messages.push({ sequence: seq, storedAt: time, subject, data });
  }
  return messages;
}
