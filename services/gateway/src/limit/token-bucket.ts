/** How often somebody may do something. */
export interface Rate {
  /** On average; 0 for no limit. */
  readonly perSecond: number;
  /** At once, after a pause. */
  readonly burst: number;
}

export interface Buckets {
  /** Takes one; 0 when there was one, else the seconds until there is. */
  take(key: string, now: number): number;
  /** The same without taking one. */
  look(key: string, now: number): number;
}

interface Bucket {
  readonly left: number;
  readonly at: number;
}

/** Token buckets, one for each key; the one not used for longest is forgotten when there are more than `most`. Times are milliseconds. */
export function createBuckets({ perSecond, burst }: Rate, most = 10_000): Buckets {
  const buckets = new Map<string, Bucket>();
  const leftOf = (key: string, now: number): number => {
    const known = buckets.get(key);
    return known ? Math.min(burst, known.left + (Math.max(0, now - known.at) * perSecond) / 1_000) : burst;
  };
  const wait = (left: number): number => (left >= 1 ? 0 : Math.max(1, Math.ceil((1 - left) / perSecond)));

  return {
    take(key, now) {
      if (perSecond === 0) return 0;
      const left = leftOf(key, now);
      buckets.delete(key);
      buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now });
      const [oldest] = buckets.keys();
      if (buckets.size > most && oldest !== undefined) buckets.delete(oldest);
      return wait(left);
    },
    look: (key, now) => (perSecond === 0 ? 0 : wait(leftOf(key, now))),
  };
}
