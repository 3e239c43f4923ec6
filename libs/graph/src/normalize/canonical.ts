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

function isSorted(value: object): boolean {
  if (Array.isArray(value)) return value.every((entry) => typeof entry !== 'object' || entry === null || isSorted(entry as object));
  let previous: string | null = null;
  for (const [key, entry] of Object.entries(value)) {
    if (previous !== null && key < previous) return false;
    if (typeof entry === 'object' && entry !== null && !isSorted(entry as object)) return false;
    previous = key;
  }
  return true;
}
