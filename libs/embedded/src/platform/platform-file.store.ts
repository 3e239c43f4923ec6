import { join } from 'node:path';
import { Fault } from '@granary/faults';
import type { FirstCredentials } from '../data-folder/credentials';
import { inspectLock } from '../data-folder/lock.store';
import { layoutOf } from '../data-folder/layout';
import type { PublisherAccount } from '../nats/publishers';
import { readJson } from '../data-folder/private-file.store';

/** How to reach a running platform: the content of `<data>/platform.json`, readable by its owner only. */
export interface PlatformFile {
  /** The process that started everything and stops it. */
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly nats: { readonly url: string; readonly monitorUrl: string | null; readonly pid: number | null };
  /** Without credentials. */
  readonly database: { readonly url: string; readonly pid: number | null };
  readonly operator: { readonly user: string; readonly password: string };
  /** The foreign publishers that the broker lets in. Missing when an older version started the platform. */
  readonly publishers?: readonly PublisherAccount[];
  /** The file that lists them and is looked at while the platform runs; null when it does not count. Missing like `publishers`. */
  readonly publisherList?: string | null;
  /** How the local operator begins at auth. Missing when an older version started the platform. */
  readonly auth?: FirstCredentials;
  readonly services: Readonly<Record<string, { readonly pid: number | null; readonly url: string; readonly restarts: number; readonly log: string }>>;
}

/** The platform that runs with a data folder, or null when none does; a file left by a crash does not count. */
export function readPlatformFile(dataDir: string): PlatformFile | null {
  const layout = layoutOf(dataDir);
  if (inspectLock(layout.lock).state !== 'held') return null;
  return readJson(layout.platform) as PlatformFile | null;
}

/** Like `readPlatformFile`. @throws Fault `not-running` that says how to start one */
export function requirePlatformFile(dataDir: string): PlatformFile {
  const file = readPlatformFile(dataDir);
  if (file !== null) return file;
  throw Fault.transient('not-running', `no Granary runs with the data folder ${join(dataDir)}; start one with npm start, or name another folder with GRANARY_DATA`);
}
