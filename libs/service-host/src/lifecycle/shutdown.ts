import type { Logger } from '@granary/observability';

/** Something that was started and has to be stopped. */
export interface Running {
  readonly name: string;
  stop(): Promise<unknown>;
  /** For what takes work by itself: takes no more, and resolves when what it has is done. What has drained is not stopped again. */
  readonly drain?: () => Promise<unknown>;
}

export interface StopReport {
  readonly ms: number;
  /** What had not stopped in its time, or could not. */
  readonly unfinished: readonly string[];
}

/** What runs, in the order it was started. */
export interface Shutdown {
  add(running: Running): void;
  /**
   * Stops everything, the youngest first, one after the other, all within `timeoutMs`. One that hangs gets at most half
   * of the time that is left, so that those after it have theirs.
   */
  run(timeoutMs: number): Promise<StopReport>;
  /** Drains what takes work, the youngest first, however long that takes; everything else goes on. `onChange` is told what has not drained yet. */
  drain(onChange: (unfinished: readonly string[]) => void): Promise<void>;
}

export function createShutdown(log: Logger, now: () => number = () => performance.now()): Shutdown {
  const running: Running[] = [];
  let ending = false;
  return {
    add: (one) => void running.push(one),
    async drain(onChange) {
      const taking = running.flatMap((one) => (one.drain === undefined ? [] : [{ one, drain: one.drain }])).reverse();
      for (const [index, { one, drain }] of taking.entries()) {
        onChange(taking.slice(index).map(({ one: { name } }) => name));
        // A stop that comes meanwhile finds it in its place, and ends it as it ends everything.
        if (ending) return;
        await drain().catch((error: unknown) => log.error({ err: error, part: one.name }, 'could not be drained cleanly'));
        if (running.includes(one)) running.splice(running.indexOf(one), 1);
      }
    },
    async run(timeoutMs) {
      ending = true;
      const begun = now();
      const unfinished: string[] = [];
      for (let one = running.pop(); one !== undefined; one = running.pop()) {
        const left = timeoutMs - (now() - begun);
        if (!(await stopped(one, running.length === 0 ? left : left / 2, log))) unfinished.push(one.name);
      }
      return { ms: Math.round(now() - begun), unfinished };
    },
  };
}

async function stopped(one: Running, withinMs: number, log: Logger): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), Math.max(0, withinMs));
  const ending = one.stop().then(
    () => true,
    (error: unknown) => {
      log.error({ err: error, part: one.name }, 'could not be stopped cleanly');
      return false;
    },
  );
  const done = await Promise.race([ending, late]);
  clearTimeout(timer);
  return done;
}
