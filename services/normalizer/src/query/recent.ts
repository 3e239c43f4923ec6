/** What was loaded lately, by key; the least recently asked for goes first. */
export interface Recent<V> {
  /** The value of a key, loaded unless it is known; a load that fails is forgotten. */
  get(key: string, load: () => Promise<V>): Promise<V>;
  readonly size: number;
}

/** Remembers up to `limit` loaded values; those who ask at the same time share one load. */
export function recent<V>(limit: number, lookedUp: (outcome: 'hit' | 'miss') => void): Recent<V> {
  const known = new Map<string, Promise<V>>();
  return {
    get size() {
      return known.size;
    },
    get(key, load) {
      const found = known.get(key);
      lookedUp(found === undefined ? 'miss' : 'hit');
      const value = found ?? load();
      // A map keeps the order of insertion, so the first key is always the one that nobody asked for the longest.
      known.delete(key);
      known.set(key, value);
      if (found === undefined) value.catch(() => known.get(key) === value && known.delete(key));
      for (const oldest of known.keys()) {
        if (known.size <= limit) break;
        known.delete(oldest);
      }
      return value;
    },
  };
}
