import { createHmac } from 'node:crypto';
import { type CompiledRules, compileRules, DIRECTIVE } from './compile';
import { type CustomRule, toRules } from './custom-rule';
import { type Directive, type IgnoredAllow, readDirective, reasonFor } from './inline-allow';
import { withoutNames } from './names';
import { pathClassOf } from './path-class';
import { locate, type Position, scannable } from './position';
import type { PathClass, Rule, Severity } from './rule';
import { builtInRules } from './rules/all';
import { findMatches, type Match } from './scan';
import { settle } from './settle';

/** A secret in a content. Nothing of it leads back to the secret itself. */
export interface SecretFinding {
  /** Id of the rule that found it. */
  readonly rule: string;
  readonly severity: Severity;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly endLine: number;
  /** The column behind its last character. */
  readonly endColumn: number;
  /** `hmac-sha256:<64 hex>` of the normalised secret under the key of the scan. */
  readonly hash: string;
  /** What may be shown: a public prefix such as `AKIA` at most, and the length. */
  readonly preview: string;
  readonly allowed: Allowed | null;
}

/** Why a finding raises no alarm. */
export interface Allowed {
  readonly by: 'inline' | 'baseline';
  readonly reason: string;
}

export interface ScanOptions {
  /** HMAC key for the hashes of secrets: one a tenant, or that of a baseline. 16 bytes at least. */
  readonly key: Buffer;
  /** Only its class matters; everything that depends on more of it is `adjust`'s. */
  readonly path?: string;
  /** Instead of a path. Without either: `source`. */
  readonly pathClass?: PathClass;
}

export interface ScanResult {
  /** In the order of the content, one a span. */
  readonly findings: SecretFinding[];
  /** Rules that were switched off for this content, because they had too much to look at or found more than a thousand. */
  readonly overBudget: string[];
  /** Inline allows that allow nothing, and why. */
  readonly ignoredAllows: IgnoredAllow[];
}

export interface SecretScanner {
  /** Stands for the engine, the rules and the custom rules: the same version finds the same in the same content and path class. */
  readonly version: string;
  /** The rules, custom ones included. */
  readonly rules: readonly RuleInfo[];
  scan(content: Buffer, options: ScanOptions): ScanResult;
}

export type RuleInfo = Pick<Rule, 'id' | 'title' | 'severity'>;

export interface ScannerOptions {
  /** Rules of a tenant. Fault permanent `bad-rules` names all problems together. */
  readonly custom?: readonly CustomRule[];
  /** How many bytes one rule may look at for each byte of a content, where a megabyte is the least; 64 when not said. */
  readonly looks?: number;
}

const LINE_AROUND = 400;
const LEAST_KEY_BYTES = 16;

/** Makes a scanner once, to be used for many contents. It reads bytes and returns values; it keeps nothing of them. */
export function createSecretScanner({ custom = [], looks = 64 }: ScannerOptions = {}): SecretScanner {
  const compiled = compileRules([...builtInRules, ...toRules(custom, new Set(builtInRules.map(({ id }) => id)))]);
  const known = new Set(compiled.rules.map(({ rule }) => rule.id));
  return {
    version: compiled.version,
    rules: compiled.rules.map(({ rule: { id, title, severity } }) => ({ id, title, severity })),
    scan(content, { key, path, pathClass = path === undefined ? 'source' : pathClassOf(path) }) {
      if (key.length < LEAST_KEY_BYTES) throw new RangeError(`the key of a scan has ${key.length} bytes; it needs ${LEAST_KEY_BYTES} at least`);
      const bytes = scannable(content);
      const { matches, directives, overBudget } = findMatches(compiled, bytes, { pathClass, looks });
      const secrets = withoutNames(settle(matches, compiled), compiled, bytes, pathClass);
      const allows = readDirectives(bytes, directives, secrets, (rule) => known.has(rule));
      return { findings: describe(compiled, bytes, secrets, allows.directives, key), overBudget: [...overBudget], ignoredAllows: allows.ignored };
    },
  };
}

function describe({ rules }: CompiledRules, bytes: Buffer, secrets: readonly Match[], directives: readonly Directive[], key: Buffer): SecretFinding[] {
  const places = locate(bytes, secrets.flatMap(({ start, end }) => [start, end]));
  return secrets.map((match, index) => {
    const { id, severity, normalise } = (rules[match.rule] as CompiledRules['rules'][number]).rule;
    const [start, end] = [places[2 * index], places[2 * index + 1]] as [Position, Position];
    const reason = reasonFor(directives, id, start.line);
    return {
      rule: id, severity,
      line: start.line, column: start.column, endLine: end.line, endColumn: end.column,
      hash: `hmac-sha256:${createHmac('sha256', key).update((normalise ?? trimmed)(match.value), 'latin1').digest('hex')}`,
      preview: previewOf(match),
      allowed: reason === null ? null : { by: 'inline', reason },
    };
  });
}

function trimmed(value: string): string {
  return value.trim();
}

// A prefix is shown when it is the rule's own and leaves most of the secret unsaid.
function previewOf({ value, prefix }: Match): string {
  const shown = prefix.length * 2 <= value.length ? prefix : '';
  return `${shown}… (${value.length} characters)`;
}

function readDirectives(bytes: Buffer, offsets: readonly number[], secrets: readonly Match[], isKnown: (rule: string) => boolean): { directives: Directive[]; ignored: IgnoredAllow[] } {
  const places = locate(bytes, offsets);
  const read = offsets.map((offset, index) => {
    const before = lastLine(bytes.toString('latin1', Math.max(0, offset - LINE_AROUND), offset - DIRECTIVE.length));
    return readDirective((places[index] as Position).line, before, firstLine(withoutSecrets(bytes, offset, secrets)), isKnown);
  });
  const known = read.filter((one) => one !== null);
  return { directives: known.filter((one) => 'reason' in one), ignored: known.filter((one) => 'problem' in one) };
}

// A reason is published, so whatever of it is a secret itself becomes asterisks.
function withoutSecrets(bytes: Buffer, offset: number, secrets: readonly Match[]): string {
  const end = Math.min(bytes.length, offset + LINE_AROUND);
  const copy = Buffer.from(bytes.subarray(offset, end));
  for (const secret of secrets) copy.fill('*', clamp(secret.start - offset, copy.length), clamp(secret.end - offset, copy.length));
  return copy.toString('utf8');
}

function clamp(offset: number, length: number): number {
  return Math.min(length, Math.max(0, offset));
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}

function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0] ?? '';
}
