import type { ImportFact } from '../facts';

const MARK = '/// <reference';
const REFERENCE = /^\s*\/\/\/\s*<reference\s+path\s*=\s*(["'])([^"'\n]{1,1024})\1/;
/** What may stand above a reference, which counts only before the first statement. */
const COMMENT = /^\s*(?:\/\/|\/\*|\*|$)/;

/** The files that a TypeScript file names by `/// <reference path="…" />` at its top; nothing is left of them at run time. */
export function referencesOf(source: string): ImportFact[] {
  if (!source.includes(MARK)) return [];
  const references: ImportFact[] = [];
  for (const [index, line] of source.split('\n').entries()) {
    const path = REFERENCE.exec(line)?.[2];
    if (path !== undefined) references.push({ specifier: /^[./]/.test(path) ? path : `./${path}`, kind: 'type', line: index + 1 });
    else if (!COMMENT.test(line)) break;
  }
  return references;
}
