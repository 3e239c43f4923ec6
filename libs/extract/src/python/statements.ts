import type { ImportKind } from '../facts';
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

const WORD = /[\w\u0080-\uffff]+/y;
const DOTTED = /[\w\u0080-\uffff]+(?:[ \t\f]*\.[ \t\f]*[\w\u0080-\uffff]+)*/y;
const AS = /as(?![\w\u0080-\uffff])/y;
const IMPORT = /import(?![\w\u0080-\uffff])/y;

/** `import a.b as c, d`: `at` is behind the keyword. */
export function importStatement(text: string, at: number, kind: ImportKind): Statement {
  const names: Named[] = [];
  let end = at;
  for (;;) {
    const start = skipBlank(text, end, false);
    const name = match(DOTTED, text, start);
    if (name === null) return { names, end };
    names.push({ specifier: compact(name), kind, position: start });
    end = skipAlias(text, start + name.length, false);
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
  const name = match(IMPORT, text, end) === null ? match(DOTTED, text, end) : '';
  if (name === null || (name === '' && dots === '')) return null;
  const keyword = skipBlank(text, end + name.length, false);
  if (match(IMPORT, text, keyword) === null) return null;
  return { ...importedNames(text, keyword + 'import'.length, dots + compact(name), kind) };
}

function importedNames(text: string, at: number, module: string, kind: ImportKind): Statement {
  const names: Named[] = [];
  let end = skipBlank(text, at, false);
  if (text[end] === '*') return { names: [{ specifier: `${module}:*`, kind, position: end }], end: end + 1 };
  const inBrackets = text[end] === '(';
  if (inBrackets) end += 1;
  for (;;) {
    const start = skipBlank(text, end, inBrackets);
    const name = match(WORD, text, start);
    if (name === null) return { names, end: start };
    names.push({ specifier: `${module}:${name}`, kind, position: start });
    end = skipBlank(text, skipAlias(text, start + name.length, inBrackets), inBrackets);
    if (text[end] !== ',') return { names, end };
    end += 1;
  }
}

function skipAlias(text: string, at: number, inBrackets: boolean): number {
  const keyword = skipBlank(text, at, inBrackets);
  if (match(AS, text, keyword) === null) return at;
  const start = skipBlank(text, keyword + 2, inBrackets);
  return start + (match(WORD, text, start)?.length ?? 0);
}

/** What may stand between words: blanks, line ends behind a backslash, and within brackets any line end and comments. */
export function skipBlank(text: string, from: number, inBrackets: boolean): number {
  let at = from;
  for (;;) {
    const character = text[at];
    if (character === ' ' || character === '\t' || character === '\f') at += 1;
    else if (character === '\\' && text[at + 1] === '\n') at += 2;
    else if (inBrackets && character === '\n') at += 1;
    else if (inBrackets && character === '#') at = skipComment(text, at);
    else return at;
  }
}

/** The text that a sticky expression matches at a position. */
export function match(expression: RegExp, text: string, at: number): string | null {
  expression.lastIndex = at;
  return expression.exec(text)?.[0] ?? null;
}

const compact = (name: string): string => name.replace(/[ \t\f]+/g, '');
