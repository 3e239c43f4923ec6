import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '@granary/faults';
import { cacheFolder } from '../data-folder/cache-folder';
import type { Environment, Log } from '../types';
import { fetchNats } from './fetch-nats.client';
import { isAtLeast, OLDEST_NATS, parseVersion } from './version';

const run = promisify(execFile);

export interface NatsBinary {
  readonly path: string;
  readonly version: string;
  readonly from: 'GRANARY_NATS_SERVER' | 'PATH' | 'cache' | 'debian';
}

/**
 * Finds a nats-server that is new enough: the one named by GRANARY_NATS_SERVER, one in PATH, a copy fetched earlier, or Debian's package.
 * @throws Fault `nats-server-missing` with the ways to get one, `nats-server-unusable` when the named one cannot be used
 */
export async function findNats({ env, log }: { env: Environment; log: Log }): Promise<NatsBinary> {
  const named = env['GRANARY_NATS_SERVER'];
  if (named) return { path: named, version: await usableVersion(named), from: 'GRANARY_NATS_SERVER' };

  for (const path of inPath(env)) {
    const version = await versionOf(path);
    if (version !== null && isAtLeast(version, OLDEST_NATS)) return { path, version, from: 'PATH' };
    log.debug({ path, version, oldest: OLDEST_NATS }, 'nats-server in PATH is too old');
  }

  const cache = join(cacheFolder(env), 'nats-server');
  const cached = join(cache, 'nats-server');
  const version = existsSync(cached) ? await versionOf(cached) : null;
  if (version !== null && isAtLeast(version, OLDEST_NATS)) return { path: cached, version, from: 'cache' };

  await fetchNats({ env, folder: cache, target: cached, check: usableVersion, log });
  return { path: cached, version: await usableVersion(cached), from: 'debian' };
}

async function usableVersion(path: string): Promise<string> {
  const version = await versionOf(path);
  if (version === null) throw Fault.permanent('nats-server-unusable', `${path} does not run as a nats-server; set GRANARY_NATS_SERVER to a nats-server ${OLDEST_NATS} or later, or unset it`);
  if (!isAtLeast(version, OLDEST_NATS)) throw Fault.permanent('nats-server-unusable', `${path} is nats-server ${version}, but ${OLDEST_NATS} or later is needed`);
  return version;
}

async function versionOf(path: string): Promise<string | null> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 10_000 });
    return parseVersion(stdout);
  } catch {
    return null;
  }
}

function inPath(env: Environment): string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, 'nats-server')).filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
