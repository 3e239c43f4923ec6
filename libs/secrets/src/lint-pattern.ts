import { type AST, RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';
import { analyse } from 'scslre';

export type PatternVerdict = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/** What is known of a pattern that may be run on foreign text. */
export interface PatternShape {
  /** The longest text that it can match, lookahead included. */
  readonly longest: number;
  readonly shortest: number;
  /** What every match begins with; '' when that varies. */
  readonly prefix: string;
}

const LONGEST_SOURCE = 1_000;
const LONGEST_MATCH = 4_096;
const SHORTEST_MATCH = 6;
const SHORTEST_KEYWORD = 3;
// Two quantifiers that can trade characters try each split of a text once: this many at most.
const MOST_SPLITS = 2_500;
const MOST_REPEATS = 10;

/**
 * Whether a custom pattern can be run on any text in bounded time: no unbounded repetition, no nested quantifiers or
 * alternatives that can match the same text in many ways, no back-references, no lookbehind. It also has to begin with
 * three literal characters, unless keywords are given, since rules without any would be tried everywhere.
 */
export function lintPattern(source: string, flags = '', keywords: readonly string[] = []): PatternVerdict {
  const problem = problemOf(source, flags, keywords);
  return problem === null ? { ok: true } : { ok: false, problem };
}

/**
 * Steps that one attempt of a pattern that `lintPattern` accepts takes at most: a character each, and one for each way in
 * which quantifiers that can trade characters can share them.
 */
export function costOf(source: string, flags = ''): number {
  const pattern = parse(source);
  const trading = new Set(tradesOf(source, flags, quantifiersOf(pattern)).flatMap(({ involved }) => involved));
  const ways = [...trading].reduce((product, quantifier) => product * quantifier.max, 1);
  return lengthOf(pattern.alternatives, 'longest') + (trading.size === 0 ? 0 : ways);
}

/** Measures a pattern that `lintPattern` accepts. */
export function shapeOf(source: string): PatternShape {
  const pattern = parse(source);
  return { longest: lengthOf(pattern.alternatives, 'longest'), shortest: lengthOf(pattern.alternatives, 'shortest'), prefix: prefixOf(pattern) };
}

function problemOf(source: string, flags: string, keywords: readonly string[]): string | null {
  if (source.length > LONGEST_SOURCE) return `it has ${source.length} characters; ${LONGEST_SOURCE} are allowed`;
  // Contents are read byte by byte, so a character beyond ASCII would never match.
  if (/[^\x20-\x7e]/.test(source)) return 'it has characters beyond printable ASCII; write them as escapes of their UTF-8 bytes, like \\xC3\\xA4';
  if (/[^i]/.test(flags)) return `the flags '${flags}' are not allowed; only i is`;
  try {
    return structureProblem(source, flags, keywords);
  } catch (error) {
    return error instanceof SyntaxError ? `it is no regular expression: ${error.message}` : `it cannot be analysed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function structureProblem(source: string, flags: string, keywords: readonly string[]): string | null {
  const pattern = parse(source);
  const forbidden = forbiddenPart(pattern);
  if (forbidden) return forbidden;
  const { longest, shortest, prefix } = shapeOf(source);
  if (longest > LONGEST_MATCH) return `it can match ${longest} characters; ${LONGEST_MATCH} are allowed, so give its repetitions smaller bounds`;
  if (shortest < SHORTEST_MATCH) return `it can match ${shortest} characters; a secret has ${SHORTEST_MATCH} at least`;
  if (keywords.length === 0 && prefix.length < SHORTEST_KEYWORD) return 'it needs keywords, or must begin with three literal characters: without them it would be tried at every byte';
  return ambiguity(flags, pattern) ?? backtracking(source, flags, pattern);
}

function parse(source: string): AST.Pattern {
  return new RegExpParser({ ecmaVersion: 2025 }).parsePattern(source);
}

function forbiddenPart(pattern: AST.Pattern): string | null {
  const problems: string[] = [];
  visitRegExpAST(pattern, {
    onQuantifierEnter(node) {
      if (node.max === Infinity) problems.push(`'${node.raw}' repeats without a bound; write {${node.min},200} for instance`);
    },
    onBackreferenceEnter: (node) => problems.push(`'${node.raw}' refers back; its time cannot be bounded`),
    onAssertionEnter(node) {
      if (node.kind === 'lookbehind') problems.push(`'${node.raw}' looks behind; put what stands before the secret in front, and the secret into a group (?<secret>…)`);
    },
  });
  return problems[0] ?? null;
}

// Alternatives that are repeated have to differ in their first character; otherwise the same text can be read in as many
// ways as there are combinations of them.
function ambiguity(flags: string, pattern: AST.Pattern): string | null {
  for (const quantifier of quantifiersOf(pattern).filter(({ max }) => max > 1)) {
    if (lengthOfElement(quantifier.element, 'shortest') === 0) return `'${quantifier.raw}' repeats something that can be empty`;
    for (const alternatives of alternativesIn(quantifier)) {
      const firsts = alternatives.map(({ elements }) => firstCharacters(elements, flags));
      const second = firsts.findIndex((first, index) => firsts.slice(0, index).some((other) => [...first].some((code) => other.has(code))));
      if (second > 0) return `the alternative '${alternatives[second]?.raw}' inside of the repetition '${quantifier.raw}' can begin like one before it; put what they share in front of them`;
    }
  }
  return null;
}

function alternativesIn(quantifier: AST.Quantifier): (readonly AST.Alternative[])[] {
  const found: (readonly AST.Alternative[])[] = [];
  const take = ({ alternatives }: AST.Group | AST.CapturingGroup): void => void (alternatives.length > 1 && found.push(alternatives));
  visitRegExpAST(quantifier, { onGroupEnter: take, onCapturingGroupEnter: take });
  return found;
}

// The ASCII characters that a match can begin with; asking the engine itself about a class saves knowing all its forms.
function firstCharacters(elements: readonly AST.Element[], flags: string): Set<number> {
  const found = new Set<number>();
  for (const element of elements) {
    for (const code of firstOfElement(element, flags)) found.add(code);
    if (lengthOfElement(element, 'shortest') > 0) break;
  }
  return found;
}

function firstOfElement(element: AST.Element, flags: string): Set<number> {
  if (element.type === 'Assertion' || element.type === 'Backreference') return new Set();
  if (element.type === 'Quantifier') return firstOfElement(element.element, flags);
  if (element.type === 'Group' || element.type === 'CapturingGroup') return new Set(element.alternatives.flatMap(({ elements }) => [...firstCharacters(elements, flags)]));
  const one = new RegExp(`^(?:${element.raw})$`, flags);
  return new Set(Array.from({ length: 128 }, (_, code) => code).filter((code) => one.test(String.fromCharCode(code))));
}

function backtracking(source: string, flags: string, pattern: AST.Pattern): string | null {
  for (const { involved, isHopeless } of tradesOf(source, flags, quantifiersOf(pattern))) {
    const splits = involved.reduce((product, quantifier) => product * quantifier.max, 1);
    if (isHopeless || splits > MOST_SPLITS) return `${involved.map(({ raw }) => `'${raw}'`).join(' and ')} can match the same characters in many ways, so a long text would take too long; separate them by something that neither matches`;
  }
  return null;
}

interface Trade {
  /** Quantifiers that can match the same characters. */
  readonly involved: readonly AST.Quantifier[];
  /** Whether the number of ways grows faster than the product of their bounds. */
  readonly isHopeless: boolean;
}

// The analyser knows only repetition without bounds. Ours have bounds, which may still be large, so the larger ones are
// taken for unbounded; and what is found counts only when the splits of the real bounds are too many.
function tradesOf(source: string, flags: string, quantifiers: readonly AST.Quantifier[]): Trade[] {
  const { reports } = analyse({ source: unbounded(source, quantifiers), flags }, { reportTypes: { Move: false }, assumeRejectingSuffix: true });
  return reports.flatMap((report): Trade[] => {
    if (report.type === 'Move') return [];
    const rewritten = report.type === 'Trade' ? [report.startQuant, report.endQuant] : [report.quant, report.parentQuant];
    const involved = rewritten.flatMap((quantifier) => originalOf(quantifier, quantifiers) ?? []);
    return [{ involved, isHopeless: report.exponential || report.type === 'Self' }];
  });
}

function quantifiersOf(pattern: AST.Pattern): AST.Quantifier[] {
  const found: AST.Quantifier[] = [];
  visitRegExpAST(pattern, { onQuantifierEnter: (node) => void found.push(node) });
  return found;
}

// Quantifiers keep their order when only their bounds are rewritten.
function originalOf(rewritten: AST.Quantifier, originals: readonly AST.Quantifier[]): AST.Quantifier | undefined {
  const all = quantifiersOf(patternOf(rewritten));
  return originals[all.findIndex(({ start, end }) => start === rewritten.start && end === rewritten.end)];
}

function patternOf(node: AST.BranchNode): AST.Pattern {
  if (node.type === 'Pattern') return node;
  if (!node.parent) throw new Error('a part of a pattern stands in none');
  return patternOf(node.parent as AST.BranchNode);
}

function unbounded(source: string, quantifiers: readonly AST.Quantifier[]): string {
  let rewritten = source;
  for (const { element, end, min, max } of quantifiers.toSorted((a, b) => b.element.end - a.element.end)) {
    rewritten = rewritten.slice(0, element.end) + boundsFor(min, max, source.slice(element.end, end)) + rewritten.slice(end);
  }
  return rewritten;
}

function boundsFor(min: number, max: number, written: string): string {
  const lazy = written.endsWith('?') && written.length > 1 ? '?' : '';
  if (min === max) return `{${Math.min(min, 4)}}`;
  return max > MOST_REPEATS ? `{${Math.min(min, 3)},}${lazy}` : written;
}

function lengthOf(alternatives: readonly AST.Alternative[], which: 'longest' | 'shortest'): number {
  const lengths = alternatives.map(({ elements }) => elements.reduce((sum, element) => sum + lengthOfElement(element, which), 0));
  return which === 'longest' ? Math.max(...lengths) : Math.min(...lengths);
}

function lengthOfElement(element: AST.Element, which: 'longest' | 'shortest'): number {
  switch (element.type) {
    case 'Quantifier': {
      const bound = which === 'longest' ? element.max : element.min;
      return bound === 0 ? 0 : bound * lengthOfElement(element.element, which);
    }
    case 'Group':
    case 'CapturingGroup':
      return lengthOf(element.alternatives, which);
    case 'Assertion':
      return which === 'longest' && element.kind === 'lookahead' ? lengthOf(element.alternatives, which) : 0;
    case 'Backreference': {
      const groups = Array.isArray(element.resolved) ? element.resolved : [element.resolved];
      return which === 'longest' ? Math.max(...groups.map((group) => lengthOfElement(group, which))) : 0;
    }
    default:
      return 1;
  }
}

function prefixOf(pattern: AST.Pattern): string {
  if (pattern.alternatives.length !== 1) return '';
  let prefix = '';
  for (const element of pattern.alternatives[0]?.elements ?? []) {
    if (element.type === 'Assertion' && element.kind === 'word') continue;
    if (element.type !== 'Character') break;
    prefix += String.fromCharCode(element.value);
  }
  return prefix;
}
