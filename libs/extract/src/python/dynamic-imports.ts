import { match, skipBlank, type Named } from './statements';

const LITERAL = /[rRuU]?(?:"""([^"\\\n]*)"""|'''([^'\\\n]*)'''|"([^"\\\n]*)"|'([^'\\\n]*)')/y;
const NAME_KEYWORD = /name\s*=\s*/y;
const PACKAGE_KEYWORD = /package\s*=\s*/y;
const OWN_PACKAGE = /(?:__package__|__name__|__spec__\s*\.\s*parent)(?=\s*[,)])/y;
// A dash is no part of a name in Python, but the loader takes any name that a file may have.
const MODULE = /^\.*[\w\u0080-\uffff-]+(?:\.[\w\u0080-\uffff-]+)*$/;

// `importlib.import_module` and the bare name; not a method of something else and not a definition.
const CALLABLE_BEFORE = /(?:^|[^\w\u0080-\uffff.\s]|(?<!\bdef)\s|\bimportlib\s*\.)$/;

/**
 * What `import_module("x")` or `__import__("x")` loads; `at` is behind the word that begins at `start`. A relative name is
 * kept relative when it counts from the module's own package, and made absolute when it counts from a package given as
 * a literal. Null for names that are computed.
 */
export function dynamicImport(text: string, start: number, at: number): Named | null {
  if (!CALLABLE_BEFORE.test(text.slice(Math.max(0, start - 12), start).replace(/[ \t]+$/, ' '))) return null;
  const bracket = skipBlank(text, at, false);
  if (text[bracket] !== '(') return null;
  const first = literalArgument(text, bracket + 1, NAME_KEYWORD);
  if (first === null || !MODULE.test(first.value)) return null;
  const specifier = first.value.startsWith('.') ? counted(text, first.value, first.end) : first.value;
  return specifier === null ? null : { specifier, kind: 'dynamic', position: first.start };
}

interface Literal {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

function literalArgument(text: string, from: number, keyword: RegExp): Literal | null {
  const argument = skipBlank(text, from, true);
  const start = argument + (match(keyword, text, argument)?.length ?? 0);
  LITERAL.lastIndex = start;
  const found = LITERAL.exec(text);
  if (found === null) return null;
  const end = skipBlank(text, start + found[0].length, true);
  // Anything but the end of the argument makes it an expression.
  if (text[end] !== ',' && text[end] !== ')') return null;
  return { value: found[1] ?? found[2] ?? found[3] ?? found[4] ?? '', start, end };
}

function counted(text: string, relative: string, comma: number): string | null {
  if (text[comma] !== ',') return null;
  const argument = skipBlank(text, comma + 1, true);
  const start = argument + (match(PACKAGE_KEYWORD, text, argument)?.length ?? 0);
  if (match(OWN_PACKAGE, text, start) !== null) return relative;
  const from = literalArgument(text, comma + 1, PACKAGE_KEYWORD);
  return from === null ? null : absolute(relative, from.value);
}

/** `..b` counted from `x.y` is `x.b`. */
function absolute(relative: string, from: string): string | null {
  const name = relative.replace(/^\.+/, '');
  const up = relative.length - name.length - 1;
  const parents = from.split('.');
  return up >= parents.length || from === '' ? null : [...parents.slice(0, parents.length - up), name].join('.');
}
