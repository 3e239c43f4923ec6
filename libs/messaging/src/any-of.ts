export interface Joined {
  readonly signal: AbortSignal;
  /** Lets go of the signals it was joined from, which may live longer. */
  release(): void;
}

/** Aborted with the first of them. Unlike `AbortSignal.any`, asking whether it is aborted costs nothing: that is done for every event. */
export function anyOf(signals: readonly AbortSignal[]): Joined {
  const joined = new AbortController();
  const released = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) joined.abort(signal.reason);
    else signal.addEventListener('abort', () => joined.abort(signal.reason), { once: true, signal: released.signal });
  }
  return { signal: joined.signal, release: () => released.abort() };
}
