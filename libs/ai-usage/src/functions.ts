import type { Syntax, Token } from './tokens';

/** A function as far as brackets or indentation tell. */
export interface FunctionScope {
  readonly parent: number;
  /** Null when it has none. */
  readonly name: string | null;
}

export interface Scopes {
  /** 0 is the file itself. */
  readonly functions: readonly FunctionScope[];
  /** For each token the innermost function around it. */
  readonly of: Int32Array;
}

const CONTROL = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'using', 'lock', 'foreach', 'synchronized', 'when', 'match', 'try', 'fixed', 'checked']);
const KEYWORD: Partial<Record<Syntax, string>> = { go: 'func', rust: 'fn', kotlin: 'fun' };
const LOOK_BACK = 80;

/** Which function each token belongs to. */
export function scopesOf(tokens: readonly Token[], partner: Int32Array, syntax: Syntax): Scopes {
  return syntax === 'python' ? byIndentation(tokens) : byBraces(tokens, partner, syntax);
}

function byBraces(tokens: readonly Token[], partner: Int32Array, syntax: Syntax): Scopes {
  const functions: FunctionScope[] = [{ parent: 0, name: null }];
  const of = new Int32Array(tokens.length);
  const stack: number[] = [];
  let current = 0;
  tokens.forEach(({ kind, text }, index) => {
    if (kind === 'punctuation' && text === '{') {
      stack.push(current);
      const found = functionBefore(tokens, partner, index, syntax);
      if (found !== null) current = functions.push({ parent: current, name: found.name }) - 1;
    }
    of[index] = current;
    if (kind === 'punctuation' && text === '}') current = stack.pop() ?? 0;
  });
  return { functions, of };
}

/** The function whose body this brace opens, or null when it opens something else. */
function functionBefore(tokens: readonly Token[], partner: Int32Array, brace: number, syntax: Syntax): { name: string | null } | null {
  const keyword = KEYWORD[syntax];
  if (keyword !== undefined) return byKeyword(tokens, partner, brace, keyword);
  const before = tokens[brace - 1];
  if (before?.text === '=>') return { name: arrowName(tokens, partner, brace - 1) };
  for (let i = brace - 1; i >= 0 && i > brace - 24; i--) {
    const text = tokens[i]?.text ?? '';
    if (text === ';' || text === '{' || text === '}' || text === '=' || text === '=>') return null;
    if (text === ')') return calledLike(tokens, partner, i);
  }
  return null;
}

function byKeyword(tokens: readonly Token[], partner: Int32Array, brace: number, keyword: string): { name: string | null } | null {
  for (let i = brace - 1; i >= 0 && i > brace - LOOK_BACK; i--) {
    const { kind, text } = tokens[i] ?? { kind: 'punctuation', text: ';' };
    if (kind === 'name' && text === keyword) return { name: nameBehind(tokens, partner, i + 1) };
    if (kind === 'punctuation' && (text === ';' || text === '{' || text === '}')) return null;
    // Over parameters at once, so that what they contain does not end the search.
    if (kind === 'punctuation' && text === ')' && (partner[i] ?? -1) >= 0) i = partner[i] ?? i;
  }
  return null;
}

/** `func name(`, `func (receiver) name(`, `fn name<T>(`; a closure has none. */
function nameBehind(tokens: readonly Token[], partner: Int32Array, index: number): string | null {
  const receiver = tokens[index]?.text === '(' ? (partner[index] ?? -1) + 1 : index;
  const token = tokens[receiver];
  return receiver > 0 && token?.kind === 'name' ? token.text : null;
}

function calledLike(tokens: readonly Token[], partner: Int32Array, close: number): { name: string | null } | null {
  const name = tokens[(partner[close] ?? -1) - 1];
  if (name === undefined || name.kind !== 'name') return null;
  if (CONTROL.has(name.text)) return null;
  return { name: name.text === 'function' ? null : name.text };
}

/** `name = (…) =>`, `name: async x =>`. */
function arrowName(tokens: readonly Token[], partner: Int32Array, arrow: number): string | null {
  let i = arrow - 1;
  while (i > arrow - 24 && i > 0 && tokens[i]?.text !== ')' && tokens[i]?.kind !== 'name') i -= 1;
  i = (tokens[i]?.text === ')' ? (partner[i] ?? 0) : i) - 1;
  if (tokens[i]?.text === 'async') i -= 1;
  const name = tokens[i - 1];
  return (tokens[i]?.text === '=' || tokens[i]?.text === ':') && name?.kind === 'name' ? name.text : null;
}

function byIndentation(tokens: readonly Token[]): Scopes {
  const functions: FunctionScope[] = [{ parent: 0, name: null }];
  const of = new Int32Array(tokens.length);
  const stack: { indent: number; scope: number }[] = [];
  let depth = 0;
  let line = 0;
  tokens.forEach(({ kind, text, indent }, index) => {
    line = indent ?? line;
    if (indent !== null && depth === 0) while ((stack.at(-1)?.indent ?? -1) >= indent) stack.pop();
    const parent = stack.at(-1)?.scope ?? 0;
    of[index] = parent;
    if (kind === 'punctuation' && '([{'.includes(text)) depth += 1;
    if (kind === 'punctuation' && ')]}'.includes(text)) depth = Math.max(0, depth - 1);
    if (kind !== 'name' || text !== 'def' || depth > 0) return;
    const scope = functions.push({ parent, name: tokens[index + 1]?.text ?? null }) - 1;
    stack.push({ indent: line, scope });
  });
  return { functions, of };
}

/** Whether one function is inside the other, or they are the same. */
export function isRelated({ functions }: Scopes, a: number, b: number): boolean {
  return contains(functions, a, b) || contains(functions, b, a);
}

function contains(functions: readonly FunctionScope[], outer: number, inner: number): boolean {
  for (let scope = inner; ; scope = functions[scope]?.parent ?? 0) {
    if (scope === outer) return true;
    if (scope === 0) return false;
  }
}
