/** Remembers what a function of one text gave; the answer must depend on nothing else. */
export function memoize<R>(compute: (key: string) => R): (key: string) => R {
  const known = new Map<string, R>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found as R;
    const computed = compute(key);
    known.set(key, computed);
    return computed;
  };
}
