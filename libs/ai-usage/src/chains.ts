import type { Token } from './tokens';

/** A call inside a chain: how many names stand before its bracket, and its brackets. */
export interface ChainCall {
  readonly names: number;
  readonly open: number;
  readonly close: number;
}

/** `a.b(…).c(…)` as names and calls. */
export interface Chain {
  readonly start: number;
  readonly names: readonly string[];
  readonly calls: readonly ChainCall[];
  /** The token behind it. */
  readonly end: number;
}

const LINKS = new Set(['.', '?.', '::', '->']);

/** Whether a chain begins at a name: nothing links it to something before. */
export const beginsChain = (tokens: readonly Token[], index: number): boolean => tokens[index]?.kind === 'name' && !LINKS.has(tokens[index - 1]?.text ?? '');

/** Follows names, brackets, type arguments and the marks of optional and failing values as far as they go. */
export function chainAt(tokens: readonly Token[], partner: Int32Array, start: number): Chain {
  const names = [tokens[start]?.text ?? ''];
  const calls: ChainCall[] = [];
  let at = start + 1;
  for (;;) {
    const text = tokens[at]?.text ?? '';
    const kind = tokens[at]?.kind;
    if (kind !== 'punctuation') break;
    const close = partner[at] ?? -1;
    if (LINKS.has(text) && tokens[at + 1]?.kind === 'name') {
      names.push(tokens[at + 1]?.text ?? '');
      at += 2;
    } else if (text === '(' && close > at) {
      calls.push({ names: names.length, open: at, close });
      at = close + 1;
    } else if (text === '[' && close > at) at = close + 1;
    else if ((text === '!' || text === '?' || text === '?.' || text === '::') && /^(?:[.([<]|\?\.)$/.test(tokens[at + 1]?.text ?? '')) at += 1;
    else if (text === '<') {
      const behind = typeArgumentsEnd(tokens, at);
      if (behind === -1) break;
      at = behind;
    } else break;
  }
  return { start, names, calls, end: at };
}

/** `<Type, Other<X>>` right before a call, or -1 when the sign compares. */
function typeArgumentsEnd(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < open + 24; i++) {
    const token = tokens[i];
    if (token === undefined || token.kind === 'string') return -1;
    if (token.text === '<') depth += 1;
    else if (token.text === '>') depth -= 1;
    else if (token.kind === 'punctuation' && !/^[.,[\]|&?*]$|^::$/.test(token.text)) return -1;
    if (depth === 0) return /^(?:\(|::)$/.test(tokens[i + 1]?.text ?? '') ? i + 1 : -1;
  }
  return -1;
}

/** The name that a chain is assigned to, and how: `assign` for `=`, `property` for `:`, `return` when its function gives it out. */
export interface Target {
  readonly kind: 'assign' | 'property' | 'return';
  readonly names: readonly string[];
}

const TRANSPARENT = new Set(['await', 'new', '*', '&', '(', 'yield', 'try', 'async']);

/** What the value of a chain goes to. With `loosely`, also when the chain is only a part of what is assigned, as in `a | chain`. */
export function targetOf(tokens: readonly Token[], start: number, loosely = false): Target | null {
  let at = start - 1;
  const first = Math.max(0, start - 24);
  while (at >= first && (TRANSPARENT.has(tokens[at]?.text ?? '') || (loosely && /^(?:[|.(),]|[\w$]+)$/.test(tokens[at]?.text ?? '') && tokens[at]?.text !== 'return'))) at -= 1;
  const sign = tokens[at];
  const before = tokens[at - 1];
  if (sign?.text === 'return') return { kind: 'return', names: [] };
  if (sign?.text === ':' && (before?.kind === 'name' || before?.kind === 'string')) return { kind: 'property', names: [before.text] };
  if ((sign?.text !== '=' && sign?.text !== ':=') || before === undefined) return null;
  const typed = typedName(tokens, at);
  if (typed !== null) return { kind: 'assign', names: [typed] };
  if (before.kind !== 'name') return null;
  // `client, err := …` of Go.
  const names = [before.text];
  for (let i = at - 2; tokens[i]?.text === ',' && tokens[i - 1]?.kind === 'name' && names.length < 4; i -= 2) names.push(tokens[i - 1]?.text ?? '');
  return { kind: 'assign', names };
}

/** `name: Type<X> =` */
function typedName(tokens: readonly Token[], equals: number): string | null {
  for (let i = equals - 1; i > 0 && i > equals - 12; i--) {
    const { kind, text, indent } = tokens[i] ?? { kind: 'punctuation', text: ';', indent: 0 };
    if (text === ':') return tokens[i - 1]?.kind === 'name' ? (tokens[i - 1]?.text ?? null) : null;
    // A colon on the line above opens a block of Python.
    if ((kind !== 'name' && !/^[<>|.[\],&*]$|^::$/.test(text)) || indent !== null) return null;
  }
  return null;
}
