import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { isFault } from '@granary/faults';
import type { ReachablePlatform } from '../platform/place';
import { describeProblem } from '../shell/problem';
import type { Answered, Evidence, RunningEvidence } from './evidence';
import { judgeStartup, startupMessage } from './startup';

const PATIENCE_MS = 4_000;

/** What `git --version` answers; null when there is no git. */
export async function gitVersion(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'], { timeout: PATIENCE_MS });
    return stdout.trim();
  } catch {
    return null;
  }
}

/** Bytes of the disk where a folder is, or where it would be made. */
export async function measureDisk(folder: string, at = folder): Promise<Evidence['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(at);
    return { folder, free: bavail * bsize, total: blocks * bsize };
  } catch (error) {
    if (dirname(at) === at) throw error;
    return measureDisk(folder, dirname(at));
  }
}

/** Bytes of memory that programs can still get, of all; of the container where there is one with a limit. */
export function measureMemory(): Evidence['memory'] {
  const [limit, total] = [process.constrainedMemory(), totalmem()];
  return limit > 0 && limit < total ? { free: process.availableMemory(), total: limit } : { free: freemem(), total };
}

/** The processes of a platform of this machine by name; servers that are not its own have no process. */
export function lookAtProcesses({ pid, nats, database, services }: ReachablePlatform): RunningEvidence['processes'] {
  if (pid === null) return null;
  const servers = [['nats', nats.pid], ['postgres', database.pid]].filter((entry): entry is [string, number] => entry[1] !== null);
  const all: [string, number | null][] = [['granary up', pid], ...servers, ...Object.entries(services).map(([name, service]): [string, number | null] => [name, service.pid])];
  const states = all.map(([name, id]) => ({ name, pid: id, state: id === null ? 'missing' : stateOf(id) }));
  const named = (state: string) => states.filter((one) => one.state === state).map(({ name, pid: id }) => (state === 'halted' ? `${name} (pid ${id ?? ''})` : name));
  return { total: all.length, missing: named('missing'), halted: named('halted') };
}

function stateOf(pid: number): 'runs' | 'halted' | 'missing' {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is a process, too.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return 'missing';
  }
  return isHalted(pid) ? 'halted' : 'runs';
}

// Only Linux tells it without a program being started.
function isHalted(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return /^[Tt]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/**
 * Whether a PostgreSQL takes up a conversation at the host and port of a URL: a server that is halted is still connected to.
 * Nobody logs in: the server's first word is enough, and that it does not know the user is a good one.
 */
export async function reachDatabase(url: string): Promise<Answered<null>> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 5432 : Number(port), timeout: PATIENCE_MS });
  return new Promise((resolve) => {
    const end = (answer: Answered<null>): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write(startupMessage('granary_doctor')));
    socket.once('data', (bytes: Buffer) => end(judgeStartup(bytes)));
    socket.once('end', () => end({ state: 'failed', why: 'it hangs up at once' }));
    socket.once('timeout', () => end({ state: 'failed', why: `no answer within ${PATIENCE_MS / 1000} s` }));
    socket.once('error', (error) => end({ state: 'failed', why: error.message }));
  });
}

/** What a promise comes to, as a value, and in time: what hangs has failed. */
export async function answered<T>(work: Promise<T>, withinMs = 2 * PATIENCE_MS): Promise<Answered<T>> {
  const late = Promise.withResolvers<Answered<T>>();
  const timer = setTimeout(() => late.resolve({ state: 'failed', why: `no answer within ${withinMs / 1000} s` }), withinMs);
  try {
    return await Promise.race([work.then((value): Answered<T> => ({ state: 'answered', value }), asFailed), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function asFailed(error: unknown): Answered<never> {
  const { message } = describeProblem(error);
  return { state: 'failed', why: message, ...(isFault(error) && { code: error.code }) };
}
