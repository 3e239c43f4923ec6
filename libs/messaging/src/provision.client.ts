import { bucketStream, consumersOf, PARTITIONS, STREAM } from '@granary/contracts';
import type { AccessDocument } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { Logger } from '@granary/observability';
import { AckPolicy, DeliverPolicy, DiscardPolicy, jetstreamManager, JetStreamApiError, RetentionPolicy, StorageType, StoreCompression } from '@nats-io/jetstream';
import type { ConsumerConfig, JetStreamManager, StreamConfig } from '@nats-io/jetstream';
import type { Broker } from './broker.client';

export interface ProvisionOptions {
  /** Connected as the one identity that may administer the stream. */
  broker: Broker;
  accessDocuments: readonly AccessDocument[];
  log: Logger;
  /** 1 on one machine, 3 in a cluster. */
  replicas?: number;
  /** Bytes that the stream may take; publishers are refused above. Default 8 GiB. */
  maxBytes?: number;
}

const NANOSECONDS = 1_000_000;
const DAY_MS = 86_400_000;
/** JetStream's code of "consumer not found" and "stream not found". */
const NOT_FOUND = [10014, 10059];

/** Creates or brings up to date the stream, and every consumer and bucket that the access documents grant. Repeatable. */
export async function provision(options: ProvisionOptions): Promise<void> {
  const manager = await jetstreamManager(options.broker.connection, { checkAPI: false });
  await provisionStream(manager, streamConfig(options.replicas ?? 1, options.maxBytes ?? 8 * 1_024 ** 3));
  const durables = options.accessDocuments.flatMap((access) => consumersOf(access));
  for (const durable of durables) await provisionConsumer(manager, consumerConfig(durable, options.replicas ?? 1));
  for (const bucket of options.accessDocuments.flatMap(({ keeps = [] }) => keeps)) await provisionStream(manager, bucketConfig(bucket, options.replicas ?? 1));
  options.log.info({ stream: STREAM, consumers: durables.length }, 'stream and consumers are provisioned');
}

/** The stream of all events, as the architecture says: partitioned by tenant and key, the key itself dropped from the stored subject. */
export function streamConfig(replicas: number, maxBytes: number): Partial<StreamConfig> & { name: string } {
  return {
    name: STREAM,
    subjects: ['in.*.*.*.*.*'],
    subject_transform: { src: 'in.*.*.*.*.*', dest: `ev.{{partition(${PARTITIONS},1,5)}}.{{wildcard(1)}}.{{wildcard(2)}}.{{wildcard(3)}}.{{wildcard(4)}}` },
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    compression: StoreCompression.S2,
    discard: DiscardPolicy.New,
    max_age: 14 * DAY_MS * NANOSECONDS,
    max_bytes: maxBytes,
    max_msg_size: 96 * 1_024,
    duplicate_window: 120_000 * NANOSECONDS,
    num_replicas: replicas,
    allow_atomic: true,
    // The log is compared with the stream in batches; nobody else may ask.
    allow_direct: true,
    deny_delete: true,
    deny_purge: true,
    allow_rollup_hdrs: false,
    allow_msg_ttl: false,
  };
}

type Durable = ReturnType<typeof consumersOf>[number];

function consumerConfig(durable: Durable, replicas: number): ConsumerConfig {
  const all = durable.ack === 'all';
  return {
    durable_name: durable.name,
    name: durable.name,
    ack_policy: all ? AckPolicy.All : AckPolicy.Explicit,
    deliver_policy: durable.start === 'first' ? DeliverPolicy.All : DeliverPolicy.New,
    ...(durable.filters.length === 1 ? { filter_subject: durable.filters[0] ?? '' } : { filter_subjects: durable.filters }),
    ack_wait: 30_000 * NANOSECONDS,
    max_deliver: -1,
    max_ack_pending: all ? 20_000 : 2_000,
    num_replicas: replicas,
  } as ConsumerConfig;
}

/** A bucket: the newest value of each key, for a day. Full, it refuses, because what is forgotten early may be done twice. */
function bucketConfig(bucket: string, replicas: number): Partial<StreamConfig> & { name: string } {
  return {
    name: bucketStream(bucket),
    subjects: [`$KV.${bucket}.*`],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    compression: StoreCompression.S2,
    discard: DiscardPolicy.New,
    max_msgs_per_subject: 1,
    max_age: DAY_MS * NANOSECONDS,
    max_bytes: 1_024 ** 3,
    max_msg_size: 64 * 1_024,
    num_replicas: replicas,
    // Reads go to the leader, who alone knows what was written last.
    allow_direct: false,
    deny_delete: true,
    deny_purge: true,
    allow_rollup_hdrs: false,
  };
}

async function provisionStream(manager: JetStreamManager, wanted: Partial<StreamConfig> & { name: string }): Promise<void> {
  if (await found(() => manager.streams.info(wanted.name))) await manager.streams.update(wanted.name, wanted);
  else await manager.streams.add(wanted);
}

async function provisionConsumer(manager: JetStreamManager, wanted: ConsumerConfig): Promise<void> {
  const name = wanted.durable_name ?? '';
  const existing = await found(() => manager.consumers.info(STREAM, name));
  if (!existing) {
    await manager.consumers.add(STREAM, wanted);
    return;
  }
  if (existing.config.ack_policy !== wanted.ack_policy) {
    throw Fault.permanent('consumer-differs', `consumer ${name} exists with another acknowledgement policy, which cannot be changed; delete it to let it be created anew`);
  }
  // The start position is history once a consumer exists.
  const changeable: Partial<ConsumerConfig> = { ...wanted };
  delete changeable.deliver_policy;
  delete changeable.ack_policy;
  await manager.consumers.update(STREAM, name, changeable);
}

async function found<T>(look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof JetStreamApiError && NOT_FOUND.includes(error.code)) return null;
    throw error;
  }
}
