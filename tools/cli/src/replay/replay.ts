import type { ReplayFailure, ReplayJob, ReplayPlan } from '@granary/contracts';
import { formatAgo, formatBytes, formatCount, formatDuration, plural } from '../shell/format';
import { formatPosition } from '../shell/input';
import type { Step } from '../shell/progress';
import { printable, type Style } from '../shell/style';
import { type Column, renderFacts, renderTable } from '../shell/table';

export const REPLAY_STATES = ['planning', 'planned', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const satisfies readonly ReplayJob['state'][];

/** Whether nothing more comes of it. */
export const isOver = ({ state }: Pick<ReplayJob, 'state'>): boolean => state === 'completed' || state === 'failed' || state === 'cancelled';

/** The replays as a table, in the order given. */
export function renderReplays(jobs: readonly ReplayJob[], now: Date, style: Style): string {
  const columns: Column<ReplayJob>[] = [
    { title: 'job', value: ({ jobId }) => jobId },
    { title: 'consumer', value: ({ consumer }) => consumer, paint: style.bold },
    { title: 'tenant', value: ({ selection }) => selection.tenant ?? 'all' },
    { title: 'state', value: ({ state }) => state, paint: (text, { state }) => paintState(text, state, style) },
    { title: 'events', value: ({ progress }) => formatCount(progress.total), align: 'right' },
    { title: 'handled', value: ({ progress }) => formatCount(progress.handled), align: 'right' },
    { title: 'failed', value: ({ progress }) => formatCount(progress.failed), align: 'right' },
    { title: 'created', value: ({ createdAt }) => formatAgo(createdAt, now) },
    { title: 'reason', value: ({ reason }) => reason },
  ];
  return renderTable(jobs, columns, style, 'No replays.');
}

/** Everything about one replay. */
export function renderReplay(job: ReplayJob, failures: readonly ReplayFailure[], now: Date, style: Style): string {
  const { selection, progress, plan } = job;
  const facts = renderFacts([
    ['job', job.jobId],
    ['consumer', job.consumer],
    ['state', paintState(job.state, job.state, style)],
    ['reason', printable(job.reason)],
    ['types', selection.types.join(', ')],
    ['tenant', selection.tenant ?? 'all'],
    ['key', selection.key],
    ['correlation', selection.correlationId],
    ['since', selection.since],
    ['until', selection.until],
    ['rate', job.rate === null ? null : `${formatCount(job.rate)} events a second at most`],
    ['asked by', job.by],
    ['created', `${job.createdAt} (${formatAgo(job.createdAt, now)})`],
    ['took', tookOf(job, now)],
    ['progress', job.startedAt === null ? null : `${formatCount(progress.handled)} of ${plural(progress.total, 'event')} handled, ${formatCount(progress.failed)} failed`],
  ], style);
  const parts = [facts];
  if (plan !== null) parts.push(renderPlan(plan, job.rate, style));
  if (job.error !== null) parts.push(`${style.bad(`failed (${printable(job.error.code)}):`)} ${printable(job.error.message)}`);
  parts.push(...job.waitingFor.map((reason) => `${style.warn('waiting:')} ${printable(reason)}`));
  if (failures.length > 0) parts.push(renderFailures(failures, style));
  return parts.join('\n\n');
}

/** What a dry run has found. */
export function renderPlan({ events, keys, bytes, first, last, invalid, artifacts }: ReplayPlan, rate: number | null, style: Style): string {
  const lines = [
    events === 0 ? style.warn('No event of the log matches.') : `${plural(events, 'event')} of ${plural(keys, 'key')} (${formatBytes(bytes)}), from ${first && formatPosition(first)} to ${last && formatPosition(last)}${rate === null ? '' : `; at least ${formatDuration((events / rate) * 1_000)} at this rate`}.`,
  ];
  if (invalid.count > 0) lines.push(`${style.warn(`${plural(invalid.count, 'event')} will fail`)}: today's contracts refuse them. ${invalid.examples.map(({ eventId, position, problem }) => `${formatPosition(position)} ${printable(eventId)}: ${printable(problem)}`).join('; ')}`);
  if (artifacts.gone > 0) lines.push(`${style.warn(`${plural(artifacts.gone, 'artifact')} of ${formatCount(artifacts.named)} gone`)}: events that need them will fail. ${artifacts.examples.join(', ')}`);
  if (artifacts.unknown > 0) lines.push(style.warn(`Nobody said of ${plural(artifacts.unknown, 'artifact')} whether they are there.`));
  return lines.join('\n');
}

/** How far a replay has come, for a progress bar. */
export function replayStep({ consumer, state, progress: { total, handled, failed } }: ReplayJob): Step {
  return { label: `replay to ${consumer}: ${state}`, done: handled + failed, total: total > 0 && state !== 'planning' ? total : null };
}

function renderFailures(failures: readonly ReplayFailure[], style: Style): string {
  return renderTable(failures, [
    { title: 'failed', value: ({ position }) => formatPosition(position) },
    { title: 'type', value: ({ eventType }) => eventType },
    { title: 'key', value: ({ key }) => key },
    { title: 'tries', value: ({ attempts }) => attempts, align: 'right' },
    { title: 'why', value: ({ code, message }) => `${code}: ${message}` },
  ], style, '');
}

function tookOf({ startedAt, finishedAt }: ReplayJob, now: Date): string | null {
  if (startedAt === null) return null;
  return formatDuration((finishedAt === null ? now.getTime() : Date.parse(finishedAt)) - Date.parse(startedAt));
}

function paintState(text: string, state: ReplayJob['state'], style: Style): string {
  if (state === 'completed') return style.good(text);
  if (state === 'failed') return style.bad(text);
  return state === 'cancelled' || state === 'paused' ? style.warn(text) : style.accent(text);
}
