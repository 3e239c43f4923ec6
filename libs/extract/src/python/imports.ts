import type { ImportFact } from '../facts';
import { lineCounter } from '../javascript/lines';
import { dynamicImport } from './dynamic-imports';
import { fromStatement, importStatement, match, type Named } from './statements';
import { skipComment, stringsOf } from './strings';
import { NO_TYPE_BLOCKS, typeBlocks } from './type-checking';

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
  const end = lastOfInterest(text);
  if (end < 0) return { imports: [], entry: false };
  const { names, entry } = walk(text, end, isStub);
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

// Imports stand at the top of most files, and what follows the last of them need not be read.
function lastOfInterest(text: string): number {
  const guard = text.lastIndexOf('__main__');
  return Math.max(text.lastIndexOf('import'), guard, guard < 0 ? -1 : text.lastIndexOf('__name__'));
}

const [OTHER, WORD, QUOTE, COMMENT, OPEN, CLOSE, ESCAPE, LINE_END] = [0, 1, 2, 3, 4, 5, 6, 7];
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => classOf(String.fromCharCode(code)));

function classOf(character: string): number {
  if (/\w/.test(character)) return WORD;
  if (character === '"' || character === "'") return QUOTE;
  if ('([{'.includes(character)) return OPEN;
  if (')]}'.includes(character)) return CLOSE;
  return { '#': COMMENT, '\\': ESCAPE, '\n': LINE_END }[character] ?? OTHER;
}

const GUARD = /\s*(?:==|in\s*[([{])\s*(["'])__main__\1/y;
const GUARD_BEFORE = /(["'])__main__\1\s*==\s*$/;

/** Goes through the code between strings and comments, up to the position `last`. One loop, because every character passes through it. */
function walk(text: string, last: number, isStub: boolean): { names: Named[]; entry: boolean } {
  const names: Named[] = [];
  const skipString = stringsOf(text);
  const blocks = text.includes('TYPE_CHECKING') ? typeBlocks(text) : NO_TYPE_BLOCKS;
  let entry = false;
  let depth = 0;
  let at = 0;
  let word = 0;
  let wordEnd = -1;
  blocks.line(0);
  while (at <= last) {
    const code = text.charCodeAt(at);
    switch (code < 128 ? CLASSES[code] : WORD) {
      case WORD: {
        word = at;
        do at += 1;
        while (isWord(text.charCodeAt(at)));
        wordEnd = at;
        const first = code;
        // Only words that begin with `f`, `i` or `_` matter.
        if (first !== 102 && first !== 105 && first !== 95) break;
        const kind = isStub || blocks.inside ? 'type' : 'static';
        switch (text.slice(word, wordEnd)) {
          case 'import': {
            const statement = importStatement(text, at, kind);
            names.push(...statement.names);
            at = statement.end;
            break;
          }
          case 'from': {
            const statement = fromStatement(text, at, kind);
            if (statement === null) break;
            names.push(...statement.names);
            at = statement.end;
            break;
          }
          case 'import_module':
          case '__import__': {
            const found = dynamicImport(text, word, at);
            if (found !== null) names.push(found);
            break;
          }
          case '__name__':
            entry ||= match(GUARD, text, at) !== null || GUARD_BEFORE.test(text.slice(Math.max(0, word - 20), word));
        }
        break;
      }
      case QUOTE:
        at = skipString(wordEnd === at ? word : at, at);
        break;
      case COMMENT:
        at = skipComment(text, at);
        break;
      case OPEN:
        depth += 1;
        at += 1;
        break;
      case CLOSE:
        if (depth > 0) depth -= 1;
        at += 1;
        break;
      case ESCAPE:
        at += 2;
        break;
      case LINE_END:
        at += 1;
        if (depth === 0) blocks.line(at);
        break;
      default:
        at += 1;
    }
  }
  return { names, entry };
}

// NaN, at the end of the text, is no word.
const isWord = (code: number): boolean => code >= 128 || CLASSES[code] === WORD;
