import { resolve } from 'node:path';
import { Fault } from '@granary/faults';
import { layoutOf } from '../data-folder/layout';
import { keepPublishers, readKeptPublishers } from '../data-folder/publishers.store';
import { parsePublisher, publisherUser, readPublishers, type Publisher, type PublisherAccount } from '../nats/publishers';
import { waitUntil } from '../processes/process.client';
import type { Environment } from '../types';
import { readPlatformFile } from './platform-file.store';

/** The foreign publishers of a data folder. */
export interface PublisherList {
  readonly publishers: readonly Publisher[];
  /** How each gets in; null while no platform runs there, which makes the accounts when it starts. */
  readonly accounts: readonly PublisherAccount[] | null;
}

const TAKEN_MS = 10_000;

/** Who is listed with a data folder and, when a platform runs there, has an account. @throws Fault `unreadable-file`, `bad-configuration` */
export function listPublishers(dataDir: string, env: Environment): PublisherList {
  const accounts = readPlatformFile(dataDir)?.publishers;
  if (accounts !== undefined) return { publishers: accounts.map(({ user }) => parsePublisher(user)), accounts };
  return { publishers: readPublishers(env, readKeptPublishers(layoutOf(resolve(dataDir)).publishers)), accounts: null };
}

/**
 * Changes the list. A platform that runs lets them in, or not, before this resolves; another one does when it starts.
 * @throws Fault `publishers-configured` when the list of the data folder does not count, `publishers-not-taken`
 */
export async function changePublishers(dataDir: string, env: Environment, change: (publishers: readonly Publisher[]) => readonly Publisher[]): Promise<PublisherList> {
  const platform = readPlatformFile(dataDir);
  const path = platform ? platform.publisherList : env['GRANARY_PUBLISHERS'] === undefined ? layoutOf(resolve(dataDir)).publishers : null;
  if (path === null || path === undefined) throw Fault.permanent('publishers-configured', 'the publishers of this platform are not listed in its data folder, but by GRANARY_PUBLISHERS or with the broker that somebody else runs; change them there');
  const before = listPublishers(dataDir, env).publishers;
  const wanted = change(before);
  const names = namesOf(wanted);
  if (names === namesOf(before)) return listPublishers(dataDir, env);
  // Checked as a whole before it is written.
  keepPublishers(path, readPublishers({}, wanted.map(publisherUser)));
  if (platform === null || (await waitUntil(() => namesOf(listPublishers(dataDir, env).publishers) === names, TAKEN_MS))) return listPublishers(dataDir, env);
  throw Fault.transient('publishers-not-taken', `the platform has not taken the new list within ${TAKEN_MS / 1_000} s; it counts from its next start, and its output says what is wrong`);
}

const namesOf = (publishers: readonly Publisher[]): string => publishers.map(publisherUser).sort().join();
