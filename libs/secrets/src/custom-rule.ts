import { Fault } from '@granary/faults';
import { costOf, lintPattern, shapeOf } from './lint-pattern';
import type { Rule, Severity } from './rule';

/** A kind of secret that only one organisation knows. */
export interface CustomRule {
  /** Kebab-case, not one of Granary's own. */
  readonly id: string;
  readonly title?: string;
  /** `high` when not said. */
  readonly severity?: Severity;
  /** Regular expression, see `lintPattern`. The group `secret` is the secret; without it, the whole match is. */
  readonly pattern: string;
  readonly flags?: string;
  /** One of them must stand near the match, in any case of its letters. Without any, the pattern's literal beginning is the keyword. */
  readonly keywords?: readonly string[];
  /** Shannon entropy in bits a character that the secret needs. */
  readonly entropy?: number;
}

const MOST_RULES = 200;
const MOST_KEYWORDS = 20;
const NEAR_BYTES = 256;
const FIELDS = new Set(['id', 'title', 'severity', 'pattern', 'flags', 'keywords', 'entropy']);

/** Reads custom rules from a file: a JSON list of them. Fault: permanent `bad-rules`, all problems together. */
export function parseCustomRules(text: string, taken: ReadonlySet<string>): CustomRule[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw Fault.permanent('bad-rules', `the rules are not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  assertUsable(value, taken);
  return value;
}

/** Custom rules as the engine runs them. Fault: permanent `bad-rules`, all problems together. */
export function toRules(custom: readonly CustomRule[], taken: ReadonlySet<string>): Rule[] {
  assertUsable(custom, taken);
  return custom.map(({ id, title = id, severity = 'high', pattern, flags, keywords = [], entropy }) => {
    const { longest, prefix } = shapeOf(pattern);
    const near = keywords.length > 0 ? longest + NEAR_BYTES : 0;
    return {
      id, title, severity, pattern,
      cost: costOf(pattern, flags),
      rank: 'context',
      keywords: keywords.length > 0 ? keywords : [prefix],
      // Keywords that people write down are words, not beginnings of tokens, so their case says nothing.
      ...(keywords.length > 0 ? { keywordCase: 'any' } : {}),
      before: near,
      after: longest + near,
      ...(flags === 'i' ? { flags } : {}),
      ...(entropy === undefined ? {} : { entropy }),
      yes: [],
      no: [],
    };
  });
}

function assertUsable(value: unknown, taken: ReadonlySet<string>): asserts value is CustomRule[] {
  const problems = problemsOf(value, taken);
  if (problems.length > 0) throw Fault.permanent('bad-rules', `the custom rules cannot be used:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
}

function problemsOf(value: unknown, taken: ReadonlySet<string>): string[] {
  if (!Array.isArray(value)) return ['they are not a list; write [{ "id": "…", "pattern": "…" }]'];
  if (value.length > MOST_RULES) return [`there are ${value.length}; ${MOST_RULES} are allowed`];
  const seen = new Set<unknown>();
  return value.flatMap((rule: unknown, index) => {
    const id = isRecord(rule) ? rule['id'] : undefined;
    const twice = id !== undefined && seen.has(id) ? [`another rule has the id ${JSON.stringify(id)}, too`] : [];
    seen.add(id);
    const name = typeof id === 'string' ? `rule '${id}'` : `rule ${index + 1}`;
    return [...problemsOfRule(rule, taken), ...twice].map((problem) => `${name}: ${problem}`);
  });
}

function problemsOfRule(rule: unknown, taken: ReadonlySet<string>): string[] {
  if (!isRecord(rule)) return ['it is not an object'];
  const { id, title, severity, pattern, flags, keywords, entropy } = rule;
  const problems = Object.keys(rule).filter((field) => !FIELDS.has(field)).map((field) => `there is no field "${field}"; a rule has ${[...FIELDS].join(', ')}`);
  if (typeof id !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) || id.length > 80) problems.push('"id" has to be kebab-case, like acme-deploy-key');
  else if (taken.has(id)) problems.push('Granary has a rule of this id; choose another');
  if (title !== undefined && typeof title !== 'string') problems.push('"title" is not a text');
  if (severity !== undefined && severity !== 'high' && severity !== 'medium' && severity !== 'low') problems.push('"severity" is none of high, medium, low');
  if (flags !== undefined && typeof flags !== 'string') problems.push('"flags" is not a text');
  if (entropy !== undefined && !(typeof entropy === 'number' && entropy >= 0 && entropy <= 8)) problems.push('"entropy" is not a number from 0 to 8');
  const keywordProblem = problemOfKeywords(keywords);
  if (keywordProblem) problems.push(keywordProblem);
  if (typeof pattern !== 'string') problems.push('"pattern" is missing');
  else if (!keywordProblem) problems.push(...problemsOfPattern(pattern, typeof flags === 'string' ? flags : '', isList(keywords) ? keywords : []));
  return problems;
}

function problemsOfPattern(pattern: string, flags: string, keywords: readonly string[]): string[] {
  const verdict = lintPattern(pattern, flags, keywords);
  return verdict.ok ? [] : [`"pattern": ${verdict.problem}`];
}

function problemOfKeywords(keywords: unknown): string | null {
  if (keywords === undefined) return null;
  if (!isList(keywords) || keywords.length > MOST_KEYWORDS) return `"keywords" is not a list of ${MOST_KEYWORDS} texts at most`;
  return keywords.every((keyword) => /^[\x20-\x7e]{3,100}$/.test(keyword)) ? null : '"keywords" need three to a hundred ASCII characters each';
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
