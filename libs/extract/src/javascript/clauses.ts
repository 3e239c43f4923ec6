import type { ImportKind } from '../facts';
import { skipBlanks } from '../scanning/blanks';
import { firstArgument, isQuote, stringEnd, wordEnd } from './literals';

/** A declaration that names a module: where its specifier begins and ends, without the quotes, and the place behind both. */
export interface Clause { readonly kind: ImportKind; readonly start: number; readonly end: number; readonly after: number }

/**
 * What the declaration behind the word `import` or `export` imports; `at` is the place behind that word. Null when it is no
 * such declaration: a property of that name, an export of the module's own.
 */
export function clauseAt(text: string, at: number, word: 'import' | 'export'): Clause | null {
  const first = skipBlanks(text, at);
  if (word === 'import' && isQuote(text.charCodeAt(first))) return quoted(text, first, 'static');
  const { words, last, end } = namesOf(text, first);
  const shape = words.join(' ');
  const typed = TYPE_ONLY.test(shape);
  if (last === 'from' && (word === 'import' ? IMPORTED : REEXPORTED).test(shape)) return quoted(text, end, typed ? 'type' : word === 'import' ? 'static' : 'reexport');
  return last === '=' && word === 'import' && ASSIGNED.test(shape) ? importEquals(text, end, typed ? 'type' : 'require') : null;
}

// A list in braces is one word here. `import type from 'a'` and `import type, { b } from 'a'` import something named type.
const IMPORTED = /^(?:(?:type|defer|source) )?(?:[^ ,{*]+|(?:[^ ,{*]+ , )?(?:\{|\* as [^ ,{*]+))$/;
const REEXPORTED = /^(?:type )?(?:\{|\*(?: as [^ ,{*]+)?)$/;
const ASSIGNED = /^(?:type )?[^ ,{*]+$/;
const TYPE_ONLY = /^type [^,]/;

interface Names {
  /** Names and punctuation up to `from` or `=`; of braces only the first. */
  readonly words: readonly string[];
  readonly last: 'from' | '=' | null;
  /** The place behind it, and behind the blanks that follow. */
  readonly end: number;
}

// No clause has more parts outside braces than `type a , * as b from`.
const MOST_WORDS = 8;

function namesOf(text: string, from: number): Names {
  const words: string[] = [];
  for (let at = from; words.length < MOST_WORDS; at = skipBlanks(text, at)) {
    const code = text.charCodeAt(at);
    if (code === OPENING) {
      const closing = closingBrace(text, at + 1);
      if (closing < 0) break;
      words.push('{');
      at = closing + 1;
      // Names in braces are the last ones.
      if (!text.startsWith('from', skipBlanks(text, at))) break;
    } else if (code === EQUALS) {
      return { words, last: '=', end: skipBlanks(text, at + 1) };
    } else if (code === COMMA || code === STAR) {
      words.push(code === COMMA ? ',' : '*');
      at += 1;
    } else if (isQuote(code) && words.at(-1) === 'as') {
      // The name of a namespace may be a string.
      words.push('name');
      at = stringEnd(text, at) + 1;
      if (at === 0) break;
    } else {
      const end = wordEnd(text, at);
      if (end === at) break;
      const word = text.slice(at, end);
      at = skipBlanks(text, end);
      if (word === 'from' && isQuote(text.charCodeAt(at))) return { words, last: 'from', end: at };
      words.push(word);
    }
  }
  return { words, last: null, end: from };
}

const [OPENING, CLOSING, EQUALS, COMMA, STAR] = [123, 125, 61, 44, 42];

/** The brace that closes a list of names, or -1 when it holds anything else. */
function closingBrace(text: string, from: number): number {
  for (let at = skipBlanks(text, from); at < text.length; at = skipBlanks(text, at)) {
    const code = text.charCodeAt(at);
    if (code === CLOSING) return at;
    const end = isQuote(code) ? stringEnd(text, at) + 1 : code === COMMA ? at + 1 : wordEnd(text, at);
    if (end <= at) return -1;
    at = end;
  }
  return -1;
}

function importEquals(text: string, at: number, kind: ImportKind): Clause | null {
  const end = wordEnd(text, at);
  if (text.slice(at, end) !== 'require') return null;
  const argument = firstArgument(text, skipBlanks(text, end));
  return argument === null || text[argument.after] !== ')' ? null : { kind, start: argument.start, end: argument.end, after: argument.after + 1 };
}

function quoted(text: string, at: number, kind: ImportKind): Clause | null {
  if (!isQuote(text.charCodeAt(at))) return null;
  const end = stringEnd(text, at);
  return end < 0 ? null : { kind, start: at + 1, end, after: end + 1 };
}
