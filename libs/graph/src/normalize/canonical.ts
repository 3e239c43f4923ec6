import { byCodeUnit } from '../paths';

/**
 * JSON with sorted keys and without white space, as RFC 8785 writes it: equal values are equal bytes.
 * Arrays keep their order, so whoever builds the value sorts them.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}

// What is in order already is taken as it is: a graph is, and copying it would take most of the time.
function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || isSorted(value)) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => byCodeUnit(a, b)).map(([key, entry]) => [key, sortKeys(entry)]));
}

// Walks over the keys without a list of them: this looks at every object of a graph.
function isSorted(value: object): boolean {
  if (Array.isArray(value)) return value.every(isEntrySorted);
  let previous: string | null = null;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    if ((previous !== null && key < previous) || !isEntrySorted((value as Readonly<Record<string, unknown>>)[key])) return false;
    previous = key;
  }
  return true;
}

const isEntrySorted = (entry: unknown): boolean => typeof entry !== 'object' || entry === null || isSorted(entry);
