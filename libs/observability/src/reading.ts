import { setTimeout as delay } from 'node:timers/promises';

/** Brings gauges up to date at a scrape. Never fails, and never takes longer than its deadline. */
export type Reading = () => Promise<void>;

export interface ReadingOptions<T> {
  /** Asks for all figures at once: a query, a look at a disk. */
  readonly read: () => Promise<T>;
  /** Puts the answer into the gauges that share the reading. */
  readonly show: (figures: T) => void;
  /** Told when no answer came, or not in time; the gauges go on saying what they said. */
  readonly failed?: (error: unknown) => void;
  /** How long an answer holds: so often at most is asked, however many scrape. Default 5 s. */
  readonly keepMs?: number;
  /** How long a scrape waits. An answer that comes later is shown at the next one. Default 1 s. */
  readonly deadlineMs?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

/** One look for several gauges, made when somebody scrapes them: pass it to `createGauge` of each. */
export function createReading<T>({ read, show, failed, keepMs = 5_000, deadlineMs = 1_000, now = () => performance.now() }: ReadingOptions<T>): Reading {
  let underWay: Promise<void> | null = null;
  let until = -Infinity;

  const look = async (): Promise<void> => {
    try {
      show(await read());
    } catch (error) {
      failed?.(error);
    } finally {
      // A failure holds as long as an answer: what does not answer is not asked by every scrape.
      until = now() + keepMs;
      underWay = null;
    }
  };
  return async () => {
    if (now() < until) return;
    underWay ??= look();
    if (!(await isOver(underWay, deadlineMs))) failed?.(new Error(`no answer within ${deadlineMs} ms`));
  };
}

/** Whether work has ended within a time. */
async function isOver(work: Promise<void>, ms: number): Promise<boolean> {
  const ended = new AbortController();
  const timeout = delay(ms, false, { signal: ended.signal, ref: false }).catch(() => true);
  try {
    return await Promise.race([work.then(() => true), timeout]);
  } finally {
    ended.abort();
  }
}
