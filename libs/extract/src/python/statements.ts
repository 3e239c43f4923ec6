import type { ImportKind } from '../facts';
import { isNamePart, skipName } from '../scanning/blanks';
import { skipComment } from './strings';

/** What a statement imports, in the words of a specifier, and the position of the name. */
export interface Named {
  readonly specifier: string;
  readonly kind: ImportKind;
  readonly position: number;
}

/** The names of a statement, and the position after it. */
export interface Statement {
  readonly names: readonly Named[];
  readonly end: number;
}

/** `import a.b as c, d`: `at` is behind the keyword. */
export function importStatement(text: string, at: number, kind: ImportKind): Statement {
  const names: Named[] = [];
  let end = at;
  for (;;) {
    const start = skipBlank(text, end, false);
    const nameEnd = skipDotted(text, start);
    if (nameEnd === start) return { names, end };
    names.push({ specifier: compact(text.slice(start, nameEnd)), kind, position: start });
    end = skipAlias(text, nameEnd, false);
    const comma = skipBlank(text, end, false);
    if (text[comma] !== ',') return { names, end };
    end = comma + 1;
  }
}

/** `from ..a import (b, c as d)`: `at` is behind `from`. Null when it is another `from`, as in `yield from x`. */
export function fromStatement(text: string, at: number, kind: ImportKind): Statement | null {
  let dots = '';
  let end = skipBlank(text, at, false);
  for (; text[end] === '.'; end = skipBlank(text, end + 1, false)) dots += '.';
  const nameEnd = isWordAt(text, 'import', end) ? end : skipDotted(text, end);
  if (nameEnd === end && dots === '') return null;
  const keyword = skipBlank(text, nameEnd, false);
  if (!isWordAt(text, 'import', keyword)) return null;
  return importedNames(text, keyword + 'import'.length, dots + compact(text.slice(end, nameEnd)), kind);
}

function importedNames(text: string, at: number, module: string, kind: ImportKind): Statement {
  const names: Named[] = [];
  let end = skipBlank(text, at, false);
  if (text[end] === '*') return { names: [{ specifier: `${module}:*`, kind, position: end }], end: end + 1 };
  const inBrackets = text[end] === '(';
  if (inBrackets) end += 1;
  for (;;) {
    const start = skipBlank(text, end, inBrackets);
    const nameEnd = skipName(text, start);
    if (nameEnd === start) return { names, end: start };
    names.push({ specifier: `${module}:${text.slice(start, nameEnd)}`, kind, position: start });
    end = skipBlank(text, skipAlias(text, nameEnd, inBrackets), inBrackets);
    if (text[end] !== ',') return { names, end };
    end += 1;
  }
}

function skipAlias(text: string, at: number, inBrackets: boolean): number {
  const keyword = skipBlank(text, at, inBrackets);
  return isWordAt(text, 'as', keyword) ? skipName(text, skipBlank(text, keyword + 2, inBrackets)) : at;
}

const isWordAt = (text: string, word: string, at: number): boolean => text.startsWith(word, at) && !isNamePart(text.charCodeAt(at + word.length));

/** The position behind `a.b . c`; the same one when no name begins there. */
function skipDotted(text: string, at: number): number {
  let end = skipName(text, at);
  while (end > at) {
    const dot = skipBlank(text, end, false);
    const next = text[dot] === '.' ? skipBlank(text, dot + 1, false) : dot;
    const nextEnd = next === dot ? dot : skipName(text, next);
    if (nextEnd === next) break;
    end = nextEnd;
  }
  return end;
}

const [TAB, NEWLINE, FORM_FEED, BLANK, HASH, BACKSLASH] = [9, 10, 12, 32, 35, 92];

/** What may stand between words: blanks, line ends behind a backslash, and within brackets any line end and comments. */
export function skipBlank(text: string, from: number, inBrackets: boolean): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === BLANK || code === TAB || code === FORM_FEED) at += 1;
    else if (code === BACKSLASH && text.charCodeAt(at + 1) === NEWLINE) at += 2;
    else if (inBrackets && code === NEWLINE) at += 1;
    else if (inBrackets && code === HASH) at = skipComment(text, at);
    else return at;
  }
}

/** The text that a sticky expression matches at a position. */
export function match(expression: RegExp, text: string, at: number): string | null {
  expression.lastIndex = at;
  return expression.exec(text)?.[0] ?? null;
}

const compact = (name: string): string => (/^[^ \t\f\\]*$/.test(name) ? name : name.replace(/[ \t\f\\\n]+/g, ''));
