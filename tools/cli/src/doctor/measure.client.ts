import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { PlatformFile } from '@granary/embedded';
import { describeProblem } from '../shell/problem';
import type { Answered } from './checks';

const PATIENCE_MS = 3_000;

/** What `git --version` answers; null when there is no git. */
export async function gitVersion(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'], { timeout: PATIENCE_MS });
    return stdout.trim();
  } catch {
    return null;
  }
}

/** Bytes free where a folder is, or where it would be made. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return freeBytes(dirname(folder));
  }
}

/** The processes of a platform by name; servers that are not its own have no process. */
export function processesOf({ pid, nats, database, services }: PlatformFile): Map<string, number | null> {
  const servers = [['nats', nats.pid], ['postgres', database.pid]].filter((entry): entry is [string, number] => entry[1] !== null);
  return new Map<string, number | null>([['granary up', pid], ...servers, ...Object.entries(services).map(([name, service]) => [name, service.pid] as const)]);
}

/** Whether a process runs. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is a process, too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether something accepts connections at the host and port of a URL. */
export async function reach(url: string, defaultPort: number): Promise<Answered<null>> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? defaultPort : Number(port), timeout: PATIENCE_MS });
  return new Promise((resolve) => {
    const end = (answer: Answered<null>): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end({ state: 'answered', value: null }));
    socket.once('timeout', () => end({ state: 'failed', why: `no answer within ${PATIENCE_MS / 1000} s` }));
    socket.once('error', (error) => end({ state: 'failed', why: error.message }));
  });
}

/** What a promise comes to, as a value. */
export async function answered<T>(work: Promise<T>): Promise<Answered<T>> {
  try {
    return { state: 'answered', value: await work };
  } catch (error) {
    return { state: 'failed', why: describeProblem(error).message };
  }
}
