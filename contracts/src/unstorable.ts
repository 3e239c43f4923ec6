/**
 * JSON pointers to the texts of a value that hold U+0000 or half of a surrogate pair, names of fields included. JSON can say
 * these, and neither UTF-8 nor PostgreSQL can keep them: a request with one could only fail deep inside, or be kept as something else.
 */
export function unstorableAt(value: unknown, pointer = ''): string[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [pointer];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (isStorable(name) ? unstorableAt(inner, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`) : [pointer]));
}

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
