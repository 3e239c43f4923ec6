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

/**
 * Remembers what a function made of an object for as long as somebody holds the object. The answer must depend on nothing
 * else, and neither of them may ever be changed.
 */
export function memoizeByObject<K extends object, R>(compute: (key: K) => R): (key: K) => R {
  const known = new WeakMap<K, { readonly answer: R }>();
  return (key) => {
    const found = known.get(key) ?? { answer: compute(key) };
    known.set(key, found);
    return found.answer;
  };
}
