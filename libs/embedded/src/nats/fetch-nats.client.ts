import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault, isFault } from '@granary/faults';
import { waitForLock } from '../data-folder/lock.store';
import type { Environment, Log } from '../types';
import { aptOptions, debianMirror, testingSource } from './debian-source';
import { OLDEST_NATS } from './version';

const run = promisify(execFile);
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
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
    await fetchDebian({ ...env, LC_ALL: 'C' }, folder, target, check);
  } catch (error) {
    throw isFault(error) ? error : missing('Debian’s package could not be fetched', error);
  } finally {
    lock.release();
  }
}

async function fetchDebian(env: NodeJS.ProcessEnv, folder: string, target: string, check: (path: string) => Promise<unknown>): Promise<void> {
  const work = mkdtempSync(join(folder, 'fetch-'));
  try {
    for (const name of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(work, name), { recursive: true });
    const options = aptOptions(work, process.getuid?.() === 0);
    const apt = (...args: string[]) => run('apt-get', [...options, ...args], { env, cwd: work, timeout: FETCH_MS, maxBuffer: 50_000_000 });

    writeFileSync(join(work, 'sources.list'), testingSource(await mirror(env, work), existsSync(KEYRING) ? KEYRING : null));
    await apt('update');
    await apt('download', 'nats-server');
    const [archive] = globSync('nats-server_*.deb', { cwd: work });
    if (archive === undefined) throw missing('apt downloaded no package');
    await run('dpkg', ['-x', join(work, archive), join(work, 'unpacked')], { env });
    const [program] = globSync('unpacked/usr/{sbin,bin}/nats-server', { cwd: work });
    if (program === undefined) throw missing(`${archive} holds no nats-server`);
    await check(join(work, program));
    renameSync(join(work, program), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function mirror(env: NodeJS.ProcessEnv, work: string): Promise<string> {
  const targets = await outputOf(env, 'apt-get', ['indextargets', '--format', '$(ORIGIN) $(REPO_URI)']);
  // Images of containers come without lists; apt still knows from where it would fetch them.
  const uris = await outputOf(env, 'apt-get', ['-o', `Dir::State::Lists=${join(work, 'lists')}`, 'update', '--print-uris']);
  const found = debianMirror(targets, uris);
  if (found === null) throw missing('this machine has no apt with a Debian mirror');
  return found;
}

async function outputOf(env: NodeJS.ProcessEnv, command: string, args: string[]): Promise<string> {
  try {
    return (await run(command, args, { env, timeout: 30_000, maxBuffer: 10_000_000 })).stdout;
  } catch {
    return '';
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
