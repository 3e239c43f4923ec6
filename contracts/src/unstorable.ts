/**
 * JSON pointers to the texts of a value that hold U+0000, names of fields included. JSON can say it and PostgreSQL cannot keep
 * it, so a request with one could only fail deep inside.
 */
export function unstorableAt(value: unknown, pointer = ''): string[] {
  if (typeof value === 'string') return value.includes('\0') ? [pointer] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name.includes('\0') ? [pointer] : unstorableAt(inner, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)));
}
