import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, isFault } from '@granary/faults';
import { waitForLock } from '../data-folder/lock.store';
import { fetchDebianProgram } from '../debian/fetch-program.client';
import type { Environment, Log } from '../types';
import { OLDEST_NATS } from './version';

const FETCH_MS = 180_000;

export interface FetchNats {
  readonly env: Environment;
  /** The cache folder in which all of apt's state is kept meanwhile. */
  readonly folder: string;
  readonly target: string;
  /** Throws when the program does not run or is too old. */
  readonly check: (path: string) => Promise<unknown>;
  readonly log: Log;
}

/**
 * Takes nats-server from the testing suite of the Debian mirror that this machine's apt uses. Installs nothing and needs no root;
 * apt checks the signature. Of several callers at once, one fetches and the others use its copy.
 * @throws Fault `nats-server-missing`
 */
export async function fetchNats({ env, folder, target, check, log }: FetchNats): Promise<void> {
  const lock = await waitForLock(join(folder, 'fetch.lock'), FETCH_MS);
  try {
    if (existsSync(target) && (await passes(check, target))) return;
    log.info({ folder }, 'fetching nats-server from Debian testing, once');
    await fetchDebianProgram({ name: 'nats-server', env: { ...env, LC_ALL: 'C' }, folder, target, check });
  } catch (error) {
    if (!isFault(error)) throw missing('Debian’s package could not be fetched', error);
    throw error.code === 'not-in-debian' ? missing(error.message) : error;
  } finally {
    lock.release();
  }
}

async function passes(check: (path: string) => Promise<unknown>, path: string): Promise<boolean> {
  try {
    await check(path);
    return true;
  } catch {
    return false;
  }
}

function missing(why: string, cause?: unknown): Fault {
  const said = cause === undefined ? '' : ` (${Fault.from(cause).message.trim().split('\n').slice(-3).join(' ')})`;
  return Fault.permanent(
    'nats-server-missing',
    `no nats-server ${OLDEST_NATS} or later was found, and ${why}${said}. Get one in one of these ways and start again:
  - download it from https://github.com/nats-io/nats-server/releases and set GRANARY_NATS_SERVER to its path, or put it into PATH
  - Homebrew: brew install nats-server
  - Docker: docker run --rm -p 4222:4222 nats -js, and set GRANARY_NATS_URL=nats://127.0.0.1:4222`,
    { cause },
  );
}
