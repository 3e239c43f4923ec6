import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Fault } from '@granary/faults';
import type { Git, GitCall, GitOutcome } from './git.client';
import { createGit } from './git.client';
import type { GitEnvironment } from './git-environment';
import type { Answered, Asked } from './starter';

/** The program of the process that starts gits. */
export interface StarterProgram {
  readonly file: string;
  readonly execArgv?: readonly string[];
}

const BUILT: StarterProgram = { file: join(__dirname, 'starter.worker.js') };

export interface GitApart extends Git {
  /** Ends the process that starts gits, and what it runs. */
  stop(): void;
}

/**
 * Git whose `run` starts it from a small process. To start a program costs a process a copy of its page tables and stops it
 * meanwhile: measured 2.5 ms at 60 MB, 7.5 ms at 150 MB, 24 ms at 400 MB. Who polls many repositories cannot afford that.
 * `records` starts git from this process, since its output may be large.
 */
export function createGitApart(environment: GitEnvironment, program: StarterProgram = BUILT): GitApart {
  let starter: Starter | null = null;
  const current = (): Starter => (starter?.ended() === false ? starter : (starter = openStarter(program)));
  return {
    records: createGit(environment).records,
    async run(args, { signal, ...call }) {
      signal?.throwIfAborted();
      const outcome = await current().run({ args, call, environment }, signal);
      signal?.throwIfAborted();
      if (outcome.state === 'fault') throw Fault.fromRecord(outcome.fault);
      return outcome;
    },
    stop: () => starter?.stop(),
  };
}

interface Starter {
  run(asked: NonNullable<Asked['run']>, signal: GitCall['signal']): Promise<GitOutcome | Answered['outcome']>;
  ended(): boolean;
  stop(): void;
}

function openStarter({ file, execArgv = [] }: StarterProgram): Starter {
  // Nothing of this process's environment: what git may know comes with each call.
  const child = fork(file, [], { execArgv: [`--max-old-space-size=${MEMORY_MB}`, ...execArgv], env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const waiting = new Map<number, { resolve: (outcome: Answered['outcome']) => void; reject: (fault: Fault) => void }>();
  let next = 0;
  let over: Fault | null = null;
  const end = (fault: Fault): void => {
    over = fault;
    for (const { reject } of waiting.values()) reject(fault);
    waiting.clear();
  };
  child.on('message', ({ id, outcome }: Answered) => {
    waiting.get(id)?.resolve(outcome);
    waiting.delete(id);
    if (waiting.size === 0) idle(child);
  });
  child.once('error', (cause) => end(Fault.transient('git-failed', `the process that starts git could not be started: ${cause.message}`, { cause })));
  child.once('exit', (code, ended) => end(Fault.transient('git-failed', `the process that starts git ended (${ended ?? `exit code ${code}`}); the next call starts another`)));
  idle(child);
  return {
    async run(run, signal) {
      const id = next++;
      const stop = (): void => void (over === null && send(child, { id, run: null }));
      signal?.addEventListener('abort', stop, { once: true });
      try {
        return await new Promise<Answered['outcome']>((resolve, reject) => {
          if (over !== null) return reject(over);
          waiting.set(id, { resolve, reject });
          busy(child);
          send(child, { id, run });
        });
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    },
    ended: () => over !== null,
    stop: () => void (child.connected && child.disconnect()),
  };
}

const MEMORY_MB = 64;

/** One that ends at this moment says so by its exit. */
function send(child: ChildProcess, asked: Asked): void {
  child.send(asked, () => undefined);
}

/** While nothing is asked of it, it keeps nobody from ending. */
function idle(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function busy(child: ChildProcess): void {
  child.ref();
  child.channel?.ref();
}
