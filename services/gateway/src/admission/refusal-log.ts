import type { RefusalCode } from './refusal';

const EVERY_MS = 10_000;

/**
 * Which refusals are worth a line of the log: the first of each code, then one every 10 s with the number of those between, so that
 * whoever sends rubbish cannot fill the disk with it.
 * @returns how many of its code this line stands for, 0 for no line
 */
export function createRefusalLog(): (code: RefusalCode, now: Date) => number {
  const said = new Map<RefusalCode, { at: number; since: number }>();
  return (code, now) => {
    const last = said.get(code);
    if (last !== undefined && now.getTime() - last.at < EVERY_MS) {
      last.since += 1;
      return 0;
    }
    said.set(code, { at: now.getTime(), since: 0 });
    return 1 + (last?.since ?? 0);
  };
}
