import type { ImportFact, ModuleBody } from '../facts';
import { lineCounter } from '../javascript/lines';
import { isNamePart, skipBlanks, skipComment, skipEscaped, skipEscapedLine, skipName, untilSemicolon } from '../scanning/blanks';

/** What a source says, and how many of its imports are written as such. */
export interface JavaSource {
  readonly body: ModuleBody;
  readonly written: number;
}

/**
 * Reads a Java source: its package and imports, and whether it has a `main`. Imports stand before the first type, so only
 * that much is read; the rest only where the names that it mentions say what a wildcard import brings, or where it may have a `main`.
 */
export function readJava(text: string): JavaSource {
  const header = readHeader(text);
  const imports = header.imports.some(isOpenWildcard) ? [...header.imports, ...mentionsOf(text, header.end)] : header.imports;
  return {
    body: { imports, ...(header.package === null ? {} : { declares: [header.package] }), ...(hasMain(text) ? { entry: true as const } : {}) },
    written: header.imports.length,
  };
}

interface Header {
  readonly package: string | null;
  readonly imports: readonly ImportFact[];
  /** Where the types begin. */
  readonly end: number;
}

const [AT, SEMICOLON, QUOTE, TICK, SLASH, DOT] = [64, 59, 34, 39, 47, 46];
const PLAIN = /\s+(?:static\s+)?([\w$.]+(?:\.\*)?)\s*;/y;
const NAME = /^(module\s+)?[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*(?:\.\*)?$/u;

function readHeader(text: string): Header {
  const lineAt = lineCounter(text);
  const imports: ImportFact[] = [];
  let declared: string | null = null;
  for (let at = skipBlanks(text, 0); ; at = skipBlanks(text, at)) {
    const code = text.charCodeAt(at);
    const after = code === AT ? at : skipName(text, at);
    const word = text.slice(at, Math.min(after, at + 8));
    if (code === SEMICOLON) {
      at += 1;
    } else if (code === AT && !text.startsWith('@interface', at)) {
      at = skipAnnotation(text, at + 1);
    } else if (word === 'package' || word === 'import') {
      const { name, end } = readName(text, after);
      if (name !== null && word === 'import') imports.push({ specifier: name, kind: 'static', line: lineAt(at) });
      else if (name !== null) declared ??= name;
      at = end;
    } else {
      return { package: declared, imports, end: at };
    }
  }
}

/** The name between a keyword and its semicolon; null when it is none. */
function readName(text: string, from: number): { name: string | null; end: number } {
  PLAIN.lastIndex = from;
  const plain = PLAIN.exec(text);
  if (plain?.[1] !== undefined) return { name: NAME.test(plain[1]) ? plain[1] : null, end: PLAIN.lastIndex };
  const declaration = untilSemicolon(text, from);
  if (declaration === null) return { name: null, end: text.length };
  const written = declaration.written.trim().replace(/\s*\.\s*/g, '.').replace(/^static\s+/, '');
  return NAME.test(written) ? { name: written.replace(/^module\s+/, 'module '), end: declaration.end + 1 } : { name: null, end: from };
}

/** `@A`, `@a.b.C(…)`: annotations stand in front of the package as well as of the first type. */
function skipAnnotation(text: string, from: number): number {
  let at = skipBlanks(text, from);
  while (isNamePart(text.charCodeAt(at)) || text.charCodeAt(at) === DOT) at += 1;
  const open = skipBlanks(text, at);
  if (text[open] !== '(') return at;
  let depth = 0;
  for (at = open; at < text.length; ) {
    const after = skipLiteral(text, at);
    if (after > at) {
      at = after;
      continue;
    }
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return at;
}

/** The place after the comment, text or character that begins at a place; the place itself when none does. */
function skipLiteral(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === SLASH) return skipComment(text, at);
  if (code === QUOTE) return text.startsWith('"""', at) ? skipEscaped(text, at + 3, '"""') : skipEscapedLine(text, at + 1, QUOTE);
  return code === TICK ? skipEscapedLine(text, at + 1, TICK) : at;
}

// What the runtime itself brings is one answer, whichever of its types are used.
const isOpenWildcard = ({ specifier }: ImportFact): boolean => specifier.endsWith('.*') && !/^javax?\./.test(specifier);

// A file that mentions more is data.
const MOST_MENTIONS = 2_000;

/**
 * The names that may be types, as `*.Name`: those that begin with a capital and follow no dot. Together with a wildcard
 * import they say which files of the package are meant.
 */
function mentionsOf(text: string, from: number): ImportFact[] {
  const lineAt = lineCounter(text);
  const seen = new Map<string, ImportFact>();
  for (let at = from; at < text.length; ) {
    const literal = skipLiteral(text, at);
    const after = literal > at ? literal : skipName(text, at);
    if (after === at) {
      at += 1;
      continue;
    }
    const code = text.charCodeAt(at);
    if (literal === at && code >= 65 && code <= 90 && text.charCodeAt(at - 1) !== DOT) {
      const name = text.slice(at, after);
      if (!seen.has(name) && seen.size < MOST_MENTIONS) seen.set(name, { specifier: `*.${name}`, kind: 'static', line: lineAt(at) });
    }
    at = after;
  }
  return [...seen.values()];
}

const MAIN = /\b(?:(?:public|static|final|synchronized|strictfp)\s+){2,6}void\s+main\s*\(\s*(?:final\s+)?(?:java\.lang\.)?String\b/g;

/** Whether there is a `public static void main(String…` outside of texts and comments. */
function hasMain(text: string): boolean {
  // Asked first, because it is quick and mostly says no.
  if (!/void\s+main\b/.test(text)) return false;
  const places = [...text.matchAll(MAIN)].filter(([found]) => found.includes('public') && found.includes('static')).map(({ index }) => index);
  let at = 0;
  for (const place of places) {
    while (at < place) at = Math.max(skipLiteral(text, at), at + 1);
    if (at === place) return true;
  }
  return false;
}
