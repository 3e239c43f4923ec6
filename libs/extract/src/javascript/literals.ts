import { skipBlanks } from '../scanning/blanks';

const [LINE_FEED, RETURN, BACKSLASH, SLASH, BACKTICK, DOLLAR] = [10, 13, 92, 47, 96, 36];

export const isQuote = (code: number): boolean => code === 34 || code === 39;

/** Whether a character is part of a name or a number, of any alphabet. */
export function isWordPart(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === DOLLAR;
  return !isSpaceBeyondAscii(code);
}

export const isSpaceBeyondAscii = (code: number): boolean =>
  code === 0xa0 || code === 0xfeff || code === 0x2028 || code === 0x2029 || code === 0x3000 || code === 0x202f || code === 0x205f || code === 0x1680 || (code >= 0x2000 && code <= 0x200a);

/** The place behind the word that begins at a place; the place itself when none does. */
export function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isWordPart(text.charCodeAt(at))) at += 1;
  return at;
}

/** The closing quote of the string whose opening quote stands at a place; -1 when its line ends before. */
export function stringEnd(text: string, opening: number): number {
  const quote = text.charCodeAt(opening);
  for (let at = opening + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === LINE_FEED || code === RETURN) return -1;
    if (code === BACKSLASH) at += text.charCodeAt(at + 1) === RETURN && text.charCodeAt(at + 2) === LINE_FEED ? 2 : 1;
  }
  return -1;
}

/** Where the text of a template that goes on at a place ends: at its closing backtick or at the brace of a `${`; -1 when it does not. */
export function templateTextEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKTICK) return at;
    if (code === BACKSLASH) at += 1;
    else if (code === DOLLAR && text.charCodeAt(at + 1) === 123) return at + 1;
  }
  return -1;
}

/** The place behind the regular expression, flags included, whose first slash stands at a place; -1 when its line ends before. */
export function patternEnd(text: string, slash: number): number {
  let inSet = false;
  for (let at = slash + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED || code === RETURN) return -1;
    if (code === BACKSLASH) at += 1;
    else if (code === 91) inSet = true;
    else if (code === 93) inSet = false;
    else if (code === SLASH && !inSet) return wordEnd(text, at + 1);
  }
  return -1;
}

/**
 * The string that is the first argument of a call, given the place of what may be its opening parenthesis: where the string
 * begins and ends without its quotes, and the place of the comma or parenthesis behind it. Null when it is no plain string.
 */
export function firstArgument(text: string, opening: number): { start: number; end: number; after: number } | null {
  if (text.charCodeAt(opening) !== 40) return null;
  const at = skipBlanks(text, opening + 1);
  const template = text.charCodeAt(at) === BACKTICK;
  if (!template && !isQuote(text.charCodeAt(at))) return null;
  const end = template ? templateTextEnd(text, at + 1) : stringEnd(text, at);
  if (end < 0 || (template && text.charCodeAt(end) !== BACKTICK)) return null;
  const after = skipBlanks(text, end + 1);
  return text[after] === ')' || text[after] === ',' ? { start: at + 1, end, after } : null;
}
