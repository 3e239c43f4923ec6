import { spawn, type SpawnOptions } from 'node:child_process';
import { Fault } from '@granary/faults';
import { inspectProcess, signalProcess } from './process.client';
import type { ProcessRecord } from './process-record';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process of ours. */
export interface Child {
  readonly pid: number;
  readonly record: ProcessRecord;
  readonly exited: Promise<Exit>;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Asks with `signal` (SIGTERM unless told), kills at the deadline, resolves when it is gone. */
  end(withinMs: number, signal?: NodeJS.Signals): Promise<Exit>;
}

export interface ChildSettings {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** A part of the command line by which a later start recognises this process. */
  readonly marker: string;
  readonly options?: SpawnOptions;
  readonly onOutput?: (chunk: Buffer) => void;
}

/**
 * Starts a process in a group of its own: Ctrl-C in a terminal reaches only the starter, which then stops everything in order.
 * @throws Fault `start-failed` when the program cannot be run at all.
 */
export async function startChild({ name, command, args, marker, options, onOutput }: ChildSettings): Promise<Child> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options, detached: true });
  let exit: Exit | null = null;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve((exit = { code, signal })));
    // A program that cannot be run has no exit event.
    child.once('error', () => resolve((exit = { code: null, signal: null })));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(Fault.permanent('start-failed', `${name} cannot be started: ${cause.message}`, { cause })));
  });
  if (onOutput) {
    child.stdout?.on('data', onOutput);
    child.stderr?.on('data', onOutput);
  }

  const pid = child.pid as number;
  const isRunning = () => exit === null;
  const signal = (what: NodeJS.Signals) => {
    if (isRunning()) signalProcess(pid, what);
  };
  return {
    pid,
    record: { name, pid, birth: inspectProcess(pid)?.birth ?? '', marker },
    exited,
    isRunning,
    signal,
    async end(withinMs, first = 'SIGTERM') {
      signal(first);
      const timer = setTimeout(() => signal('SIGKILL'), withinMs);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
