import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Fault, isFault } from '@granary/faults';
import { cacheFolder } from '../data-folder/cache-folder';
import { waitForLock } from '../data-folder/lock.store';
import { fetchDebianPrograms } from '../debian/fetch-programs.client';
import type { Environment, Log } from '../types';
import { missingMessage, type Program } from './program';
import { isAtLeast, parseVersion } from './version';

const run = promisify(execFile);
const FETCH_MS = 180_000;

export interface FoundProgram {
  readonly path: string;
  readonly version: string;
  /** `PATH`, `cache`, `debian`, or the variable that named it. */
  readonly from: string;
}

export interface FindPrograms<N extends string> {
  readonly programs: readonly Program<N>[];
  /** The folder, in the user's cache, of those that are fetched. */
  readonly folder: string;
  readonly env: Environment;
  readonly log: Log;
  /** Aborts a fetch that is under way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds programs that are new enough: each the one named by its variable, one in PATH, or a copy fetched earlier. What is missing then is taken from
 * Debian's packages, all at once; of several callers at the same time, one fetches and the others use its copies.
 * @throws Fault `<name>-missing` with the ways to get it, `<name>-unusable` when the named one cannot be used
 */
export async function findPrograms<N extends string>({ programs, folder, env, log, signal }: FindPrograms<N>): Promise<Record<N, FoundProgram>> {
  const cache = join(cacheFolder(env), folder);
  const found: Partial<Record<string, FoundProgram>> = {};
  await Promise.all(programs.map(async (program) => (found[program.name] = (await findHere(program, cache, env, log)) ?? undefined)));
  const missing = programs.filter(({ name }) => found[name] === undefined);
  if (missing.length > 0) Object.assign(found, await fetchMissing(missing, { cache, env, log, signal }));
  return found as Record<N, FoundProgram>;
}

async function findHere(program: Program, cache: string, env: Environment, log: Log): Promise<FoundProgram | null> {
  const { name, variable, oldest } = program;
  const named = env[variable];
  if (named) return { path: named, version: await usableVersion(program, named), from: variable };

  for (const path of inPath(program, env)) {
    const version = await versionOf(path);
    if (version !== null && isAtLeast(version, oldest)) return { path, version, from: 'PATH' };
    log.debug({ path, version, oldest }, `${name} in PATH is too old`);
  }

  const cached = join(cache, name);
  const version = existsSync(cached) ? await versionOf(cached) : null;
  return version !== null && isAtLeast(version, oldest) ? { path: cached, version, from: 'cache' } : null;
}

interface Fetch extends Pick<FindPrograms<string>, 'env' | 'log' | 'signal'> {
  readonly cache: string;
}

async function fetchMissing(missing: readonly Program[], { cache, env, log, signal }: Fetch): Promise<Record<string, FoundProgram>> {
  const targetOf = (program: Program) => join(cache, program.name);
  const lock = await waitForLock(join(cache, 'fetch.lock'), FETCH_MS);
  try {
    const wanted: Program[] = [];
    for (const program of missing) if (!existsSync(targetOf(program)) || !(await passes(program, targetOf(program)))) wanted.push(program);
    if (wanted.length > 0) {
      log.info({ folder: cache }, `fetching ${wanted.map(({ name }) => name).join(' and ')} from Debian testing, once`);
      const programs = wanted.map((program) => ({ name: program.name, target: targetOf(program), check: (path: string) => usableVersion(program, path), ...(program.finish && { finish: program.finish }) }));
      await fetchDebianPrograms({ programs, env: { ...env, LC_ALL: 'C' }, folder: cache, signal });
    }
  } catch (error) {
    if (!isFault(error)) throw missingFault(missing, `Debian’s package could not be fetched (${Fault.from(error).message.trim().split('\n').slice(-3).join(' ')})`, error);
    throw error.code === 'not-in-debian' ? missingFault(missing, error.message) : error;
  } finally {
    lock.release();
  }
  const entries = missing.map(async (program) => [program.name, { path: targetOf(program), version: await usableVersion(program, targetOf(program)), from: 'debian' }] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function passes(program: Program, path: string): Promise<boolean> {
  const version = await versionOf(path);
  return version !== null && isAtLeast(version, program.oldest);
}

async function usableVersion({ name, variable, oldest }: Program, path: string): Promise<string> {
  const version = await versionOf(path);
  if (version === null) throw Fault.permanent(`${name}-unusable`, `${path} does not run as a ${name}; set ${variable} to a ${name} ${oldest} or later, or unset it`);
  if (!isAtLeast(version, oldest)) throw Fault.permanent(`${name}-unusable`, `${path} is ${name} ${version}, but ${oldest} or later is needed`);
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

function inPath({ name, aliases = [] }: Program, env: Environment): string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => [name, ...aliases].map((file) => join(folder, file))).filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const missingFault = (missing: readonly Program[], why: string, cause?: unknown): Fault => Fault.permanent(`${missing[0]?.name}-missing`, missingMessage(missing, why), { cause });
