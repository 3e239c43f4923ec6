/** The languages that are read, by how they are written. */
export type Syntax = 'javascript' | 'python' | 'go' | 'java' | 'kotlin' | 'rust' | 'csharp';

const SYNTAXES: Readonly<Record<string, Syntax>> = {
  javascript: 'javascript',
  typescript: 'javascript',
  jsx: 'javascript',
  tsx: 'javascript',
  python: 'python',
  go: 'go',
  java: 'java',
  kotlin: 'kotlin',
  rust: 'rust',
  csharp: 'csharp',
  'c#': 'csharp',
};

/** How a language is read, or null when it is not. */
export const syntaxOf = (language: string): Syntax | null => (Object.hasOwn(SYNTAXES, language) ? (SYNTAXES[language] ?? null) : null);

export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'punctuation';
  /** Of a string: what is between the quotes, escapes as they are written. */
  readonly text: string;
  readonly at: number;
  /** Whether it is the first of its line, and how far in it stands then. */
  readonly indent: number | null;
}

interface StringRule {
  readonly open: string;
  readonly close: string;
  readonly multiline: boolean;
  readonly escapes: boolean;
}

const quoted = (open: string, multiline = false, escapes = true): StringRule => ({ open, close: open, multiline, escapes });

const STRINGS: Readonly<Record<Syntax, readonly StringRule[]>> = {
  javascript: [quoted('"'), quoted("'")],
  python: [quoted('"""', true), quoted("'''", true), quoted('"'), quoted("'")],
  go: [quoted('"'), quoted('`', true, false), quoted("'")],
  java: [quoted('"""', true), quoted('"'), quoted("'")],
  kotlin: [quoted('"""', true, false), quoted('"'), quoted("'")],
  rust: [quoted('"', true)],
  csharp: [quoted('"""', true, false), { open: '@"', close: '"', multiline: true, escapes: false }, { open: '$@"', close: '"', multiline: true, escapes: false }, quoted('"'), quoted("'")],
};

const NAME = /[A-Za-z_$\u00aa-\uffff][\w$\u00aa-\uffff]*/y;
const NUMBER = /\d[\w.]*/y;
const OPERATOR = /=>|:=|::|->|\?\.|===|==|!==|!=|<=|>=|\|\||&&|\?\?|\.\.\.|[^\s\w]/y;
const REGEX_LITERAL = /\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
/** Behind these a slash begins a regular expression. */
const BEFORE_REGEX = /^(?:[([{,;=:!&|?+\-*%<>~^]|=>|===?|!==?|&&|\|\||\?\?|return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield)$/;
const RUST_RAW = /b?r(#{0,8})"/y;
const RUST_CHARACTER = /'(?:\\[^\n]{1,10}?|[^\\'\n])'/y;

/**
 * Cuts source text into names, strings, numbers and punctuation; comments are left out. Not a parser: enough to know what is code, what
 * is text, and what stands beside what. Code inside `${…}` of JavaScript's templates is read, inside Python's f-strings it is not.
 */
export function tokenize(source: string, syntax: Syntax): Token[] {
  const tokens: Token[] = [];
  /** Braces open in each template of JavaScript that surrounds the position. */
  const templates: number[] = [];
  let at = 0;
  let lineStart = 0;
  let fresh = true;

  const push = (kind: Token['kind'], text: string, start: number): void => {
    tokens.push({ kind, text, at: start, indent: fresh ? start - lineStart : null });
    fresh = false;
  };
  const sticky = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  const template = (): void => {
    const start = at + 1;
    let end = start;
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end)) end += source[end] === '\\' ? 2 : 1;
    push('string', source.slice(start, end), at);
    if (source[end] === '$') {
      templates.push(0);
      at = end + 2;
    } else at = end + 1;
  };
  const inTemplate = (character: string): boolean => {
    const open = templates.at(-1);
    if (open === undefined) return false;
    if (character === '{') templates[templates.length - 1] = open + 1;
    if (character !== '}') return false;
    if (open > 0) {
      templates[templates.length - 1] = open - 1;
      return false;
    }
    templates.pop();
    return true;
  };

  while (at < source.length) {
    const character = source[at] ?? '';
    if (character === '\n') {
      at += 1;
      lineStart = at;
      fresh = true;
      continue;
    }
    if (character <= ' ') {
      at += 1;
      continue;
    }
    const comment = commentEnd(source, at, syntax);
    if (comment !== -1) {
      at = comment;
      continue;
    }
    if (syntax === 'javascript' && (character === '`' || inTemplate(character))) {
      template();
      continue;
    }
    const string = stringAt(source, at, syntax);
    if (string !== null) {
      push('string', source.slice(string.from, string.to), at);
      at = string.end;
      continue;
    }
    const name = sticky(NAME);
    if (name !== null) {
      push('name', name, at);
      at += name.length;
      continue;
    }
    const number = sticky(NUMBER);
    if (number !== null) {
      push('number', number, at);
      at += number.length;
      continue;
    }
    const regex = syntax === 'javascript' && character === '/' && BEFORE_REGEX.test(tokens.at(-1)?.text ?? ';') ? sticky(REGEX_LITERAL) : null;
    if (regex !== null) {
      push('number', '', at);
      at += regex.length;
      continue;
    }
    const operator = sticky(OPERATOR) ?? character;
    push('punctuation', operator, at);
    at += operator.length;
  }
  return tokens;
}

/** Where the comment at a position ends, or -1 when there is none. */
function commentEnd(source: string, at: number, syntax: Syntax): number {
  if (syntax === 'python') return source[at] === '#' ? endOfLine(source, at) : -1;
  if (source[at] !== '/') return -1;
  if (source[at + 1] === '/') return endOfLine(source, at);
  if (source[at + 1] !== '*') return -1;
  return syntax === 'rust' || syntax === 'kotlin' ? nestedEnd(source, at) : endAfter(source, '*/', at + 2);
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end === -1 ? source.length : end;
}

function endAfter(source: string, close: string, from: number): number {
  const end = source.indexOf(close, from);
  return end === -1 ? source.length : end + close.length;
}

function nestedEnd(source: string, at: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  let depth = 0;
  for (let mark = marks.exec(source); mark !== null; mark = marks.exec(source)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return source.length;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

function stringAt(source: string, at: number, syntax: Syntax): Span | null {
  if (syntax === 'rust') {
    const raw = rustRaw(source, at);
    if (raw !== null) return raw;
  }
  const rule = STRINGS[syntax].find(({ open }) => source.startsWith(open, at));
  if (rule === undefined) return null;
  const from = at + rule.open.length;
  let to = from;
  while (to < source.length && !source.startsWith(rule.close, to) && (rule.multiline || source[to] !== '\n')) to += rule.escapes && source[to] === '\\' ? 2 : 1;
  // A quote that its line does not close is an apostrophe of a text, or a mistake: the next line is code again.
  return { from, to: Math.min(to, source.length), end: source.startsWith(rule.close, to) ? to + rule.close.length : Math.min(to, source.length) };
}

/** `r#"…"#`, and `'x'`, which a lifetime is not. */
function rustRaw(source: string, at: number): Span | null {
  RUST_RAW.lastIndex = at;
  const raw = RUST_RAW.exec(source);
  if (raw !== null) {
    const from = at + raw[0].length;
    const end = endAfter(source, `"${raw[1] ?? ''}`, from);
    return { from, to: Math.max(from, end - 1 - (raw[1] ?? '').length), end };
  }
  RUST_CHARACTER.lastIndex = at;
  const character = RUST_CHARACTER.exec(source);
  return character === null ? null : { from: at + 1, to: at + character[0].length - 1, end: at + character[0].length };
}

/** Where each opening bracket closes and each closing one opens, by token; -1 for tokens that are no bracket or have no partner. */
export function partners(tokens: readonly Token[]): Int32Array {
  const result = new Int32Array(tokens.length).fill(-1);
  const open: number[] = [];
  tokens.forEach((token, index) => {
    if (token.kind !== 'punctuation') return;
    if (token.text === '(' || token.text === '[' || token.text === '{') open.push(index);
    else if (token.text === ')' || token.text === ']' || token.text === '}') {
      const partner = open.pop();
      if (partner === undefined) return;
      result[index] = partner;
      result[partner] = index;
    }
  });
  return result;
}
