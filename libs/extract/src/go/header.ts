import type { ImportFact } from '../facts';
import { lineCounter } from '../javascript/lines';
import { skipBlanks } from '../scanning/blanks';

/** What a Go source says about itself, nearly all of it in its first lines. */
export interface GoFacts {
  /** In the order of the source, always static: aliases, `.` and `_` make no difference to what is imported. */
  readonly imports: readonly ImportFact[];
  /** The name in the package clause; null without one, and for a file that no build takes into its package. */
  readonly declares: string | null;
  /** It has the `main` function of a `package main`. */
  readonly entry: boolean;
}

const MAX_SPECIFIER = 4096;

const PACKAGE = /package(?![\p{L}\p{Nd}_])/uy;
const NAME = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const IMPORT = /import(?![\p{L}\p{Nd}_])/uy;
const ALIAS = /[\p{L}_.][\p{L}\p{Nd}_]*/uy;
const PATH = /"([^"\\\n]*(?:\\.[^"\\\n]*)*)"|`([^`]*)`/y;
// The custom for programs and drafts that lie beside a package and do not belong to it.
const IGNORED = /^\/\/(?:go:build|\s*\+build)\s+ignore\s*$/m;
const MAIN = /^[ \t]*func\s+main\s*\(/gm;

/**
 * Reads the package clause and the import declarations, which stand before everything else, and stops there: the cost
 * does not depend on the length of the file, except for the search for `main` in a `package main`.
 */
export function readGo(source: string): GoFacts {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  const clause = skipGap(text, 0);
  const name = packageName(text, clause);
  if (name === null) return { imports: [], declares: null, entry: false };
  const { paths, end } = importDeclarations(text, name.end);
  const lineAt = lineCounter(text);
  return {
    imports: paths
      .filter(({ specifier }) => specifier.length > 0 && specifier.length <= MAX_SPECIFIER)
      .map(({ specifier, position }) => ({ specifier, kind: 'static', line: lineAt(position) })),
    declares: IGNORED.test(text.slice(0, clause)) ? null : name.text,
    entry: name.text === 'main' && hasMain(text, end),
  };
}

function packageName(text: string, clause: number): { text: string; end: number } | null {
  const at = exec(PACKAGE, text, clause) === null ? -1 : skipBlanks(text, clause + 'package'.length);
  const name = at < 0 ? null : exec(NAME, text, at);
  return name === null ? null : { text: name[0], end: at + name[0].length };
}

interface Path {
  readonly specifier: string;
  readonly position: number;
}

function importDeclarations(text: string, from: number): { paths: Path[]; end: number } {
  const paths: Path[] = [];
  let at = skipGap(text, from);
  while (exec(IMPORT, text, at) !== null) {
    at = skipGap(text, at + 'import'.length);
    const inBrackets = text[at] === '(';
    if (inBrackets) at = skipGap(text, at + 1);
    for (let path = importSpec(text, at); path !== null; path = inBrackets ? importSpec(text, at) : null) {
      paths.push(path);
      at = skipGap(text, path.end);
    }
    if (inBrackets && text[at] === ')') at = skipGap(text, at + 1);
  }
  return { paths, end: at };
}

function importSpec(text: string, at: number): (Path & { end: number }) | null {
  const alias = exec(ALIAS, text, at)?.[0] ?? '';
  const position = skipGap(text, at + alias.length);
  const [literal, interpreted, raw] = exec(PATH, text, position) ?? [];
  if (literal === undefined) return null;
  return { specifier: interpreted ?? raw ?? '', position, end: position + literal.length };
}

function hasMain(text: string, from: number): boolean {
  MAIN.lastIndex = from;
  let code = from;
  for (let found = MAIN.exec(text); found !== null; found = MAIN.exec(text)) {
    code = codeUntil(text, code, found.index);
    if (code === found.index) return true;
    // What looked like it stands in a comment or a raw string, which ends at `code`.
    MAIN.lastIndex = code;
  }
  return false;
}

// Comments and literals, whose insides are no code. An unclosed one goes to the end.
const OPAQUE = /\/\/[^\n]*|\/\*(?:[^]*?\*\/|[^]*)|`[^`]*`?|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?/g;

/** `target` when it stands in code, else the end of the comment or literal around it; `from` stands in code. */
function codeUntil(text: string, from: number, target: number): number {
  OPAQUE.lastIndex = from;
  for (let found = OPAQUE.exec(text); found !== null && found.index < target; found = OPAQUE.exec(text)) {
    if (OPAQUE.lastIndex > target) return OPAQUE.lastIndex;
  }
  return target;
}

function exec(expression: RegExp, text: string, at: number): RegExpExecArray | null {
  expression.lastIndex = at;
  return expression.exec(text);
}

// White space, comments, and the semicolons that a line end stands for.
function skipGap(text: string, from: number): number {
  let at = skipBlanks(text, from);
  while (text[at] === ';') at = skipBlanks(text, at + 1);
  return at;
}
