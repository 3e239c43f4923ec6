import { ingestSubject, publisherInbox } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { Environment } from '../types';
import type { NatsUser } from './config';

/** A foreign client of the broker: a program that is none of Granary's services and hands in events of one tenant. */
export interface Publisher {
  readonly tenant: string;
  readonly name: string;
}

/** What a publisher has to know to connect and to hand in events. */
export interface PublisherAccount {
  readonly user: string;
  readonly password: string;
  /** It listens for its answers below this prefix, and nowhere else. */
  readonly inboxPrefix: string;
  readonly subject: string;
}

const TOKEN = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?$/;
const MOST = 1_000;

/**
 * The publishers that GRANARY_PUBLISHERS lists as `<tenant>.<name>`, separated by commas; without it those of the data folder's
 * own list; without that one of the first tenant, `publisher`.
 * @param kept the list of the data folder, null when it has none
 * @throws Fault `bad-configuration`
 */
export function readPublishers(env: Environment, kept: readonly string[] | null = null): Publisher[] {
  const listed = env['GRANARY_PUBLISHERS']?.split(',') ?? kept;
  if (listed === null) return [{ tenant: env['GRANARY_AUTH_FIRST_TENANT'] || env['GRANARY_TENANT'] || 'default', name: 'publisher' }];
  const entries = new Set(listed.map((entry) => entry.trim()).filter((entry) => entry !== ''));
  if (entries.size > MOST) throw Fault.permanent('bad-configuration', `${entries.size} publishers are listed; at most ${MOST} can be configured`);
  return [...entries].map(parsePublisher);
}

/** @throws Fault `bad-configuration` when it is not `<tenant>.<name>` */
export function parsePublisher(entry: string): Publisher {
  const [tenant = '', name = '', ...rest] = entry.split('.');
  if (rest.length === 0 && TOKEN.test(tenant) && TOKEN.test(name)) return { tenant, name };
  throw Fault.permanent('bad-configuration', `'${entry.slice(0, 200)}' is no publisher: it must be <tenant>.<name>, each of 1 to 64 letters, digits, '_' or '-', with a letter or digit at both ends`);
}

/** The user of a publisher. No service has a dot in its name, so the two kinds cannot meet. */
export const publisherUser = ({ tenant, name }: Publisher): string => `${tenant}.${name}`;

/** The users of the account TENANTS: each may publish at its own subject of the admission and read its own inboxes. */
export function natsPublishers(publishers: readonly Publisher[], passwords: Readonly<Record<string, string>>): NatsUser[] {
  return publishers.map((publisher) => {
    const { user, password, inboxPrefix, subject } = publisherAccount(publisher, passwords);
    return { user, password, permissions: { publish: [subject], subscribe: [`${inboxPrefix}.>`], allowResponses: false } };
  });
}

export function publisherAccount(publisher: Publisher, passwords: Readonly<Record<string, string>>): PublisherAccount {
  const { tenant, name } = publisher;
  const user = publisherUser(publisher);
  const password = passwords[user];
  if (password === undefined) throw Fault.permanent('unknown-identity', `there is no password for the publisher '${user}'`);
  return { user, password, inboxPrefix: publisherInbox(tenant, name), subject: ingestSubject(tenant, name) };
}
