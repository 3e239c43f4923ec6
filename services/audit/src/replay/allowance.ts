/** The token bucket of a job: a token is the right to hand out one event. */
export interface Bucket {
  /** Events a second; null without a limit. */
  readonly rate: number | null;
  readonly tokens: number;
  readonly refilledAt: Date | null;
}

export interface Allowance {
  /** How many events may be handed out now. */
  readonly events: number;
  /** What is in the bucket before they are. */
  readonly tokens: number;
  /** When it is worth asking again; 0 when something may be handed out. */
  readonly afterMs: number;
}

/** A bucket holds the tokens of one second, and gives some of them only when a twentieth of that is there, so that slow replays are not handed out one by one. */
export function allowanceOf({ rate, tokens, refilledAt }: Bucket, now: Date): Allowance {
  if (rate === null) return { events: Number.MAX_SAFE_INTEGER, tokens: 0, afterMs: 0 };
  const elapsed = refilledAt === null ? 1 : Math.max(0, now.getTime() - refilledAt.getTime()) / 1_000;
  const filled = Math.min(rate, tokens + elapsed * rate);
  const least = Math.max(1, Math.floor(rate / 20));
  if (filled >= least) return { events: Math.floor(filled), tokens: filled, afterMs: 0 };
  return { events: 0, tokens: filled, afterMs: Math.ceil(((least - filled) / rate) * 1_000) };
}
