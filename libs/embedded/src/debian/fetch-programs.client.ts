import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault } from '@granary/faults';
import { aptOptions, debianMirror, testingSource } from './debian-source';

const run = promisify(execFile);
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const FETCH_MS = 180_000;

/** Where a package was unpacked. */
export interface Unpacked {
  /** What would lie in `/`. */
  readonly root: string;
  /** The program in it. */
  readonly program: string;
  /** Where it goes. */
  readonly target: string;
}

export interface FetchPrograms {
  readonly programs: readonly {
    /** The Debian package, and the program in it, by the same name. */
    readonly name: string;
    /** The file that it becomes. */
    readonly target: string;
    /** Throws when the program does not run. */
    readonly check: (path: string) => Promise<unknown>;
    /** Takes what else is needed from the unpacked package, before the check. */
    readonly finish?: (place: Unpacked) => void;
  }[];
  readonly env: NodeJS.ProcessEnv;
  /** Where all of apt's state is kept meanwhile. */
  readonly folder: string;
  /** Aborts what is under way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes programs from the testing suite of the Debian mirror that this machine's apt uses. Installs nothing and needs
 * no root; apt checks the signatures.
 * @throws Fault `not-in-debian`, or what apt failed with
 */
export async function fetchDebianPrograms({ programs, env, folder, signal }: FetchPrograms): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, 'fetch-'));
  try {
    for (const place of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(work, place), { recursive: true });
    const options = aptOptions(work, process.getuid?.() === 0);
    const apt = (...args: string[]) => run('apt-get', [...options, ...args], { env, cwd: work, timeout: FETCH_MS, maxBuffer: 50_000_000, signal });

    writeFileSync(join(work, 'sources.list'), testingSource(await mirror(env, work), existsSync(KEYRING) ? KEYRING : null));
    await apt('update');
    await apt('download', ...programs.map(({ name }) => name));
    for (const { name, target, check, finish } of programs) {
      const [archive] = globSync(`${name}_*.deb`, { cwd: work });
      if (archive === undefined) throw missing(`apt downloaded no ${name}`);
      await run('dpkg', ['-x', join(work, archive), join(work, 'unpacked')], { env, signal });
      const [program] = globSync(`unpacked/usr/{sbin,bin}/${name}`, { cwd: work });
      if (program === undefined) throw missing(`${archive} holds no ${name}`);
      finish?.({ root: join(work, 'unpacked'), program: join(work, program), target });
      await check(join(work, program));
      renameSync(join(work, program), target);
    }
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

const missing = (why: string): Fault => Fault.permanent('not-in-debian', why);
