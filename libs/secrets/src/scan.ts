import type { Automaton } from './automaton';
import type { CompiledRule, CompiledRules } from './compile';
import { isPlaceholder } from './placeholder';
import { entropyOf } from './randomness';
import { type Candidate, CONTEXT_BYTES, type PathClass, REACH_BYTES, type Rule, type Verdict } from './rule';

/** Something with the form of a secret: byte offsets, the text as latin1. */
export interface Match {
  readonly rule: number;
  readonly start: number;
  readonly end: number;
  readonly value: string;
  readonly verdict: 'secret' | 'example';
  /** The keyword at its beginning; '' when it begins with something else. */
  readonly prefix: string;
}

export interface Matches {
  readonly matches: readonly Match[];
  /** Byte offsets behind the word that begins an inline allow. */
  readonly directives: readonly number[];
  /** Ids of rules that were switched off for this content. */
  readonly overBudget: readonly string[];
}

export interface ScanLimits {
  readonly pathClass: PathClass;
  /** How many bytes one rule may look at for each byte of a content; contents below a megabyte count as one. */
  readonly looks: number;
}

const CHUNK_BYTES = 96 * 1_024;
const LEAST_BUDGETED = 1e6;
const MOST_MATCHES = 1_000;
const MOST_DIRECTIVES = 1_000;
// Windows that touch become one; a longer one is searched in pieces.
const LONGEST_WINDOW = 64 * 1_024;

/** Finds everything that any rule takes for a secret or an example of one; overlaps are settled later. */
export function findMatches(compiled: CompiledRules, bytes: Buffer, limits: ScanLimits): Matches {
  const search = createSearch(compiled, bytes, limits);
  forEachKeyword(compiled.automaton, bytes, search.onKeyword);
  search.finish();
  return { matches: search.matches, directives: search.directives, overBudget: search.overBudget };
}

// The hot loop: one table lookup a byte. Everything else happens only where a keyword ends.
function forEachKeyword({ classes, table, shift, firstAccepting, ends }: Automaton, bytes: Buffer, onKeyword: (keyword: number, end: number) => void): void {
  let state = 0;
  for (let index = 0; index < bytes.length; index++) {
    state = table[(state << shift) | (classes[bytes[index] as number] as number)] as number;
    if (state < firstAccepting) continue;
    for (const keyword of ends[state - firstAccepting] ?? []) onKeyword(keyword, index + 1);
  }
}

interface Window {
  from: number;
  to: number;
}

function createSearch({ rules, uses, lengths, directive, excluded }: CompiledRules, bytes: Buffer, { pathClass, looks }: ScanLimits) {
  const off = Uint8Array.from(excluded[pathClass]);
  const left = new Float64Array(rules.length).fill(looks * Math.max(LEAST_BUDGETED, bytes.length));
  const counts = new Uint32Array(rules.length);
  const waiting = new Map<number, Window>();
  const view = createView(bytes);
  let tried: { expression: RegExp | null; start: number; match: RegExpExecArray | null } = { expression: null, start: -1, match: null };
  const matches: Match[] = [];
  const directives: number[] = [];
  const overBudget: string[] = [];

  function onKeyword(keyword: number, end: number): void {
    const start = end - (lengths[keyword] ?? 0);
    if (keyword === directive && directives.length < MOST_DIRECTIVES) directives.push(end);
    for (const { rule, exact } of uses[keyword] ?? []) {
      if (off[rule] === 1 || (exact && !standsAt(bytes, start, exact))) continue;
      const compiled = rules[rule] as CompiledRule;
      if (compiled.around) widen(rule, compiled, compiled.around, start);
      else if (mayLook(rule, compiled, compiled.cost())) tryAt(rule, compiled, start, end);
    }
  }

  function tryAt(rule: number, compiled: CompiledRule, start: number, end: number): void {
    const { text, base } = view(start);
    if (tried.expression !== compiled.expression || tried.start !== start) {
      compiled.expression.lastIndex = start - base;
      tried = { expression: compiled.expression, start, match: compiled.expression.exec(text) };
    }
    const { match } = tried;
    if (match && isBoundary(compiled.rule, match, text)) consider(rule, compiled, match, text, base, end - start);
  }

  function widen(rule: number, compiled: CompiledRule, { before, after }: { before: number; after: number }, start: number): void {
    const from = Math.max(0, start - before);
    const to = Math.min(bytes.length, start + after);
    const open = waiting.get(rule);
    if (open && from <= open.to && to - open.from <= LONGEST_WINDOW) {
      open.to = Math.max(open.to, to);
      return;
    }
    if (open) searchWindow(rule, compiled, open);
    waiting.set(rule, { from, to });
  }

  function searchWindow(rule: number, compiled: CompiledRule, { from, to }: Window): void {
    if (!mayLook(rule, compiled, compiled.cost() * (to - from))) return;
    const base = Math.max(0, from - CONTEXT_BYTES);
    const text = bytes.toString('latin1', base, Math.min(bytes.length, to + CONTEXT_BYTES));
    compiled.expression.lastIndex = from - base;
    for (let match = compiled.expression.exec(text); match && match.index <= to - base && off[rule] === 0; match = compiled.expression.exec(text)) {
      if (match[0] === '') compiled.expression.lastIndex++;
      else consider(rule, compiled, match, text, base, 0);
    }
  }

  function consider(rule: number, { rule: record, located }: CompiledRule, match: RegExpExecArray, text: string, base: number, keywordLength: number): void {
    const value = match.groups?.['secret'] ?? match[0];
    const prefix = keywordLength > 0 && value === match[0] ? value.slice(0, keywordLength) : '';
    const verdict = judge(record, { value, match, text, pathClass }, value.slice(prefix.length));
    if (verdict === 'no') return;
    located.lastIndex = match.index;
    const indices = located.exec(text)?.indices;
    const [start, end] = indices?.groups?.['secret'] ?? indices?.[0] ?? [match.index, match.index + match[0].length];
    matches.push({ rule, value, verdict, prefix, start: base + start, end: base + end });
    if (++counts[rule]! >= MOST_MATCHES) switchOff(rule, record);
  }

  // Work is counted before it is done, and never by a clock: the same content gives the same findings on every machine.
  function mayLook(rule: number, compiled: CompiledRule, cost: number): boolean {
    left[rule]! -= cost;
    if (left[rule]! < 0) switchOff(rule, compiled.rule);
    return off[rule] === 0;
  }

  function switchOff(rule: number, { id }: Rule): void {
    off[rule] = 1;
    overBudget.push(id);
  }

  function finish(): void {
    for (const [rule, window] of waiting) {
      const compiled = rules[rule] as CompiledRule;
      if (off[rule] === 0) searchWindow(rule, compiled, window);
    }
  }

  return { onKeyword, finish, matches, directives, overBudget };
}

function standsAt(bytes: Buffer, start: number, exact: Buffer): boolean {
  return bytes[start] === exact[0] && bytes.compare(exact, 0, exact.length, start, start + exact.length) === 0;
}

function judge({ check, entropy, placeholders }: Rule, candidate: Candidate, body: string): Verdict {
  const verdict = check?.[1](candidate) ?? 'secret';
  if (verdict !== 'secret') return verdict;
  if (placeholders !== false && isPlaceholder(body)) return 'example';
  return entropy !== undefined && entropyOf(candidate.value) < entropy ? 'no' : 'secret';
}

// A token inside of a longer word is none; but `\n` of a string and `%3D` of an address are no letters.
function isBoundary({ rank }: Rule, { groups, index }: RegExpExecArray, text: string): boolean {
  if ((rank !== 'token' && rank !== 'proven') || groups?.['secret'] !== undefined || !/^[A-Za-z0-9]{2}/.test(text.slice(index - 1, index + 1))) return true;
  return /(?:\\[nrt]|%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})$/.test(text.slice(Math.max(0, index - 6), index));
}

/** A part of the bytes as latin1, remembered between neighbours: around any offset there is all that a pattern may look at. */
function createView(bytes: Buffer): (offset: number) => { text: string; base: number } {
  let current = { text: '', base: 0, end: -1 };
  return (offset) => {
    const from = Math.max(0, offset - CONTEXT_BYTES);
    const to = Math.min(bytes.length, offset + REACH_BYTES);
    if (from < current.base || to > current.end) {
      const end = Math.min(bytes.length, from + CHUNK_BYTES);
      current = { text: bytes.toString('latin1', from, end), base: from, end };
    }
    return current;
  };
}
