import { isFault } from '@granary/faults';

/** What the exit code of every command means; `--help` and the README print this table. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'done' },
  failed: { code: 1, meaning: 'it was tried and failed: a harvest, a check of doctor, a refused request' },
  usage: { code: 2, meaning: 'the command was not understood: an unknown option, a missing or malformed value' },
  notRunning: { code: 3, meaning: 'Granary, or the service asked for, is not running or cannot be reached' },
  notFound: { code: 4, meaning: 'what was asked for does not exist: a repository, graph, job, event, held or refused event, finding' },
  timedOut: { code: 5, meaning: 'it is not done in the time allowed; it may still be going on' },
  alreadyRunning: { code: 6, meaning: 'another Granary already runs in this data folder' },
  findings: { code: 7, meaning: 'secrets were found that nothing allows: by a scan, or by the gate, which withheld the commit of a harvest' },
  interrupted: { code: 130, meaning: 'ended by Ctrl-C or SIGTERM before it was done' },
} as const;

export type Outcome = keyof typeof EXIT_CODES;

const BY_FAULT: Readonly<Record<string, Outcome>> = {
  usage: 'usage',
  'invalid-request': 'usage',
  'bad-location': 'usage',
  'bad-name': 'usage',
  'bad-branch': 'usage',
  'bad-range': 'usage',
  'bad-configuration': 'usage',
  'harvest-blocked': 'findings',
  'bad-baseline': 'usage',
  'bad-rules': 'usage',
  'not-running': 'notRunning',
  'broker-unreachable': 'notRunning',
  'broker-refused': 'notRunning',
  'service-unavailable': 'notRunning',
  'trust-outdated': 'notRunning',
  'already-running': 'alreadyRunning',
  'wait-timed-out': 'timedOut',
  'rpc-timeout': 'timedOut',
  interrupted: 'interrupted',
};

/** The outcome that something thrown stands for. */
export function outcomeOf(error: unknown): Outcome {
  if (!isFault(error)) return isAbort(error) ? 'interrupted' : 'failed';
  const known = BY_FAULT[error.code];
  if (known) return known;
  return error.code.endsWith('not-found') ? 'notFound' : 'failed';
}

/** The number that a process ends with. */
export function exitCode(outcome: Outcome): number {
  return EXIT_CODES[outcome].code;
}

/** The table of exit codes, one line each. */
export function exitCodeLines(): string[] {
  return Object.values(EXIT_CODES).map(({ code, meaning }) => `${String(code).padStart(4)}  ${meaning}`);
}

function isAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}
