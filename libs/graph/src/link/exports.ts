// Package `exports` and `imports`, read for a repository as git has it: the built file that a condition names is often
// not there, so every target is a candidate, the ones Node would choose first.

/** Targets for a subpath (`.` or `./x`) of an `exports` field, best first, each as written (`./dist/x.js`). */
export function exportTargets(exports: unknown, subpath: string, conditions: ReadonlySet<string>): string[] {
  if (!isSubpathMap(exports)) return subpath === '.' ? targetsOf(exports, '', conditions) : [];
  return targetsOfKey(exports, subpath, conditions);
}

/** Targets for a specifier such as `#x` of an `imports` field, best first: `./src/x.js`, or the name of a package. */
export function importTargets(imports: unknown, specifier: string, conditions: ReadonlySet<string>): string[] {
  return isRecord(imports) ? targetsOfKey(imports, specifier, conditions) : [];
}

/** The subpaths without a pattern that an `exports` field offers: `.`, `./feature`. */
export function exportedSubpaths(exports: unknown): string[] {
  if (exports === null || exports === undefined) return [];
  if (!isSubpathMap(exports)) return ['.'];
  return Object.keys(exports).filter((key) => !key.includes('*') && !key.endsWith('/') && exports[key] !== null);
}

function targetsOfKey(map: Readonly<Record<string, unknown>>, wanted: string, conditions: ReadonlySet<string>): string[] {
  const exact = map[wanted];
  if (exact !== undefined && !wanted.includes('*')) return targetsOf(exact, '', conditions);
  const key = bestPattern(Object.keys(map), wanted);
  if (key === null) return [];
  return targetsOf(map[key], capture(key, wanted), conditions);
}

// The longest prefix before the star wins, as in Node; a key ending in `/` is the older way to write a pattern.
function bestPattern(keys: readonly string[], wanted: string): string | null {
  let best: string | null = null;
  for (const key of keys) {
    if (matches(key, wanted) && (best === null || prefixOf(key).length > prefixOf(best).length)) best = key;
  }
  return best;
}

function matches(key: string, wanted: string): boolean {
  const prefix = prefixOf(key);
  if (prefix === key) return key.endsWith('/') && wanted.startsWith(key);
  const suffix = key.slice(prefix.length + 1);
  return wanted.length > prefix.length + suffix.length && wanted.startsWith(prefix) && wanted.endsWith(suffix);
}

const prefixOf = (key: string): string => key.split('*', 1)[0] ?? key;

function capture(key: string, wanted: string): string {
  const prefix = prefixOf(key);
  const suffix = prefix === key ? '' : key.slice(prefix.length + 1);
  return wanted.slice(prefix.length, wanted.length - suffix.length);
}

function targetsOf(target: unknown, star: string, conditions: ReadonlySet<string>): string[] {
  const chosen: string[] = [];
  collect(target, conditions, chosen);
  collect(target, null, chosen);
  return [...new Set(chosen.map((path) => (path.endsWith('/') ? path + star : path.replaceAll('*', star))))];
}

/** Without conditions every branch counts: what only a bundler or a type checker would choose is still this repository's file. */
function collect(target: unknown, conditions: ReadonlySet<string> | null, into: string[]): void {
  if (typeof target === 'string') {
    into.push(target);
  } else if (Array.isArray(target)) {
    for (const entry of target) collect(entry, conditions, into);
  } else if (isRecord(target)) {
    for (const [condition, entry] of Object.entries(target)) {
      if (conditions === null || condition === 'default' || conditions.has(condition)) collect(entry, conditions, into);
    }
  }
}

function isSubpathMap(exports: unknown): exports is Record<string, unknown> {
  return isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.'));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
