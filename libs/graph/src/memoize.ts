/** Remembers what a function of one text gave; the answer must depend on nothing else. */
export function memoize<K extends string, R>(compute: (key: K) => R): (key: K) => R {
  const known = new Map<K, R>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found as R;
    const computed = compute(key);
    known.set(key, computed);
    return computed;
  };
}
