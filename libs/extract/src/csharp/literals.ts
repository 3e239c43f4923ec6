import { skipComment, skipEscapedLine } from '../scanning/blanks';

const [QUOTE, TICK, SLASH, AT, DOLLAR, BACKSLASH, OPEN, CLOSE, COLON, LINE_END] = [34, 39, 47, 64, 36, 92, 123, 125, 58, 10];

/** The place after the comment, text or character that begins at a place; the place itself when none does. */
export function skipLiteral(text: string, at: number): number {
  switch (text.charCodeAt(at)) {
    case QUOTE:
      return text.startsWith('""', at + 1) ? skipRaw(text, at) : skipEscapedLine(text, at + 1, QUOTE);
    case TICK:
      return skipEscapedLine(text, at + 1, TICK);
    case SLASH:
      return skipComment(text, at);
    case AT:
    case DOLLAR:
      return skipPrefixed(text, at);
    default:
      return at;
  }
}

/** `@"…"`, `$"…"`, `$@"…"`, `@$"…"`, `$$"""…"""`; an `@` may also stand in front of a name. */
function skipPrefixed(text: string, at: number): number {
  let quote = at;
  while (text.charCodeAt(quote) === DOLLAR || text.charCodeAt(quote) === AT) quote += 1;
  if (text.charCodeAt(quote) !== QUOTE) return at;
  const prefix = text.slice(at, quote);
  const isVerbatim = prefix.includes('@');
  if (!isVerbatim && text.startsWith('""', quote + 1)) return skipRaw(text, quote);
  return prefix.includes('$') ? skipInterpolated(text, quote + 1, isVerbatim) : skipVerbatim(text, quote + 1);
}

// Three quotes or more open a raw text that as many close; nothing inside has a meaning, and holes hold no such row.
function skipRaw(text: string, quote: number): number {
  let quotes = 3;
  while (text.charCodeAt(quote + quotes) === QUOTE) quotes += 1;
  let end = text.indexOf('"'.repeat(quotes), quote + quotes);
  if (end < 0) return text.length;
  end += quotes;
  while (text.charCodeAt(end) === QUOTE) end += 1;
  return end;
}

function skipVerbatim(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text.charCodeAt(at + 1) !== QUOTE) return at + 1;
  return text.length;
}

function skipInterpolated(text: string, from: number, isVerbatim: boolean): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isDouble = text.charCodeAt(at + 1) === code;
    if (code === QUOTE) {
      if (!isVerbatim || !isDouble) return at + 1;
      at += 1;
    } else if (code === OPEN) {
      at = isDouble ? at + 1 : skipHole(text, at + 1) - 1;
    } else if (!isVerbatim && code === BACKSLASH) {
      at += 1;
    } else if (!isVerbatim && code === LINE_END) {
      return at;
    }
  }
  return text.length;
}

const [OPENING, CLOSING] = [new Set([...'([{'].map(codeOf)), new Set([...')]}'].map(codeOf))];

function codeOf(character: string): number {
  return character.charCodeAt(0);
}

/** The place after the brace that closes a hole of an interpolated text: `{a["b"]:format}`. */
function skipHole(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    const after = skipLiteral(text, at);
    if (after > at) {
      at = after;
      continue;
    }
    const code = text.charCodeAt(at);
    if (depth === 0 && code === CLOSE) return at + 1;
    // A conditional needs parentheses here, so a colon begins a format, which is no code; `::` is part of a name.
    if (depth === 0 && code === COLON) {
      if (text.charCodeAt(at + 1) !== COLON) return afterFormat(text, at);
      at += 1;
    }
    if (OPENING.has(code)) depth += 1;
    else if (CLOSING.has(code)) depth -= 1;
    at += 1;
  }
  return text.length;
}

function afterFormat(text: string, colon: number): number {
  const end = text.indexOf('}', colon);
  return end < 0 ? text.length : end + 1;
}
