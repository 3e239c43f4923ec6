import { parse } from 'es-module-lexer';
import type { Import } from 'es-module-lexer';
import type { ImportFact, ImportKind } from '../facts';
import type { JavaScriptClass } from './javascript-class';
import { lineCounter } from './lines';
import { importsOfTree } from './syntax-tree';

/**
 * The imports of a JavaScript or TypeScript source in the order of their specifiers' positions.
 *
 * The lexer reads 100 MB/s and more but is no parser, so it only gets what it is exact for. What it cannot
 * tell apart, or refuses, goes to TypeScript's own syntax tree, which is about fourteen times slower.
 * Computed specifiers are left out.
 */
export function importsOf(source: string, pathClass: JavaScriptClass): ImportFact[] {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  if (!mentionsImports(text)) return [];
  return extract(text, pathClass).filter(({ specifier }) => specifier.length > 0 && specifier.length <= MAX_SPECIFIER);
}

// What is longer is data in a string, not a name of a module.
const MAX_SPECIFIER = 4096;

function extract(text: string, pathClass: JavaScriptClass): ImportFact[] {
  if (needsTree(text, pathClass)) return importsOfTree(text, pathClass);
  const lexed = lex(text);
  return lexed === 'refused' ? importsOfTree(text, pathClass) : lexed;
}

const mentionsImports = (text: string): boolean =>
  text.includes('import') || text.includes('require') || (text.includes('export') && text.includes('from'));

// JSX text is neither string nor code: an apostrophe or a slash in it leads a lexer astray, at times silently.
const MAY_BE_JSX = /<\/|\/>/;
// A lexer cannot tell `const a: import('b')` from a call, and leaves out what is inside type declarations.
const TYPE_POSITIONS = /\bimport\s*\(|\bdeclare\s+(?:module|global|namespace)\b|\bimport\s+(?:type\s+)?[\w$]+\s*=/;
// Forms of a require call that the substitution below does not see.
const ODD_REQUIRE = /\brequire\s*(?:\?\.|<|\/[*/])/;
// Escaped line ends and template specifiers are reported raw by the lexer.
const RAW_TEMPLATE = /\b(?:import|require)\s*\(\s*`[^`]*\\/;

function needsTree(text: string, pathClass: JavaScriptClass): boolean {
  const typed = pathClass === 'ts' || pathClass === 'tsx' || pathClass === 'dts';
  const jsx = pathClass !== 'ts' && pathClass !== 'dts';
  return (jsx && MAY_BE_JSX.test(text)) || (typed && TYPE_POSITIONS.test(text)) || ODD_REQUIRE.test(text) || RAW_TEMPLATE.test(text);
}

const REQUIRE_CALL = /(?<![\w$.#])require(\s*)\(/g;

function lex(text: string): ImportFact[] | 'refused' {
  // The lexer knows `import(…)` but not `require(…)`. Both have the same grammar and `import ` the same length,
  // so positions still hold and the original text tells which of the two it was.
  const disguised = text.includes('require') ? text.replace(REQUIRE_CALL, 'import $1(') : text;
  const parsed = parseOrNull(disguised);
  if (!parsed) return 'refused';
  const lineAt = lineCounter(text);
  return parsed.flatMap((found) => {
    const specifier = specifierOf(found, disguised);
    if (specifier === null) return [];
    return [{ specifier, kind: kindOf(found, text), line: lineAt(found.start) }];
  });
}

function parseOrNull(text: string): readonly Import[] | null {
  try {
    return parse(text)[0];
  } catch {
    return null;
  }
}

function specifierOf(found: Import, text: string): string | null {
  if (found.type === 'import-meta' || found.specifier === undefined) return null;
  if (found.type === 'dynamic' && found.glob && text.slice(found.start, found.end).includes('${')) return null;
  return found.specifier;
}

function kindOf(found: Import, text: string): ImportKind {
  if (found.type === 'dynamic') return text.startsWith('require', found.importStart) ? 'require' : 'dynamic';
  if (found.type !== 'import-meta' && found.typeOnly) return 'type';
  return text.startsWith('export', found.importStart) ? 'reexport' : 'static';
}
