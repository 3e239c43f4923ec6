import type { ImportFact } from '../facts';
import type { JavaScriptClass } from './javascript-class';
import { importsOfTree } from './syntax-tree';
import { importsOfTokens } from './tokens';

/**
 * The imports of a JavaScript or TypeScript source in the order of their specifiers' positions.
 *
 * A source is read by its tokens. What can be read in two ways, or is no valid program, goes to TypeScript's own syntax
 * tree, which is about twelve times slower. Computed specifiers are left out.
 */
export function importsOf(source: string, pathClass: JavaScriptClass): ImportFact[] {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  if (!mentionsImports(text)) return [];
  const imports = importsOfTokens(text, pathClass) ?? importsOfTree(text, pathClass);
  return imports.filter(({ specifier }) => specifier.length > 0 && specifier.length <= MAX_SPECIFIER);
}

// What is longer is data in a string, not a name of a module.
const MAX_SPECIFIER = 4096;

const mentionsImports = (text: string): boolean =>
  text.includes('import') || text.includes('require') || (text.includes('export') && text.includes('from'));
