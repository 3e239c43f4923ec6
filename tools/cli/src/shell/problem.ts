import { Fault } from '@granary/faults';
import { type Outcome, outcomeOf } from './exit-code';
import { toJson } from './json';
import { printable, type Style } from './style';

/** Something that went wrong, as it is shown: what happened, what to do about it (when we know), what it means for the exit code. */
export interface Problem {
  outcome: Outcome;
  code: string;
  message: string;
  advice: string | null;
}

const ADVICE: Readonly<Record<string, string>> = {
  'already-running': 'Harvest into it with `granary harvest <repo> --wait`, look at it with `granary status`.',
  'broker-unreachable': 'See what is wrong with `granary doctor`; start Granary with `npm start` if it has ended.',
  'broker-refused': 'The platform file is of another run. See `granary doctor`; stop Granary and start it again.',
  'service-unavailable': 'Try again in a moment; `granary doctor` says what is missing.',
  'rpc-timeout': 'The service is busy or stuck. Look with `granary status`, then try again.',
  'wait-timed-out': 'It may still be going on: look with `granary jobs list`, or wait longer with --timeout 10m.',
  'token-missing': 'Log in with `granary login <name>`, or set GRANARY_API_KEY.',
  'token-revoked': 'Log in with `granary login <name>`, or set GRANARY_API_KEY to another key.',
  'session-ended': 'Log in with `granary login <name>`.',
  'refresh-token-reused': 'Log in with `granary login <name>`, and tell whoever runs Granary: somebody else may have had the session.',
  'key-refused': 'Is it the key of another Granary? Log in with `granary login <name>`, or set GRANARY_API_KEY.',
  'key-revoked': 'Log in with `granary login <name>`, or set GRANARY_API_KEY to another key.',
  'key-expired': 'Log in with `granary login <name>`, or set GRANARY_API_KEY to another key.',
  'tenant-foreign': 'See whose you are with `granary whoami`; another tenant is for `granary login <name> --tenant <tenant>`.',
  'permission-missing': 'See what you may do with `granary whoami`.',
  'trust-outdated': 'Try again in a moment; see how auth does with `granary status`.',
  'harvest-blocked': 'See them with `granary secrets list <repo> --state open --severity high`, and how the gate is set with `granary secrets gate`.',
  'artifact-damaged': 'Harvest the repository again with `granary harvest <repo> --wait`.',
  unexpected: 'This should not happen. Run it again with --verbose and look into the log of the service.',
};

/** What is shown for something thrown. Unforeseen errors keep their message; the stack is for --verbose only. */
export function describeProblem(error: unknown): Problem {
  const outcome = outcomeOf(error);
  if (outcome === 'interrupted') return { outcome, code: 'interrupted', message: 'Interrupted.', advice: null };
  const fault = Fault.from(error);
  return { outcome, code: fault.code, message: fault.message, advice: ADVICE[fault.code] ?? null };
}

/** The problem for people: what happened, then what to do; with `stack`, where it came from. */
export function renderProblem(problem: Problem, style: Style, stack: string | null = null): string {
  const parts = [`${style.bad('granary:')} ${printableLines(problem.message)}`];
  if (problem.advice) parts.push(`  ${problem.advice}`);
  if (stack) parts.push(style.dim(printableLines(stack)));
  return `${parts.join('\n')}\n`;
}

/** The problem for programs: one JSON document, `{"error":{"code","message","advice"}}`. */
export function problemJson({ code, message, advice }: Problem): string {
  return `${toJson({ error: { code, message, ...(advice ? { advice } : {}) } })}\n`;
}

/** The stack of an error and of its causes, for --verbose. */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\nCaused by: ${stackOf(error.cause)}`;
}

/** A command that was not understood. */
export function usageFault(message: string): Fault {
  return Fault.permanent('usage', message);
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
