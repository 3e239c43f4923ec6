const SLASH = 47;
const STAR = 42;

/**
 * The first place from `at` on that is neither white space nor inside a comment of C's kind; the text's length when there is none.
 * An unfinished comment reaches to the end. `nested`: comments may hold comments, as in Rust.
 */
export function skipBlanks(text: string, at: number, nested = false): number {
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at += 1;
    const after = skipComment(text, at, nested);
    if (after === at) return at;
    at = after;
  }
}

/** The place after the comment that begins at a place; the place itself when none does. The end of a line comment's line is not part of it. */
export function skipComment(text: string, at: number, nested = false): number {
  if (text.charCodeAt(at) !== SLASH) return at;
  const next = text.charCodeAt(at + 1);
  if (next === SLASH) return orEnd(text, text.indexOf('\n', at + 2));
  if (next !== STAR) return at;
  return nested ? skipNested(text, at + 2) : orEnd(text, text.indexOf('*/', at + 2), 2);
}

/** A text without its comments; each leaves a space, so that words stay apart. It must hold no strings. */
export function withoutComments(text: string, nested = false): string {
  let kept = '';
  let from = 0;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at)) {
    const after = skipComment(text, at, nested);
    if (after === at) {
      at += 1;
      continue;
    }
    kept += `${text.slice(from, at)} `;
    from = at = after;
  }
  return from === 0 ? text : kept + text.slice(from);
}

// No declaration that is looked for is longer. Without a bound, a file of nothing but unfinished ones would be searched over and over.
const LONGEST = 32_768;

/** The text from a place to the next semicolon that stands in no comment, without its comments; null when none is near. */
export function untilSemicolon(text: string, from: number, nested = false): { written: string; end: number } | null {
  const near = text.slice(from, from + LONGEST);
  const length = indexOfSemicolon(near, nested);
  return length < 0 ? null : { written: withoutComments(near.slice(0, length), nested), end: from + length };
}

function indexOfSemicolon(text: string, nested: boolean): number {
  let [from, slash] = [0, text.indexOf('/')];
  for (let found = text.indexOf(';'); found >= 0; found = text.indexOf(';', from)) {
    if (slash < 0 || slash > found) return found;
    const after = skipComment(text, slash, nested);
    if (after > found) from = after;
    slash = text.indexOf('/', Math.max(after, slash + 1));
  }
  return -1;
}

/** Letters, digits, `_` and everything beyond ASCII: what names consist of in the languages that are scanned. */
export function isNamePart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code > 127;
}

/** The place after the name that a place is in. */
export function skipName(text: string, at: number): number {
  while (isNamePart(text.charCodeAt(at))) at += 1;
  return at;
}

/** The place after a text in quotes whose `\` escapes, given the place after its opening quote; the end when it is not closed. */
export function skipEscaped(text: string, from: number, quote: string): number {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (at - 1 - escapes >= from && text.charCodeAt(at - 1 - escapes) === 92) escapes += 1;
    if (escapes % 2 === 0) return at + quote.length;
  }
  return text.length;
}

/** Like `skipEscaped` for strings that end with their line: an unclosed one must not swallow the rest of the file. */
export function skipEscapedLine(text: string, from: number, quote: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === 10) return at;
    if (code === 92) at += 1;
  }
  return text.length;
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff;

const orEnd = (text: string, at: number, length = 0): number => (at < 0 ? text.length : at + length);

function skipNested(text: string, from: number): number {
  let open = 1;
  for (let at = text.indexOf('*', from); at >= 0; at = text.indexOf('*', at + 1)) {
    // Each `*` may open (`/*`) or close (`*/`); the slash of one cannot serve another.
    if (text.charCodeAt(at - 1) === SLASH && at - 1 >= from) [open, from] = [open + 1, at + 1];
    else if (text.charCodeAt(at + 1) === SLASH) [open, from] = [open - 1, at + 2];
    if (open === 0) return from;
  }
  return text.length;
}
