/**
 * Finds the entries of a list by their paths. It is fastest when asked in the order of the list, give or take a few, as
 * one snapshot asks for what another one has.
 */
export function finder<T>(entries: readonly T[], pathOf: (entry: T) => string): (path: string) => T | undefined {
  let next = 0;
  let byPath: Map<string, T> | null = null;
  return (path) => {
    for (let place = next; place < next + NEAR; place += 1) {
      const entry = entries[place];
      if (entry === undefined || pathOf(entry) !== path) continue;
      next = place + 1;
      return entry;
    }
    byPath ??= new Map(entries.map((entry) => [pathOf(entry), entry]));
    return byPath.get(path);
  };
}

const NEAR = 4;
