import { createHash } from 'node:crypto';
import { type Automaton, buildAutomaton } from './automaton';
import { shapeOf } from './lint-pattern';
import { type PathClass, REACH_BYTES, type Rule } from './rule';

/** Raised whenever the same content may give other findings than before although no rule's record has changed. */
const ENGINE_VERSION = 3;
const STARTS_IN_WINDOWS = 16;
/** Begins an inline allow; found in the same pass as the keywords of rules. */
export const DIRECTIVE = 'granary:allow';

/** What a hit of a keyword means for one rule. */
export interface KeywordUse {
  readonly rule: number;
  /** The bytes that must stand there exactly; null when case does not matter. */
  readonly exact: Buffer | null;
}

export interface CompiledRule {
  readonly rule: Rule;
  /** Sticky for rules that begin at their keyword, global for those that are searched around it. */
  readonly expression: RegExp;
  /** The same with the offsets of groups; slower, hence only for what is reported. */
  readonly located: RegExp;
  readonly around: { readonly before: number; readonly after: number } | null;
  /** What one attempt at a keyword, or one byte of a window, counts for: the bytes that may be looked at there. */
  readonly cost: () => number;
}

export interface CompiledRules {
  readonly version: string;
  readonly rules: readonly CompiledRule[];
  readonly automaton: Automaton;
  /** Keyword → its length. */
  readonly lengths: readonly number[];
  /** Keyword → who wants to know; the directive's list is empty. */
  readonly uses: readonly (readonly KeywordUse[])[];
  readonly directive: number;
  /** Class of paths → 1 for each rule that is not for it. */
  readonly excluded: Readonly<Record<PathClass, Uint8Array>>;
}

const CLASSES: readonly PathClass[] = ['source', 'config', 'prose', 'lock', 'bundle'];

export function compileRules(rules: readonly Rule[]): CompiledRules {
  const { keywords, uses } = collectKeywords(rules);
  return {
    version: versionOf(rules),
    rules: rules.map(ruleCompiler()),
    automaton: buildAutomaton(keywords),
    lengths: keywords.map((keyword) => keyword.length),
    uses,
    directive: keywords.indexOf(DIRECTIVE),
    excluded: Object.fromEntries(CLASSES.map((name) => [name, excludedFrom(rules, name)])) as Record<PathClass, Uint8Array>,
  };
}

// Rules with the same pattern share its expression, so that it is run once for all of them.
function ruleCompiler(): (rule: Rule) => CompiledRule {
  const known = new Map<string, RegExp>();
  const expressionOf = (pattern: string, flags: string): RegExp => {
    const expression = known.get(`${flags}/${pattern}`) ?? new RegExp(pattern, flags);
    known.set(`${flags}/${pattern}`, expression);
    return expression;
  };
  return (rule) => {
    const around = rule.before === undefined && rule.after === undefined ? null : { before: rule.before ?? 0, after: rule.after ?? 0 };
    let cost: number | undefined;
    // Measured when it is needed: few rules ever meet their keyword.
    return { rule, around, cost: () => (cost ??= costOfRule(rule, around !== null)), expression: expressionOf(rule.pattern, `${rule.flags ?? ''}${around ? 'g' : 'y'}`), located: expressionOf(rule.pattern, `d${rule.flags ?? ''}y`) };
  };
}

// Nearly every byte of a window ends an attempt with its first step. Our own patterns are known by hostile contents, at two
// nanoseconds a byte; of other people's, one byte in sixteen is taken for the worst.
function costOfRule({ cost, pattern }: Rule, isSearched: boolean): number {
  if (isSearched) return Math.max(1, (cost ?? 0) / STARTS_IN_WINDOWS);
  return cost ?? Math.min(REACH_BYTES, shapeOf(pattern).longest);
}

function collectKeywords(rules: readonly Rule[]): { keywords: string[]; uses: KeywordUse[][] } {
  const byText = new Map<string, KeywordUse[]>([[DIRECTIVE, []]]);
  rules.forEach((rule, index) => {
    for (const keyword of rule.keywords) {
      const key = keyword.toLowerCase();
      const uses = byText.get(key) ?? [];
      uses.push({ rule: index, exact: rule.flags === 'i' || rule.keywordCase === 'any' || key === keyword.toUpperCase() ? null : Buffer.from(keyword, 'latin1') });
      byText.set(key, uses);
    }
  });
  return { keywords: [...byText.keys()], uses: [...byText.values()] };
}

function excludedFrom(rules: readonly Rule[], pathClass: PathClass): Uint8Array {
  return Uint8Array.from(rules, ({ classes }) => (classes && !classes.includes(pathClass) ? 1 : 0));
}

// Everything that decides what is found: two processes with the same version find the same.
function versionOf(rules: readonly Rule[]): string {
  const facts = rules.map(({ id, severity, rank, keywords, pattern, flags, keywordCase, before, after, classes, entropy, check, placeholders, words, normalise }) =>
    [id, severity, rank, keywords, pattern, flags, keywordCase, before, after, classes, entropy, check?.[0], placeholders, words, normalise?.name]);
  return `${ENGINE_VERSION}-${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16)}`;
}
