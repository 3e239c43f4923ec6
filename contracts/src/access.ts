import type { AccessDocument, Consumption } from './generated/types';
import { INGEST_SUBJECTS, PARTITIONS, STREAM, bucketStream, callSubject, inboxPrefix, publishPermission, serveSubject, signalSubject, storedFilter } from './subjects';

/** One durable consumer on the stream: what the provisioner creates and one partition group reads. */
export interface ConsumerSpec {
  name: string;
  consumer: string;
  group: number;
  partitions: number[];
  filters: string[];
  start: 'first' | 'new';
  ack: 'explicit' | 'all';
  replayable: 'rebuild' | 'idempotent' | 'never';
}

/** What the broker lets one identity do; everything else it refuses. An empty list means nothing, which a nats-server's configuration has to say as `deny: ">"`. */
export interface NatsPermissions {
  publish: string[];
  /** Subjects; one that is served is followed by its only queue group, as the server's configuration writes it. */
  subscribe: string[];
  /** Whether it may publish the answer to a request it received, into the inbox of whoever asked. */
  allowResponses: boolean;
}

/** The durable consumers of an identity: `<consumer>-<group>`, and just `<consumer>` for the one that reads everything. */
export const consumersOf = (access: AccessDocument): ConsumerSpec[] => access.consumes.flatMap((consumption) => Array.from({ length: consumption.groups }, (_, group) => specOf(consumption, group)));

function specOf({ consumer, types, start, groups, replayable, ack = 'explicit' }: Consumption, group: number): ConsumerSpec {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition).filter((partition) => partition % groups === group);
  const everything = readsEverything(types);
  // One filter over all partitions keeps the stream's own order, which the log writer needs.
  const filters = everything ? ['ev.>'] : partitions.flatMap((partition) => types.map((type) => storedFilter(partition, type)));
  return { name: everything ? consumer : `${consumer}-${group}`, consumer, group, partitions, filters, start, ack, replayable };
}

function readsEverything(types: Consumption['types']): types is ['*'] {
  return types[0] === '*';
}

/** Compiles an access document to exact NATS permissions. */
export function natsPermissions(access: AccessDocument): NatsPermissions {
  const readsAll = access.consumes.some(({ types }) => readsEverything(types));
  return {
    publish: [
      ...access.produces.map(publishPermission),
      ...consumersOf(access).flatMap(({ name }) => consumerPermissions(name)),
      // The log must know when its stream was created, to tell a new epoch from the old one, and is compared with what the stream has.
      ...(readsAll ? [`$JS.API.STREAM.INFO.${STREAM}`, `$JS.API.DIRECT.GET.${STREAM}`] : []),
      ...[...access.calls, ...(access.forwards ?? [])].map((operation) => callSubject(operation, access.identity)),
      ...(access.signals ?? []).map(signalSubject),
      ...(access.backsUp ?? []).flatMap(backupPermissions),
      ...(access.keeps ?? []).flatMap((bucket) => [`$KV.${bucket}.*`, `$JS.API.STREAM.MSG.GET.${bucketStream(bucket)}`]),
    ],
    subscribe: [
      `${inboxPrefix(access.identity)}.>`,
      ...access.serves.map((operation) => `${serveSubject(operation)} ${rpcQueue(access)}`),
      ...(access.admits ? [`${INGEST_SUBJECTS} ${rpcQueue(access)}`] : []),
      // Without a queue group: every replica hears it.
      ...(access.heeds ?? []).map(signalSubject),
    ],
    allowResponses: access.serves.length > 0 || access.admits === true,
  };
}

/** The queue group in which the replicas of an identity share the requests for what it serves. */
export const rpcQueue = ({ identity }: Pick<AccessDocument, 'identity'>): string => identity;

const consumerPermissions = (name: string): string[] => [
  `$JS.API.CONSUMER.INFO.${STREAM}.${name}`,
  `$JS.API.CONSUMER.MSG.NEXT.${STREAM}.${name}`,
  `$JS.API.CONSUMER.RESET.${STREAM}.${name}`,
  `$JS.ACK.${STREAM}.${name}.>`,
];

const backupPermissions = (stream: string): string[] => [
  `$JS.API.STREAM.INFO.${stream}`,
  `$JS.API.STREAM.SNAPSHOT.${stream}`,
  `$JS.SNAPSHOT.ACK.${stream}.>`,
  ...(stream === STREAM ? [`$JS.API.CONSUMER.LIST.${stream}`] : []),
];
