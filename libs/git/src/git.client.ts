import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Fault } from '@granary/faults';
import type { GitEnvironment } from './git-environment';
import { gitEnvironment } from './git-environment';
import type { GitFailure } from './git-failure';
import type { Credentials } from './location';

export interface GitCall {
  /** The bare repository to work in; `/` when there is none, so that no repository around the service is found. */
  readonly gitDir?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Whose credentials git may use. */
  readonly remote?: { location: string; credentials: Credentials | null };
}

export type GitOutcome = { readonly state: 'done'; readonly stdout: string } | GitFailure;

export interface Git {
  /** Runs git and collects at most 1 MiB of its output. Never throws for a failing git; throws the signal's reason when aborted. */
  run(args: readonly string[], call: GitCall): Promise<GitOutcome>;
  /** Runs git, from now on, and hands on its output as records that end with NUL, in chunks as they come: they have to be read. Throws the failure as an error. */
  records(args: readonly string[], call: GitCall): AsyncGenerator<Buffer[]>;
}

/** Runs git as a child process, in its own process group, with nothing but the environment of `gitEnvironment`. */
export function createGit(environment: GitEnvironment): Git {
  const start = (args: readonly string[], call: GitCall): Started => startGit(args, call, environment);
  return {
    async run(args, call) {
      const started = start(args, call);
      const stdout = bounded(started.child, 'stdout', MAX_OUTPUT);
      const ended = await started.ended;
      call.signal?.throwIfAborted();
      return ended ?? { state: 'done', stdout: stdout() };
    },
    records: (args, call) => recordsOf(start(args, call), call),
  };
}

async function* recordsOf({ child, ended, stop }: Started, { signal }: GitCall): AsyncGenerator<Buffer[]> {
  try {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      const text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = text.lastIndexOf(0);
      if (end >= 0) yield split(text.subarray(0, end));
      rest = text.subarray(end + 1);
    }
    const failure = await ended;
    signal?.throwIfAborted();
    if (failure) throw new GitError(failure);
  } catch (error) {
    stop();
    // A git that could not be started has no output either, and says more.
    await ended;
    throw error;
  } finally {
    stop();
  }
}

/** A failed git, for callers who know the location to name. */
export class GitError extends Error {
  override readonly name = 'GitError';
  constructor(readonly failure: GitFailure) {
    super(failure.stderr || `git failed with exit code ${failure.exitCode}`);
  }
}

const MAX_OUTPUT = 1024 * 1024;
const MAX_MESSAGES = 16 * 1024;
const GRACE_MS = 2_000;

interface Started {
  readonly child: ChildProcess & { stdout: NodeJS.ReadableStream };
  /** Settles when git has ended and its output is read: null for success. Rejects when git cannot be started. */
  readonly ended: Promise<GitFailure | null>;
  stop(): void;
}

function startGit(args: readonly string[], call: GitCall, environment: GitEnvironment): Started {
  call.signal?.throwIfAborted();
  const inside = call.gitDir === undefined ? [] : [`--git-dir=${call.gitDir}`];
  const child = spawn('git', [...inside, ...args], {
    cwd: '/',
    env: gitEnvironment(environment, call.remote),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own group, so that ssh and the remote helpers end with it.
    detached: true,
  }) as Started['child'];
  const stderr = bounded(child, 'stderr', MAX_MESSAGES);
  let timedOut = false;
  const stop = (): void => stopGroup(child);
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, call.timeoutMs);
  call.signal?.addEventListener('abort', stop, { once: true });
  const ended = new Promise<GitFailure | null>((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(error)));
    child.once('close', (exitCode) => {
      if (exitCode === 0 && !timedOut) return resolve(null);
      resolve({ state: 'failed', exitCode, stderr: stderr(), timedOutMs: timedOut ? call.timeoutMs : null });
    });
  }).finally(() => {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', stop);
  });
  // Whoever reads records may stop early and never ask how it ended.
  ended.catch(() => undefined);
  return { child, ended, stop };
}

function stopGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  // SIGTERM lets git remove its lock files.
  signalGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child.pid as number, 'SIGKILL'), GRACE_MS);
  timer.unref();
  child.once('close', () => clearTimeout(timer));
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has just ended by itself.
  }
}

function bounded(child: ChildProcess, stream: 'stdout' | 'stderr', limit: number): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  child[stream]?.on('data', (chunk: Buffer) => {
    if (size < limit) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}

function notStarted(error: NodeJS.ErrnoException): Fault {
  if (error.code === 'ENOENT') return Fault.permanent('git-missing', `git is not installed, or not in PATH: install git 2.31 or newer`, { cause: error });
  return Fault.transient('git-failed', `git could not be started: ${error.message}`, { cause: error });
}

function split(text: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let start = 0;
  for (let end = text.indexOf(0); end !== -1; end = text.indexOf(0, start)) {
    records.push(text.subarray(start, end));
    start = end + 1;
  }
  records.push(text.subarray(start));
  return records;
}

/** The version of git; throws when there is none, or one that is too old. */
export async function gitVersion(git: Git): Promise<string> {
  const outcome = await git.run(['version'], { timeoutMs: 10_000 });
  const [, major = '0', minor = '0'] = (outcome.state === 'done' && /git version (\d+)\.(\d+)/.exec(outcome.stdout)) || [];
  if (Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 31)) return `${major}.${minor}`;
  throw Fault.permanent('git-missing', `the harvester needs git 2.31 or newer and found ${outcome.state === 'done' ? outcome.stdout.trim() : 'none that runs'}: install a newer one and put it first in PATH`);
}
