import { isNamePart, skipComment, skipEscaped } from '../scanning/blanks';

const [QUOTE, TICK, SLASH, HASH, BACKSLASH] = [34, 39, 47, 35, 92];
const [R, B, C] = [114, 98, 99];

/** The place after the comment, string or character that begins at a place; the place itself when none does. */
export function skipLiteral(text: string, at: number): number {
  switch (text.charCodeAt(at)) {
    case QUOTE:
      return skipString(text, at);
    case TICK:
      return skipTick(text, at);
    case SLASH:
      return skipComment(text, at, true);
    default:
      return at;
  }
}

// Whether a string is raw stands in front of its quote: `r"`, `r##"`, `br"`, `cr#"`.
function skipString(text: string, quote: number): number {
  let hashes = 0;
  while (text.charCodeAt(quote - 1 - hashes) === HASH) hashes += 1;
  if (!isRaw(text, quote - 1 - hashes)) return skipEscaped(text, quote + 1, '"');
  const closing = `"${'#'.repeat(hashes)}`;
  const end = text.indexOf(closing, quote + 1);
  return end < 0 ? text.length : end + closing.length;
}

function isRaw(text: string, r: number): boolean {
  if (text.charCodeAt(r) !== R) return false;
  const before = text.charCodeAt(r - 1);
  return !isNamePart(before) || ((before === B || before === C) && !isNamePart(text.charCodeAt(r - 2)));
}

/** `'a'`, `'\''` and `'\u{1F600}'` are characters, `'a` is a lifetime or a label. */
function skipTick(text: string, at: number): number {
  if (text.charCodeAt(at + 1) === BACKSLASH) {
    const end = text.indexOf("'", at + 3);
    return end < 0 ? text.length : end + 1;
  }
  if (text.charCodeAt(at + 2) === TICK) return at + 3;
  const isPair = (text.codePointAt(at + 1) ?? 0) > 0xffff;
  return isPair && text.charCodeAt(at + 3) === TICK ? at + 4 : at + 1;
}

/** The place after the bracket that closes the one at a place, with all kinds of brackets, texts and comments in between. */
export function skipTree(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; ) {
    const after = skipLiteral(text, at);
    if (after > at) {
      at = after;
      continue;
    }
    const character = text[at];
    if (character === '(' || character === '[' || character === '{') depth += 1;
    else if (character === ')' || character === ']' || character === '}') depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return text.length;
}
