import { setImmediate as othersTurn } from 'node:timers/promises';

// Well below what a health check, a lease or another tenant's call would feel.
const TURN_MS = 4;

/** Does something with each item, and lets everything else in the process have its turn whenever that has taken a few milliseconds. */
export async function inTurns<T>(items: Iterable<T>, each: (item: T) => unknown, turnMs = TURN_MS): Promise<void> {
  let begun = performance.now();
  for (const item of items) {
    const under = each(item);
    if (under instanceof Promise) await under;
    if (performance.now() - begun < turnMs) continue;
    await othersTurn();
    begun = performance.now();
  }
}
