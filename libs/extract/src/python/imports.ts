import type { ImportFact } from '../facts';
import { lineCounter } from '../javascript/lines';
import { isNamePart } from '../scanning/blanks';
import { codeOf } from './code';
import { dynamicImport } from './dynamic-imports';
import { finder } from './finder';
import { fromStatement, importStatement, match, type Named, type Statement } from './statements';

/** What a Python source says about itself. */
export interface PythonFacts {
  /** In the order of the source. */
  readonly imports: readonly ImportFact[];
  /** It has a `__main__` guard. */
  readonly entry: boolean;
}

// What longer names are is data, not names of modules.
const MAX_SPECIFIER = 4096;

/**
 * The imports of a Python source, one for each imported name:
 *
 * - `import a.b` is `a.b`: a module for certain.
 * - `from a.b import c` is `a.b:c`, as entry points write it: `c` is a module below `a.b` or a name in it, which only
 *   somebody who sees all files can tell. `from . import x` is `.:x`, `from ..a import *` is `..a:*`.
 *
 * `import` is a keyword, so outside of strings and comments it always is an import, wherever it stands. Imports under
 * `if TYPE_CHECKING:`, and all imports of a stub, are of kind `type`; those of `import_module` and `__import__` are `dynamic`.
 */
export function readPython(source: string, isStub: boolean): PythonFacts {
  const text = plainLines(source);
  const { names, entry } = search(text, isStub);
  const lineAt = lineCounter(text);
  const imports = names
    .filter(({ specifier }) => specifier.length <= MAX_SPECIFIER)
    .map(({ specifier, kind, position }) => ({ specifier, kind, line: lineAt(position) }));
  return { imports, entry: entry && !isStub };
}

function plainLines(source: string): string {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/**
 * Goes from one `import` to the next, of whatever word it is a part, and passes over the strings and comments between
 * them, so that what stands in those is not found. Behind the last one nothing is read.
 */
function search(text: string, isStub: boolean): { names: Named[]; entry: boolean } {
  const names: Named[] = [];
  const code = codeOf(text);
  const nextImport = finder(text, 'import');
  // Without the guard's other half there is no guard.
  const nextName = text.includes('__main__') ? finder(text, '__name__') : NOWHERE;
  let entry = false;
  for (let at = Math.min(nextImport(0), nextName(0)), from = 0; at < text.length; at = Math.min(nextImport(from), nextName(from))) {
    const hiddenUntil = code.goTo(at);
    if (hiddenUntil > at) {
      from = hiddenUntil;
      continue;
    }
    if (at === nextName(from)) {
      entry ||= isGuard(text, at);
      from = at + '__name__'.length;
      continue;
    }
    const statement = importAt(text, at, code.visibleFrom(), isStub || code.isForTypes() ? 'type' : 'static');
    names.push(...statement.names);
    from = statement.end;
    code.resumeAt(from);
  }
  return { names, entry };
}

const NOWHERE = (): number => Infinity;

const GUARD = /\s*(?:==|in\s*[([{])\s*(["'])__main__\1/y;
const GUARD_BEFORE = /(["'])__main__\1\s*==\s*$/;

const isGuard = (text: string, at: number): boolean => match(GUARD, text, at + '__name__'.length) !== null || GUARD_BEFORE.test(text.slice(Math.max(0, at - 20), at));

/** What the word around `import` at a position imports; nothing when it only contains it, as `important` does. */
function importAt(text: string, at: number, visibleFrom: number, kind: 'static' | 'type'): Statement {
  const end = at + 'import'.length;
  if (isWord(text, at - 1)) return isCall(text, at - 2, '__import__') ? called(text, at - 2, end + 2) : { names: [], end };
  if (isWord(text, end)) return isCall(text, at, 'import_module') ? called(text, at, end + '_module'.length) : { names: [], end };
  const from = wordFromBefore(text, at, visibleFrom);
  return (from === null ? null : fromStatement(text, from, kind)) ?? importStatement(text, end, kind);
}

const isCall = (text: string, start: number, word: string): boolean => text.startsWith(word, start) && !isWord(text, start - 1) && !isWord(text, start + word.length);

function called(text: string, start: number, end: number): Statement {
  const found = dynamicImport(text, start, end);
  return { names: found === null ? [] : [found], end };
}

// No statement has more than that in front of its `import`.
const MAX_BEFORE = 2000;
const FROM = /(?:^|\s)from(?=[\s.\\])[^]*$/;

/** The position behind the `from` that an `import` belongs to: between them stand only names, dots, blanks and continued line ends. */
function wordFromBefore(text: string, at: number, visibleFrom: number): number | null {
  const limit = Math.max(visibleFrom, at - MAX_BEFORE);
  let start = at;
  while (start > limit && isBetween(text, start - 1)) start -= 1;
  const found = FROM.exec(text.slice(start, at));
  return found === null ? null : start + found.index + found[0].indexOf('from') + 'from'.length;
}

function isBetween(text: string, at: number): boolean {
  const character = text[at];
  if (character === '\n') return text[at - 1] === '\\';
  return character === ' ' || character === '.' || character === '\t' || character === '\\' || character === '\f' || isWord(text, at);
}

const isWord = (text: string, at: number): boolean => isNamePart(text.charCodeAt(at));
