import { createHash } from 'node:crypto';
import { DeliverPolicy, jetstream } from '@nats-io/jetstream';
import type { JsMsg, OrderedConsumerOptions } from '@nats-io/jetstream';
import type { Broker } from './broker.client';

/** What a whole stream holds: the digest is over sequence, time, subject, headers and body of each message. */
export interface StreamContent {
  readonly messages: number;
  readonly sha256: string;
}

/** Reads a stream from its first message to its last. */
export async function readContent(broker: Broker, stream: string): Promise<StreamContent> {
  const hash = createHash('sha256');
  let messages = 0;
  await readStream(broker, stream, {}, (message) => {
    messages += 1;
    const headers = message.headers ? [...message.headers].sort(([a], [b]) => (a < b ? -1 : 1)) : [];
    hash.update(JSON.stringify([message.seq, message.info.timestampNanos, message.subject, headers, message.data.length]));
    hash.update(message.data);
  });
  return { messages, sha256: hash.digest('hex') };
}

/** Which of these message ids the stream has stored since a moment. */
export async function storedIds(broker: Broker, stream: string, since: Date, ids: ReadonlySet<string>): Promise<Set<string>> {
  const found = new Set<string>();
  await readStream(broker, stream, { deliver_policy: DeliverPolicy.StartTime, opt_start_time: since.toISOString(), headers_only: true }, ({ headers }) => {
    const id = headers?.get('Nats-Msg-Id');
    if (id !== undefined && ids.has(id)) found.add(id);
  });
  return found;
}

async function readStream({ connection }: Broker, stream: string, options: Partial<OrderedConsumerOptions>, take: (message: JsMsg) => void): Promise<void> {
  const consumer = await jetstream(connection).consumers.get(stream, options);
  if ((await consumer.info(true)).num_pending === 0) return;
  const messages = await consumer.consume({ max_messages: 2_000 });
  for await (const message of messages) {
    take(message);
    if (message.info.pending === 0) break;
  }
  await messages.close();
  await consumer.delete();
}
