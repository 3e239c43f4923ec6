import { Fault } from '@granary/faults';

export interface AtMostOptions {
  /** How many run at once. */
  readonly atOnce: number;
  /** How many may wait; whoever comes then is sent away. */
  readonly waiting: number;
}

/**
 * Runs work in the order it comes, a bounded number at once.
 * @throws Fault transient `busy` when too many wait already.
 */
export function atMost({ atOnce, waiting }: AtMostOptions): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let running = 0;

  return async (work) => {
    if (running < atOnce) running++;
    else await turn();
    try {
      return await work();
    } finally {
      // The place is handed over rather than given back, so nobody who comes now gets in between.
      const next = queue.shift();
      if (next) next();
      else running--;
    }
  };

  function turn(): Promise<void> {
    if (queue.length >= waiting) return Promise.reject(Fault.transient('busy', `${waiting} others wait for a password to be checked; try again in some seconds`));
    return new Promise((resolve) => queue.push(resolve));
  }
}
