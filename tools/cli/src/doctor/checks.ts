import type { AuditLogStatusResponse, Held } from '@granary/contracts';
import type { PlatformPlace } from '../platform/place';
import { formatBytes, formatCount, formatDuration, plural } from '../shell/format';
import { printable, type Style } from '../shell/style';
import { isWell, type ServiceReport } from '../status/service-report';

/** What one check of `doctor` found. `skipped`: it makes no sense as things are. */
export interface Check {
  name: string;
  state: 'ok' | 'warn' | 'fail' | 'skipped';
  finding: string;
  /** What to do; null when there is nothing to do. */
  advice: string | null;
}

/** An answer, or why there is none. */
export type Answered<T> = { state: 'answered'; value: T } | { state: 'failed'; why: string };

const ok = (name: string, finding: string): Check => ({ name, state: 'ok', finding, advice: null });
const warn = (name: string, finding: string, advice: string): Check => ({ name, state: 'warn', finding, advice });
const fail = (name: string, finding: string, advice: string): Check => ({ name, state: 'fail', finding, advice });

/** A check that was not made, and why not. */
export const skipped = (name: string, why: string): Check => ({ name, state: 'skipped', finding: why, advice: null });

/** `version`: what `git --version` answered. Null when git is not there. */
export function checkGit(version: string | null): Check {
  if (version === null) return fail('git', 'git was not found in PATH.', 'Install git; harvests read repositories with it.');
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  const recent = Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 30);
  return recent ? ok('git', version) : warn('git', `${version} is old.`, 'Install git 2.30 or later.');
}

const LOW_DISK = 2_000_000_000;
const NO_DISK = 300_000_000;

/** `free`: bytes available where the data folder is (or would be made). */
export function checkDisk(free: number, folder: string): Check {
  const finding = `${formatBytes(free)} free for ${folder}`;
  if (free < NO_DISK) return fail('disk space', `${finding}.`, 'Free some space; broker and database stop when the disk is full.');
  return free < LOW_DISK ? warn('disk space', `${finding}.`, 'Free some space before it runs out.') : ok('disk space', finding);
}

export function checkPlatformFile({ state, folder, chosenBy, platform }: PlatformPlace): Check {
  if (platform) return ok('platform', `process ${platform.pid} runs it since ${platform.startedAt}, data in ${folder}`);
  if (state === 'left-over') return fail('platform', `The run that wrote platform.json in ${folder} has ended without stopping.`, 'Start Granary with npm start; it recovers what was left.');
  return fail('platform', `Granary is not running (no platform.json in ${folder}, taken from ${chosenBy}).`, 'Start it with npm start, or name its folder with --data.');
}

/** `missing`: names of processes that should run and do not. */
export function checkProcesses(total: number, missing: readonly string[]): Check {
  if (missing.length === 0) return ok('processes', `all ${total} run`);
  return fail('processes', `Not running: ${missing.join(', ')}.`, 'A service is started again by itself within seconds; if it is not, read its log in the data folder below logs/.');
}

export function checkServices(services: readonly ServiceReport[]): Check {
  const unwell = services.filter((service) => !isWell(service));
  if (unwell.length === 0) return ok('services', `all ${services.length} are ready and healthy`);
  const finding = `${unwell.map(describeUnwell).join('; ')}.`;
  const advice = 'Look at their complaints with `granary status` and at their logs in the data folder below logs/.';
  return unwell.every(({ health }) => health === 'degraded') ? warn('services', finding, advice) : fail('services', finding, advice);
}

export function checkRestarts(services: readonly ServiceReport[]): Check {
  const restarted = services.filter(({ restarts }) => restarts > 0);
  if (restarted.length === 0) return ok('restarts', 'none since the start');
  const finding = restarted.map(({ name, restarts }) => `${name} ${plural(restarts, 'time')}`).join(', ');
  return warn('restarts', `Started again after a crash: ${finding}.`, 'Read the end of their logs in the data folder below logs/.');
}

/** `roundTripMs`: how long connecting and one call took. */
export function checkBroker(answer: Answered<{ roundTripMs: number }>, url: string): Check {
  if (answer.state === 'failed') return fail('broker', answer.why, 'Read nats.log in the data folder below logs/; stop Granary and start it again.');
  const finding = `${url} answers in ${formatDuration(answer.value.roundTripMs)}`;
  return answer.value.roundTripMs > 2_000 ? warn('broker', `${finding}, which is slow.`, 'See whether the machine is overloaded.') : ok('broker', finding);
}

/** The database as the network and the services see it: the CLI has no account there. */
export function checkDatabase(answer: Answered<null>, url: string, services: readonly ServiceReport[]): Check {
  const advice = 'Read postgres.log in the data folder below logs/; stop Granary and start it again.';
  if (answer.state === 'failed') return fail('database', `${url} accepts no connection: ${answer.why}.`, advice);
  const unhappy = services.filter(({ complaints }) => complaints.some(({ check, critical }) => critical && check === 'database')).map(({ name }) => name);
  return unhappy.length === 0 ? ok('database', `${url} accepts connections`) : fail('database', `${unhappy.join(', ')} cannot use it.`, advice);
}

const MUCH_LAG = 1_000;
const FAR_TOO_MUCH_LAG = 100_000;

export function checkEventLog(answer: Answered<AuditLogStatusResponse>): Check {
  if (answer.state === 'failed') return fail('event log', answer.why, 'Look at the service audit with `granary status`.');
  const { rows, lag } = answer.value;
  const finding = `${formatCount(rows)} events, ${formatCount(lag)} behind the stream`;
  const advice = 'Wait a minute and look again; if it grows, read audit.log in the data folder below logs/.';
  if (lag > FAR_TOO_MUCH_LAG) return fail('event log', `${finding}.`, advice);
  return lag > MUCH_LAG ? warn('event log', `${finding}.`, advice) : ok('event log', finding);
}

export function checkConsumers(services: readonly ServiceReport[]): Check {
  const behind = services.filter(({ pending }) => (pending ?? 0) > MUCH_LAG);
  if (behind.length === 0) return ok('consumers', 'none is far behind');
  const finding = behind.map(({ name, pending }) => `${name} has ${plural(pending ?? 0, 'event')} to go`).join(', ');
  return warn('consumers', `${finding}.`, 'Look again in a minute; if it grows, look for held events with `granary held list`.');
}

export function checkHeld(answer: Answered<readonly Held[]>): Check {
  if (answer.state === 'failed') return fail('held events', answer.why, 'Look at the service with `granary status`.');
  const dead = answer.value.filter(({ state }) => state === 'dead').length;
  if (dead > 0) return fail('held events', `${plural(dead, 'event')} given up (dead), ${answer.value.length - dead} more held.`, 'See why with `granary held list --state dead`; when the cause is mended, `granary held redrive`, else `granary held discard`.');
  if (answer.value.length > 0) return warn('held events', `${plural(answer.value.length, 'event')} held and tried again by itself.`, 'See why with `granary held list`.');
  return ok('held events', 'none');
}

export function checkOutboxes(services: readonly ServiceReport[]): Check {
  const dead = services.filter(({ outbox }) => (outbox?.dead ?? 0) > 0);
  if (dead.length === 0) return ok('outboxes', `${formatCount(services.reduce((sum, { outbox }) => sum + (outbox?.waiting ?? 0), 0))} events wait for publication`);
  const finding = dead.map(({ name, outbox }) => `${name} has ${plural(outbox?.dead ?? 0, 'event')} that the broker refuses`).join(', ');
  return fail('outboxes', `${finding}; their keys are held.`, 'See why with `granary outbox list`, then `granary outbox retry` or `discard`.');
}

// Later events carry later times; small differences come from rounding.
const CLOCK_SLACK_MS = 5_000;

/** `newest`: the time of the newest event in the log, null when there is none. */
export function checkClock(now: Date, newest: string | null): Check {
  const ahead = newest === null ? 0 : Date.parse(newest) - now.getTime();
  if (ahead > CLOCK_SLACK_MS) return fail('clock', `The newest event is ${formatDuration(ahead)} in the future, so the clock of this machine was set back.`, 'Set the clock, with NTP for instance.');
  return ok('clock', now.toISOString());
}

/** Whether anything failed. */
export function anyFailed(checks: readonly Check[]): boolean {
  return checks.some(({ state }) => state === 'fail');
}

const MARKS: Readonly<Record<Check['state'], string>> = { ok: '✓', warn: '!', fail: '✗', skipped: '–' };

/** The checks, one line each, with what to do below it; then what it comes to. */
export function renderChecks(checks: readonly Check[], style: Style): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, state, finding, advice }) => [
    `${paintState(MARKS[state], state, style)} ${style.bold(name.padEnd(width))}  ${printable(finding)}`,
    ...(advice ? [`  ${' '.repeat(width)}  ${style.dim('→')} ${advice}`] : []),
  ]);
  return [...lines, '', verdict(checks, style)].join('\n');
}

function verdict(checks: readonly Check[], style: Style): string {
  const count = (state: Check['state']): number => checks.filter((check) => check.state === state).length;
  if (count('fail') > 0) return style.bad(`${plural(count('fail'), 'check')} failed${count('warn') > 0 ? `, ${plural(count('warn'), 'warning')}` : ''}.`);
  return count('warn') > 0 ? style.warn(`No check failed; ${plural(count('warn'), 'warning')}.`) : style.good('All is well.');
}

function describeUnwell({ name, health, phase, complaints }: ServiceReport): string {
  if (health === 'away') return `${name} does not answer`;
  const why = complaints.map(({ check, detail }) => `${check}: ${detail}`).join(', ');
  return `${name} is ${phase}, ${health}${why ? ` (${why})` : ''}`;
}

function paintState(text: string, state: Check['state'], style: Style): string {
  if (state === 'ok') return style.good(text);
  if (state === 'skipped') return style.dim(text);
  return state === 'warn' ? style.warn(text) : style.bad(text);
}
