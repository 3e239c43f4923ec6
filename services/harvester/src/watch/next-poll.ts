/** Bounds of the time between two polls of a repository, in milliseconds. */
export interface PollPace {
  /** Of a repository that changes right now; the wait is this and up to as much again. */
  readonly busyMs: number;
  /** The longest wait of all. */
  readonly quietMs: number;
}

export interface Stillness {
  /** Time since the head moved last. */
  readonly stillMs: number;
  /** Polls that failed one after the other. */
  readonly failures: number;
}

// A repository that has been still for an hour may wait three minutes more.
const SHARE_OF_STILLNESS = 1 / 20;

/**
 * How long to wait before a repository is polled again, in milliseconds: the longer nothing moved, or the more often it
 * failed, the longer; spread by chance, so that repositories added together are not polled together for ever.
 * @param random from 0 up to 1
 */
export function nextPollIn({ busyMs, quietMs }: PollPace, { stillMs, failures }: Stillness, random: number): number {
  const wanted = Math.max(busyMs, stillMs * SHARE_OF_STILLNESS, failures === 0 ? 0 : busyMs * 2 ** Math.min(failures, 20));
  return Math.round(Math.min(wanted, Math.max(quietMs / 2, busyMs)) * (1 + random));
}
