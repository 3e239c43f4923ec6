import { STREAM } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { createInbox } from '@nats-io/transport-node';
import type { Msg } from '@nats-io/transport-node';
import type { Broker } from './broker.client';
import { jsApi } from './js-api.client';
import { Waker } from './waker';

/** What a stream was at one moment, in the server's own words; enough to make it anew. */
export interface StreamRecord {
  readonly stream: string;
  /** RFC 3339, as the server says it. */
  readonly createdAt: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly state: StreamState;
}

/** The part of the server's state that is compared; the rest is kept for the server. */
export interface StreamState extends Readonly<Record<string, unknown>> {
  readonly messages: number;
  readonly first_seq: number;
  readonly last_seq: number;
}

/** A snapshot that the server has begun: it holds what the stream held then, whatever is stored while it is read. */
export interface StreamSnapshot {
  readonly record: StreamRecord;
  /** To be read once, and soon: the server gives up a reader who takes nothing for some seconds. Faults: transient `snapshot-broken`. */
  chunks(): AsyncIterable<Uint8Array>;
  /** Gives up what is not read yet. */
  close(): void;
}

/** How far a consumer is: everything up to and including `floor` is settled. */
export interface ConsumerFloor {
  readonly name: string;
  readonly floor: number;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The server waits for about 8 s itself. */
const SILENCE_MS = 15_000;
const CHUNK_BYTES = 128 * 1_024;

/**
 * Begins a snapshot of a stream, without its consumers, whose state would be a later one than that of anything taken beside it.
 * Faults: permanent `stream-not-found`; those of the broker.
 */
export async function openSnapshot(broker: Broker, stream: string): Promise<StreamSnapshot> {
  const { connection, inboxPrefix } = broker;
  const inbox = createInbox(inboxPrefix);
  const arrived = new Waker();
  const waiting: Msg[] = [];
  let broken: string | null = null;
  const subscription = connection.subscribe(inbox, {
    callback: (error, message) => {
      if (error) broken = error.message;
      else waiting.push(message);
      arrived.wake();
    },
  });
  const forget = broker.onReconnect(() => {
    broken = 'the broker connection was lost in between';
    arrived.wake();
  });
  const close = () => {
    forget();
    subscription.unsubscribe();
  };
  try {
    const { created } = await jsApi<{ created: string }>(broker, `STREAM.INFO.${stream}`);
    const { config, state } = await jsApi<Pick<StreamRecord, 'config' | 'state'>>(broker, `STREAM.SNAPSHOT.${stream}`, { deliver_subject: inbox, no_consumers: true, chunk_size: CHUNK_BYTES });
    return { record: { stream, createdAt: created, config, state }, chunks, close };
  } catch (error) {
    close();
    throw error;
  }

  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const message = await next();
        if (message.data.length === 0) return refuseFailure(message);
        yield message.data;
        // Only now, so that the server sends no faster than the reader takes.
        if (message.reply) connection.publish(message.reply);
      }
    } finally {
      close();
    }
  }

  async function next(): Promise<Msg> {
    const until = performance.now() + SILENCE_MS;
    while (waiting.length === 0 && broken === null && performance.now() < until) await arrived.sleep(until - performance.now());
    const message = waiting.shift();
    if (message && broken === null) return message;
    throw Fault.transient('snapshot-broken', `the snapshot of stream ${stream} ended in the middle: ${broken ?? `nothing came for ${SILENCE_MS / 1_000} s`}; try again`);
  }

  function refuseFailure({ headers }: Msg): void {
    if (headers && headers.code >= 400) throw Fault.transient('snapshot-broken', `the server gave up the snapshot of stream ${stream} (${headers.code} ${headers.description}); try again`);
  }
}

/** The consumers of the stream of all events, and how far each is. */
export async function consumerFloors(broker: Broker): Promise<ConsumerFloor[]> {
  interface Page {
    readonly total: number;
    readonly consumers: readonly { readonly name: string; readonly config: Readonly<Record<string, unknown>>; readonly ack_floor: { readonly stream_seq: number } }[];
  }
  const floors: ConsumerFloor[] = [];
  for (;;) {
    const { total, consumers } = await jsApi<Page>(broker, `CONSUMER.LIST.${STREAM}`, { offset: floors.length });
    // What is no durable consumer is a reader of the moment, which begins anew by itself.
    floors.push(...consumers.map(({ name, config, ack_floor }) => ({ name, floor: ack_floor.stream_seq, config })));
    if (floors.length >= total || consumers.length === 0) return floors.filter(({ config }) => config['durable_name'] !== undefined);
  }
}
