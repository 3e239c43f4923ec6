import { plural } from '../shell/format';
import { printable, type Style } from '../shell/style';
import type { Outcome } from '../shell/exit-code';
import type { Runbook } from './runbooks';

/** What one check of `doctor` found. `unknown`: it could not be found out. `skipped`: it makes no sense as things are. */
export interface Check {
  name: string;
  state: 'ok' | 'warn' | 'fail' | 'unknown' | 'skipped';
  finding: string;
  /** What it means for those who use the platform; null when nothing is wrong. */
  why: string | null;
  /** What to do; null when there is nothing to do. */
  advice: string | null;
  /** The page to follow, below docs/runbooks/, without its ending; null when nothing is wrong, or none is about this. */
  runbook: Runbook | null;
}

/** What is the same of a check whatever it finds. */
export interface Topic {
  name: string;
  why: string;
  runbook: Runbook | null;
}

/** The findings that a check can come to. */
export interface Findings {
  ok(finding: string): Check;
  warn(finding: string, advice: string, more?: Partial<Topic>): Check;
  fail(finding: string, advice: string, more?: Partial<Topic>): Check;
  /** It could not be found out; never to be taken for `ok`. */
  unknown(because: string, advice?: string): Check;
  skipped(because: string): Check;
}

export function about(topic: Topic): Findings {
  const { name } = topic;
  const wrong = (state: 'warn' | 'fail') => (finding: string, advice: string, more: Partial<Topic> = {}): Check => {
    const { why, runbook } = { ...topic, ...more };
    return { name, state, finding, why, advice, runbook };
  };
  const nothing = { why: null, advice: null, runbook: null };
  return {
    ok: (finding) => ({ ...nothing, name, state: 'ok', finding }),
    warn: wrong('warn'),
    fail: wrong('fail'),
    unknown: (because, advice) => ({ ...nothing, name, state: 'unknown', finding: `Not known: ${because.replace(/\.?$/, '.')}`, advice: advice ?? null }),
    skipped: (because) => ({ ...nothing, name, state: 'skipped', finding: because }),
  };
}

/** What the exit code says: a check that failed counts before one that could not be made. */
export function outcomeOf(checks: readonly Check[]): Outcome {
  if (checks.some(({ state }) => state === 'fail')) return 'failed';
  return checks.some(({ state }) => state === 'unknown') ? 'notRunning' : 'ok';
}

/** The check to look after first: checks stand in the order in which one trouble leads to another. */
export function beginWith(checks: readonly Check[]): Check | null {
  return checks.find(({ state }) => state === 'fail') ?? checks.find(({ state }) => state === 'warn') ?? null;
}

const MARKS: Readonly<Record<Check['state'], string>> = { ok: '✓', warn: '!', fail: '✗', unknown: '?', skipped: '–' };

/** The checks, one line each, with what it means and what to do below it; then what it comes to. */
export function renderChecks(checks: readonly Check[], style: Style): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const below = `  ${' '.repeat(width)}  `;
  const lines = checks.flatMap(({ name, state, finding, why, advice, runbook }) => [
    `${paintState(MARKS[state], state, style)} ${style.bold(name.padEnd(width))}  ${printable(finding)}`,
    ...(why ? [`${below}${why}`] : []),
    ...(advice ? [`${below}${style.dim('→')} ${printable(advice)}`] : []),
    ...(runbook ? [`${below}${style.dim('→')} ${runbookPath(runbook)}`] : []),
  ]);
  return [...lines, '', ...verdict(checks, style)].join('\n');
}

/** Where a runbook lies in the project. */
export function runbookPath(runbook: Runbook): string {
  return `docs/runbooks/${runbook}.md`;
}

function verdict(checks: readonly Check[], style: Style): string[] {
  const count = (state: Check['state']): number => checks.filter((check) => check.state === state).length;
  const [failed, warnings, unknown] = [count('fail'), count('warn'), count('unknown')];
  if (failed + warnings + unknown === 0) return [style.good('All is well.')];
  const parts = [failed > 0 ? `${plural(failed, 'check')} failed` : 'No check failed', ...(warnings > 0 ? [plural(warnings, 'warning')] : []), ...(unknown > 0 ? [`${unknown} not known`] : [])];
  const first = beginWith(checks);
  const paint = failed > 0 ? style.bad : style.warn;
  return [paint(`${parts.join(', ')}.`), ...(first && failed + warnings > 1 ? [`Begin with: ${style.bold(first.name)}. What stands below it may only follow from it.`] : [])];
}

function paintState(text: string, state: Check['state'], style: Style): string {
  if (state === 'ok') return style.good(text);
  if (state === 'skipped') return style.dim(text);
  return state === 'fail' ? style.bad(text) : style.warn(text);
}
