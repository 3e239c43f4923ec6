// JSON.stringify writes control characters and halves of surrogate pairs as escapes, and nothing else as \u, \b or \f.
const ESCAPED = /(?:^|[^\\])(?:\\\\)*\\[ubf]/;
const RAW = /[\u007f-\u009f]/;
const IN_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/**
 * Where a value holds a text that terminals or databases stumble over: control characters other than tab, line feed and carriage
 * return, or halves of surrogate pairs. Null when it holds none.
 * @param json the same value as `JSON.stringify` writes it
 * @returns a JSON pointer (RFC 6901)
 */
export function unprintable(value: unknown, json: string): string | null {
  return ESCAPED.test(json) || RAW.test(json) ? find(value, '') : null;
}

function find(value: unknown, pointer: string): string | null {
  if (typeof value === 'string') return isUnprintable(value) ? pointer : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, one] of Object.entries(value)) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const found = isUnprintable(name) ? at : find(one, at);
    if (found !== null) return found;
  }
  return null;
}

const isUnprintable = (text: string): boolean => IN_TEXT.test(text) || !text.isWellFormed();
