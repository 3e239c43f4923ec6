import { setTimeout as sleep } from 'node:timers/promises';
import type { Child, Exit } from '../processes/child.client';
import type { Log } from '../types';
import { backOffMs, crashesInARow } from './back-off';

/** A process that has been started. */
export interface Running {
  readonly child: Child;
  /** Resolves when it can do its work; never rejects, stays open when the process ends before. */
  readonly ready: Promise<void>;
  /** Ends it in its own way, hard at the deadline. */
  end(withinMs: number): Promise<Exit>;
}

export interface SuperviseSettings {
  readonly name: string;
  /** Starts the process; called again after each crash. What it throws counts as a crash. */
  readonly start: () => Promise<Running>;
  readonly onStart?: (running: Running) => void;
  readonly onReady?: () => void;
  readonly onCrash?: (crash: Crash) => void;
  readonly log: Log;
}

export interface Crash {
  readonly name: string;
  readonly exit: Exit | null;
  /** All since the platform was started. */
  readonly restarts: number;
  readonly restartInMs: number;
}

export interface Supervised {
  readonly name: string;
  pid(): number | null;
  restarts(): number;
  /** @returns how it ended; null when it was not running */
  stop(withinMs: number): Promise<Exit | null>;
}

/** Keeps a process running: starts it again after a crash, waiting longer each time, until it is stopped. */
export function supervise({ name, start, onStart, onReady, onCrash, log }: SuperviseSettings): Supervised {
  const stopping = new AbortController();
  let running: Running | null = null;
  let restarts = 0;

  async function runOnce(): Promise<{ exit: Exit | null; healthyMs: number }> {
    let readyAt: number | null = null;
    try {
      running = await start();
    } catch (error) {
      log.error({ err: error, process: name }, 'could not be started');
      return { exit: null, healthyMs: 0 };
    }
    onStart?.(running);
    void running.ready.then(() => {
      readyAt = performance.now();
      if (!stopping.signal.aborted) onReady?.();
    });
    const exit = await running.child.exited;
    running = null;
    return { exit, healthyMs: readyAt === null ? 0 : performance.now() - readyAt };
  }

  async function keepRunning(): Promise<void> {
    for (let crashes = 0; !stopping.signal.aborted; ) {
      const { exit, healthyMs } = await runOnce();
      if (stopping.signal.aborted) return;
      crashes = crashesInARow(crashes, healthyMs);
      restarts++;
      const restartInMs = backOffMs(crashes);
      log.error({ process: name, ...exit, crashes, restartInMs }, 'ended unexpectedly and will be started again');
      onCrash?.({ name, exit, restarts, restartInMs });
      await sleep(restartInMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const ended = keepRunning();
  return {
    name,
    pid: () => running?.child.pid ?? null,
    restarts: () => restarts,
    async stop(withinMs) {
      stopping.abort();
      const until = performance.now() + withinMs;
      // A start that is just under way is waited for, so that nothing stays behind.
      while (running === null && performance.now() < until) {
        if (await Promise.race([ended.then(() => true), sleep(10, false)])) return null;
      }
      return (await (running as Running | null)?.end(Math.max(100, until - performance.now()))) ?? null;
    },
  };
}
