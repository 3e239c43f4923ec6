import { isNamePart } from '../scanning/blanks';

// Where Python's string literals end. Positions are offsets into the text; a literal that nothing ends goes to the end of
// its line, or of the text when it may span lines, as an editor would colour it.

const [NEWLINE, DOUBLE, HASH, SINGLE, OPEN_ROUND, CLOSE_ROUND, COLON] = [10, 34, 35, 39, 40, 41, 58];
const [OPEN_SQUARE, BACKSLASH, CLOSE_SQUARE, OPEN_CURLY, CLOSE_CURLY] = [91, 92, 93, 123, 125];

/** Finds ends of literals: the position after the one whose opening quote stands at a position. */
export type SkipString = (at: number) => number;

// Each time that braces are not closed the rest of the text was read in vain. That happens in broken texts only, and a
// broken text must not take long either.
const MAX_FAILURES = 10;
const MAX_DEPTH = 50;

/** A backslash keeps a quote from ending a raw literal too, so `r` makes no difference; `f` and `t` do. */
export function stringsOf(text: string): SkipString {
  let failures = 0;
  return (at) => {
    if (failures < MAX_FAILURES && isFormatted(text, at)) {
      const end = skipFormatted(text, at, 0);
      if (end !== null) return end;
      failures += 1;
    }
    return skipPlain(text, at);
  };
}

function skipPlain(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  return isTriple(text, at) ? skipTriple(text, at + 3, quote) : skipSingle(text, at + 1, quote);
}

function isTriple(text: string, at: number): boolean {
  const quote = text.charCodeAt(at);
  return text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote;
}

/** The position after the line that a comment ends. */
export function skipComment(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

// `f`, `t`, `rf`, `Fr` …: literals with code in braces. A longer word before a quote is no prefix.
function isFormatted(text: string, at: number): boolean {
  const last = text.charCodeAt(at - 1) | 32;
  const first = text.charCodeAt(at - 2) | 32;
  const isMarked = last === 102 || last === 116;
  if (isMarked && !isNamePart(text.charCodeAt(at - 2))) return true;
  const isPair = (isMarked && first === 114) || (last === 114 && (first === 102 || first === 116));
  return isPair && !isNamePart(text.charCodeAt(at - 3));
}

function skipSingle(text: string, from: number, quote: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === NEWLINE) return at;
    if (code === BACKSLASH) at += 1;
  }
  return text.length;
}

function skipTriple(text: string, from: number, quote: number): number {
  const ending = quote === DOUBLE ? '"""' : "'''";
  for (let at = text.indexOf(ending, from); at >= 0; at = text.indexOf(ending, at + 1)) if (!isEscaped(text, from, at)) return at + 3;
  return text.length;
}

function isEscaped(text: string, from: number, at: number): boolean {
  let before = at;
  while (before > from && text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 1;
}

// Since Python 3.12 (PEP 701) the code in braces may hold the quotes of the literal itself. Older code never has them there,
// so one reading serves both. Null when the braces lead nowhere: then the outermost literal is read as a plain one.
function skipFormatted(text: string, opening: number, depth: number): number | null {
  const quote = text.charCodeAt(opening);
  const width = isTriple(text, opening) ? 3 : 1;
  let at = opening + width;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === quote && (width === 1 || isTriple(text, at))) return at + width;
    if (code === NEWLINE && width === 1) return null;
    if (code === OPEN_CURLY && text.charCodeAt(at + 1) !== OPEN_CURLY) {
      const end = skipField(text, at + 1, depth);
      if (end === null) return null;
      at = end;
    } else at += isPair(text, at, code) ? 2 : 1;
  }
  return null;
}

// `{{`, and a backslash before a quote, a line end or another backslash; before anything else it leaves that as it is.
function isPair(text: string, at: number, code: number): boolean {
  const next = text.charCodeAt(at + 1);
  if (code === OPEN_CURLY) return true;
  return code === BACKSLASH && (next === DOUBLE || next === SINGLE || next === BACKSLASH || next === NEWLINE);
}

/** The position after the brace that closes a field; null when nothing closes it. */
function skipField(text: string, from: number, outer: number): number | null {
  if (outer > MAX_DEPTH) return null;
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === DOUBLE || code === SINGLE) {
      const end = isFormatted(text, at) ? skipFormatted(text, at, outer + 1) : skipPlain(text, at);
      if (end === null) return null;
      at = end;
      continue;
    }
    if (code === HASH) at = skipComment(text, at);
    else if (code === OPEN_ROUND || code === OPEN_SQUARE || code === OPEN_CURLY) depth += 1;
    else if (code === CLOSE_ROUND || code === CLOSE_SQUARE) depth -= 1;
    else if (code === CLOSE_CURLY && --depth < 0) return at + 1;
    else if (code === COLON && depth === 0) return skipFormat(text, at + 1, outer);
    at += 1;
  }
  return null;
}

// Behind the colon stands text again, such as `'>10`, in which only braces count.
function skipFormat(text: string, from: number, outer: number): number | null {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === CLOSE_CURLY) return at + 1;
    if (code !== OPEN_CURLY) continue;
    const end = skipField(text, at + 1, outer + 1);
    if (end === null) return null;
    at = end - 1;
  }
  return null;
}
