/** A comment `granary:allow secret(<rule or *>) <reason>`. */
export interface Directive {
  readonly line: number;
  /** Whether nothing but the comment stands on its line; only then it speaks for the next one, too. */
  readonly alone: boolean;
  readonly rules: readonly string[];
  readonly reason: string;
}

export interface IgnoredAllow {
  /** From 1. */
  readonly line: number;
  /** What is wrong with it, and how it is written right. */
  readonly problem: string;
}

const FORM = 'write `granary:allow secret(<rule or *>) <reason>` in a comment';
const COMMENT = /(?:\/\/|\/\*|#|<!--|--|;|%|\*|\{#|@\*|\bREM\b)[\s!*#/-]*$/i;
const CLOSERS = /\s*(?:\*\/|-->|#\}|\*@|\*\/\})\s*\}?\s*$/;

/**
 * Reads one directive: `before` is its line up to the words `granary:allow`, `after` the rest of the line. Null when a
 * text only speaks of directives, without being one.
 */
export function readDirective(line: number, before: string, after: string, isKnown: (rule: string) => boolean): Directive | IgnoredAllow | null {
  const comment = COMMENT.exec(before);
  const [all, list] = /^\s{1,8}secret\(([^()\r\n]{1,200})\)/.exec(after) ?? [];
  if (list && /[<$]/.test(list)) return null;
  if (!comment) return list === undefined ? null : { line, problem: `it stands in no comment; ${FORM}` };
  if (all === undefined || list === undefined) return { line, problem: `it names no rule; ${FORM}` };
  const rules = list.split(',').map((rule) => rule.trim());
  const unknown = rules.filter((rule) => rule !== '*' && !isKnown(rule));
  if (unknown.length > 0) return { line, problem: `there is no rule ${unknown.map((rule) => `'${rule}'`).join(', ')}` };
  const reason = after.slice(all.length).replace(CLOSERS, '').replace(/^[\s:–-]+/, '').trim();
  if (!/[\p{L}\p{N}]{2}/u.test(reason)) return { line, problem: `it gives no reason, so it allows nothing; ${FORM}` };
  return { line, rules, reason: reason.slice(0, 200), alone: before.slice(0, comment.index).trim() === '' };
}

/** The reason with which a finding of a rule on a line is allowed; null when it is not. */
export function reasonFor(directives: readonly Directive[], rule: string, line: number): string | null {
  const found = directives.find((directive) => (directive.line === line || (directive.alone && directive.line === line - 1)) && directive.rules.some((named) => named === '*' || named === rule));
  return found?.reason ?? null;
}
