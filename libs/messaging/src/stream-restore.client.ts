import { STREAM } from '@granary/contracts';
import { Fault, isFault } from '@granary/faults';
import { DeliverPolicy, jetstreamManager } from '@nats-io/jetstream';
import type { ConsumerConfig } from '@nats-io/jetstream';
import type { Broker } from './broker.client';
import { jsApi, readApi } from './js-api.client';
import type { ConsumerFloor, StreamRecord, StreamState } from './stream-snapshot.client';

/** The server reads everything once before it answers the last piece. */
const FINISH_MS = 30 * 60_000;
const PIECE_BYTES = 128 * 1_024;

/** In the stream's metadata: when the stream was created that this one goes on for. */
export const RESTORED_FROM = 'granary.restored-from';

/**
 * Makes a stream from the bytes of its snapshot: same sequences, same times, no consumers. It says in its metadata whose
 * place it takes, since for the server it is a new one. What could not be made whole is removed again.
 * Faults: permanent `stream-exists`, `snapshot-refused`.
 */
export async function restoreStream(broker: Broker, record: StreamRecord, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const { stream, state, createdAt } = record;
  if (await exists(broker, stream)) throw Fault.permanent('stream-exists', `there is a stream ${stream} already: restore into a broker without it`);
  const config = { ...record.config, metadata: { ...(record.config['metadata'] as object | undefined), [RESTORED_FROM]: createdAt } };
  const { deliver_subject } = await jsApi<{ deliver_subject: string }>(broker, `STREAM.RESTORE.${stream}`, { config, state });
  try {
    for await (const chunk of chunks) for (const piece of piecesOf(chunk)) await send(broker, deliver_subject, piece, 60_000);
    await send(broker, deliver_subject, new Uint8Array(), FINISH_MS);
    refuseDifference(stream, state, (await jsApi<{ state: StreamState }>(broker, `STREAM.INFO.${stream}`)).state);
  } catch (error) {
    // Ends the reception first: the server answers it with a stream of as much as it could read.
    await send(broker, deliver_subject, new Uint8Array(), 10_000).catch(() => undefined);
    await removeStream(broker, stream);
    throw error;
  }
}

/** Makes consumers that begin behind what was settled. */
export async function restoreConsumers(broker: Broker, floors: readonly ConsumerFloor[]): Promise<void> {
  const manager = await jetstreamManager(broker.connection, { checkAPI: false });
  for (const { config, floor } of floors) {
    const behind: Partial<ConsumerConfig> = { ...config, deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: floor + 1 };
    delete behind.opt_start_time;
    await manager.consumers.add(STREAM, behind);
  }
}

/** Takes away what a restore has made that cannot be brought to its end. */
export async function removeStream(broker: Broker, stream: string): Promise<void> {
  await jsApi(broker, `STREAM.DELETE.${stream}`).catch(() => undefined);
}

async function exists(broker: Broker, stream: string): Promise<boolean> {
  try {
    await jsApi(broker, `STREAM.INFO.${stream}`);
    return true;
  } catch (error) {
    if (isFault(error) && error.code === 'stream-not-found') return false;
    throw error;
  }
}

/** A piece is answered with nothing, the last one with the stream; either with what is wrong. */
async function send({ connection }: Broker, subject: string, piece: Uint8Array, timeout: number): Promise<void> {
  const reply = await connection.request(subject, piece, { timeout });
  if (reply.data.length === 0) return;
  try {
    readApi(reply.json(), 'restore');
  } catch (cause) {
    throw Fault.permanent('snapshot-refused', `the server cannot read the snapshot: ${(cause as Error).message}`, { cause });
  }
}

function* piecesOf(chunk: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield chunk.subarray(at, at + PIECE_BYTES);
}

function refuseDifference(stream: string, wanted: StreamState, found: StreamState): void {
  const same = wanted.messages === found.messages && wanted.last_seq === found.last_seq;
  // An empty stream counts its first message differently before and after.
  if (same && (wanted.messages === 0 || wanted.first_seq === found.first_seq)) return;
  throw Fault.permanent('snapshot-refused', `the snapshot of ${stream} should hold ${wanted.messages} messages up to ${wanted.last_seq}, and holds ${found.messages} up to ${found.last_seq}`);
}
