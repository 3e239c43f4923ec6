import { eventContracts, rpcContracts } from './generated/tables';
import type { EventType, RpcOperation } from './generated/types';

/** The stream that takes every event. */
export const STREAM = 'EVENTS';
/** Into how many parts the stream's transform spreads the keys. */
export const PARTITIONS = 16;

/** The 32-bit FNV-1a hash of a text's UTF-8. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Into which part the stream's transform puts the events of a key: as nats-server's `{{partition(16,1,5)}}` computes it, from the tokens one behind the other. */
export const partitionOf = (tenant: string, key: string): number => fnv1a(`${tenant}${key}`) % PARTITIONS;

/** Whether a text can be a partition key: one opaque subject token of at most 128 characters. */
export const isKeyToken = (text: string): boolean => /^[A-Za-z0-9_-]{1,128}$/.test(text);

/** Where an event is published: `in.<tenant>.<domain>.<event>.v<major>.<key>`. Throws when tenant or key is not one plain token. */
export function publishSubject(tenant: string, type: EventType, key: string): string {
  if (!isKeyToken(tenant)) throw new Error('the tenant must be 1 to 128 letters, digits, `_` or `-`, because it is a token of the subject');
  if (!isKeyToken(key)) throw new Error('the key must be 1 to 128 letters, digits, `_` or `-`, because it is a token of the subject');
  return `in.${tenant}.${typeTokens(type)}.${key}`;
}

/** The stored events of one type in one partition, of every tenant: `ev.<partition>.*.<domain>.<event>.v<major>`. */
export const storedFilter = (partition: number, type: EventType): string => `ev.${partition}.*.${typeTokens(type)}`;

/** Where an operation is asked for: `rpc.<service>.<noun>.<verb>`. */
export const rpcSubject = (operation: RpcOperation): string => `rpc.${operation}`;

/** Where an identity asks for an operation: its subject, followed by the identity when the callee has to know for certain who asks. */
export const callSubject = (operation: RpcOperation, identity: string): string => (rpcContracts[operation].callerInSubject ? `${rpcSubject(operation)}.${identity}` : rpcSubject(operation));

/** Where an operation is served: its subject, of whichever caller. */
export const serveSubject = (operation: RpcOperation): string => (rpcContracts[operation].callerInSubject ? `${rpcSubject(operation)}.*` : rpcSubject(operation));

/** Where a signal is sent: `signal.<service>.<name>`. */
export const signalSubject = (signal: string): string => `signal.${signal}`;

/** The prefix of the inboxes of one identity, which nobody else may read: `_INBOX_cache_janitor`. */
export const inboxPrefix = (identity: string): string => `_INBOX_${identity.replaceAll('-', '_')}`;

/** Every publication of a type, of any tenant and key. */
export const publishPermission = (type: EventType): string => `in.*.${typeTokens(type)}.*`;

/** Where foreign publishers of every tenant hand in their events, as whoever admits them listens. */
export const INGEST_SUBJECTS = 'ingest.*.>';

/** Where one publisher hands in its events: the broker lets nobody else publish there. Throws when tenant or name is not one plain token. */
export function ingestSubject(tenant: string, publisher: string): string {
  if (!isKeyToken(tenant) || !isKeyToken(publisher)) throw new Error('tenant and publisher must be 1 to 128 letters, digits, `_` or `-`, because they are tokens of the subject');
  return `ingest.${tenant}.${publisher}`;
}

/** The prefix of the inboxes of one foreign publisher. Tokens, so that no two publishers can have the same one. */
export const publisherInbox = (tenant: string, publisher: string): string => `_INBOX_TENANTS.${tenant}.${publisher}`;

function typeTokens(type: EventType): string {
  const { domain, event, major } = eventContracts[type];
  return `${domain}.${event}.v${major}`;
}

/** The stream of a bucket, as NATS names those of its key-value stores. */
export const bucketStream = (bucket: string): string => `KV_${bucket}`;

/** Where a value of a bucket is written. Throws when the key is not one plain token. */
export function bucketSubject(bucket: string, key: string): string {
  if (!isKeyToken(key)) throw new Error('the key must be 1 to 128 letters, digits, `_` or `-`, because it is a token of the subject');
  return `$KV.${bucket}.${key}`;
}
