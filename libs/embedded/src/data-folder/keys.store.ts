import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@granary/faults';
import { parseCredentials, type Credentials } from './credentials';
import { layoutOf } from './layout';
import { readJson, writePrivateFile, writePrivateJson } from './private-file.store';
import { readKeptPublishers } from './publishers.store';

/** What a data folder has that a backup leaves out on purpose: without it, what is sealed in the database cannot be opened. */
export interface Keys {
  readonly version: 1;
  /** Base64 by path below `services/`. */
  readonly files: Readonly<Record<string, string>>;
  /** What the operator and foreign publishers identify themselves with. */
  readonly credentials: Pick<Credentials, 'auth' | 'publishers'>;
  /** The foreign publishers that the data folder lists itself, if it does. */
  readonly listed?: readonly string[];
}

const PATH = /^[a-z][a-z-]*\/[a-z][a-z0-9.-]*\.key$/;

/** @throws Fault permanent `no-keys` when the folder is none of a platform that was started once */
export function collectKeys(dataDir: string): Keys {
  const layout = layoutOf(dataDir);
  const credentials = parseCredentials(readJson(layout.credentials), layout.credentials);
  if (credentials === null) throw Fault.permanent('no-keys', `${dataDir} has no credentials.json: name the data folder of a platform that was started once, with --data or GRANARY_DATA`);
  const services = join(layout.root, 'services');
  const files = globSync('*/*.key', { cwd: services }).sort();
  const { auth, publishers } = credentials;
  const listed = readKeptPublishers(layout.publishers);
  return {
    version: 1,
    files: Object.fromEntries(files.map((path) => [path, readFileSync(join(services, path)).toString('base64')])),
    credentials: { ...(auth !== undefined && { auth }), ...(publishers !== undefined && { publishers }) },
    ...(listed !== null && { listed }),
  };
}

/** Puts keys into a data folder that was never started. @throws Fault permanent `bad-keys` when they are none */
export function carryKeys(dataDir: string, keys: unknown): void {
  const { version, files, credentials, listed } = (keys ?? {}) as Partial<Keys>;
  const layout = layoutOf(dataDir);
  const paths = Object.entries(files ?? {});
  if (version !== 1 || credentials === undefined || !paths.every(([path, content]) => PATH.test(path) && typeof content === 'string')) {
    throw Fault.permanent('bad-keys', 'the file does not hold the keys of a platform: give the one that `granary backup keys` wrote');
  }
  writePrivateJson(layout.credentials, parseCredentials({ version: 1, nats: {}, postgres: {}, ...credentials }, 'the file with the keys'));
  if (listed !== undefined) writePrivateJson(layout.publishers, { version: 1, publishers: listed });
  for (const [path, content] of paths) writePrivateFile(join(layout.root, 'services', path), Buffer.from(content, 'base64').toString('utf8'));
}
