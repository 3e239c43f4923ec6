const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** `project-graph` and `harvester.job.list` to `ProjectGraph` and `HarvesterJobList`. */
export const pascal = (name: string): string => name.split(/[^A-Za-z0-9]+/).map(capital).join('');

/** JSON text as TypeScript would have it: single quotes for plain strings, no quotes around plain names. */
export function literal(value: unknown, indent = ''): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value !== 'object') return String(value);
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => literal(item, inner))
    : Object.entries(value).filter(([, item]) => item !== undefined).map(([name, item]) => `${/^[A-Za-z_]\w*$/.test(name) ? name : quote(name)}: ${literal(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (items.length === 0) return `${open}${close}`;
  const short = Array.isArray(value) ? `[${items.join(', ')}]` : `{ ${items.join(', ')} }`;
  if (short.length + indent.length <= 110 && !short.includes('\n')) return short;
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join('')}${indent}${close}`;
}

const quote = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
