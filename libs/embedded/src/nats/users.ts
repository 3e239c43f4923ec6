import { bucketStream, inboxPrefix, natsPermissions, STREAM, type AccessDocument, type NatsPermissions } from '@granary/contracts';
import type { NatsUser } from './config';

/** The identity that creates the stream, the consumers and the buckets. It has no access document, because it neither publishes nor reads events. */
export const PROVISIONER = 'provisioner';

/** The identity that fills an empty broker from a backup. It is there only while that is done. */
export const RESTORER = 'restorer';

/** Every identity that may connect: those with an access document, and the provisioner. */
export function natsIdentities(documents: Readonly<Record<string, AccessDocument>>): string[] {
  return [...Object.keys(documents).filter((identity) => identity !== PROVISIONER), PROVISIONER].sort();
}

/** The broker's users: each identity with exactly what its access document gives. */
export function natsUsers(documents: Readonly<Record<string, AccessDocument>>, passwords: Readonly<Record<string, string>>): NatsUser[] {
  return natsIdentities(documents).map((identity) => {
    const document = documents[identity];
    const permissions = identity === PROVISIONER || !document ? provisionerPermissions(Object.values(documents).flatMap(({ keeps = [] }) => keeps)) : natsPermissions(document);
    return { user: identity, password: passwords[identity] ?? '', permissions };
  });
}

// May set up the one stream, its consumers and the buckets, but neither publish, read, purge nor delete a stream.
function provisionerPermissions(buckets: readonly string[]): NatsPermissions {
  const stream = [STREAM, ...buckets.map(bucketStream)].flatMap((name) => ['CREATE', 'UPDATE', 'INFO'].map((verb) => `$JS.API.STREAM.${verb}.${name}`));
  const lists = ['LIST', 'NAMES'].map((verb) => `$JS.API.CONSUMER.${verb}.${STREAM}`);
  const consumers = ['INFO', 'DELETE', 'DURABLE.CREATE'].map((verb) => `$JS.API.CONSUMER.${verb}.${STREAM}.*`);
  return {
    // Creating a consumer with one filter names the filter in the subject, too.
    publish: ['$JS.API.INFO', ...stream, ...lists, ...consumers, `$JS.API.CONSUMER.CREATE.${STREAM}.>`],
    subscribe: [`${inboxPrefix(PROVISIONER)}.>`],
    allowResponses: false,
  };
}

/** The user who restores: of streams that exist already it may change nothing. */
export function natsRestorer(password: string): NatsUser {
  const stream = ['INFO', 'RESTORE', 'DELETE'].map((verb) => `$JS.API.STREAM.${verb}.*`);
  const consumers = ['CREATE', 'DURABLE.CREATE', 'INFO', 'DELETE', 'MSG.NEXT'].map((verb) => `$JS.API.CONSUMER.${verb}.${STREAM}.>`);
  return {
    user: RESTORER,
    password,
    permissions: { publish: ['$JS.API.INFO', ...stream, ...consumers, '$JS.SNAPSHOT.RESTORE.>', '$JS.FC.>', `$JS.ACK.${STREAM}.>`], subscribe: [`${inboxPrefix(RESTORER)}.>`], allowResponses: false },
  };
}
