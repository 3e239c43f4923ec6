import { isFinal } from '@granary/client';
import type { Job } from '@granary/contracts';
import { fileLine } from '../harvest/findings';
import { formatAgo, formatCount, formatDuration, shortCommit } from '../shell/format';
import type { Step } from '../shell/progress';
import { printable, type Style } from '../shell/style';
import { type Column, renderFacts, renderTable } from '../shell/table';

export const JOB_STATES = ['pending', 'fetching', 'scanning', 'parsing', 'storing', 'completed', 'failed', 'cancelled', 'blocked'] as const satisfies readonly Job['state'][];

/** The jobs as a table, in the order given; why a commit was withheld is told below it, once for each repository. */
export function renderJobs(jobs: readonly Job[], now: Date, style: Style): string {
  const columns: Column<Job>[] = [
    { title: 'job', value: ({ jobId }) => jobId },
    { title: 'repository', value: ({ name }) => name, paint: style.bold },
    { title: 'state', value: ({ state }) => state, paint: (text, { state }) => paintState(text, state, style) },
    { title: 'reason', value: ({ reason }) => reason },
    { title: 'created', value: ({ createdAt }) => formatAgo(createdAt, now) },
    { title: 'took', value: (job) => took(job, now), align: 'right' },
    { title: 'files', value: ({ counts }) => (counts ? formatCount(counts.files) : null), align: 'right' },
    { title: 'commit', value: ({ commit }) => shortCommit(commit) },
    { title: 'error', value: ({ error }) => error?.code ?? null },
  ];
  return [renderTable(jobs, columns, style, 'No jobs.'), ...newestBlocked(jobs).map((job) => `${style.bad(`${printable(job.name)}:`)} ${printable(job.error?.message ?? 'withheld by the secrets gate')}`)].join('\n');
}

/** Everything about one job. */
export function renderJob(job: Job, now: Date, style: Style): string {
  const facts = renderFacts([
    ['job', job.jobId],
    ['repository', `${printable(job.name)} (${job.repositoryId})`],
    ['state', paintState(job.state, job.state, style)],
    ['reason', job.reason],
    ['created', `${job.createdAt} (${formatAgo(job.createdAt, now)})`],
    ['took', took(job, now)],
    ['attempts', job.attempts],
    ['commit', job.commit],
    ['tier', job.tier],
    ['progress', isFinal(job.state) ? null : `${formatCount(job.progress.done)} of ${formatCount(job.progress.total)}`],
    ['files', job.counts && fileLine(job.counts)],
    ['imports', job.counts && formatCount(job.counts.imports)],
    ['correlation', job.correlationId],
  ], style);
  const stages = renderTable(job.stages, [
    { title: 'stage', value: ({ stage }) => stage },
    { title: 'started', value: ({ startedAt }) => startedAt },
    { title: 'took', value: ({ durationMs }) => (durationMs === null ? 'running' : formatDuration(durationMs)), align: 'right' },
  ], style, 'No stage has begun.');
  const what = job.state === 'blocked' ? 'blocked by the secrets gate' : `failed while ${job.error?.stage}`;
  const error = job.error ? [`${style.bad(what)} (${printable(job.error.code)}): ${printable(job.error.message)}`] : [];
  return [facts, stages, ...error].join('\n\n');
}

/** How far a job has come, for a progress bar. */
export function jobStep(job: Job): Step {
  const { done, total } = job.progress;
  return { label: `${job.name}: ${job.state}`, done, total: total > 0 && !isFinal(job.state) ? total : null };
}

// Jobs come newest first.
function newestBlocked(jobs: readonly Job[]): Job[] {
  const blocked = jobs.filter(({ state }) => state === 'blocked');
  return blocked.filter(({ repositoryId }, index) => blocked.findIndex((job) => job.repositoryId === repositoryId) === index);
}

function took({ startedAt, finishedAt }: Job, now: Date): string | null {
  if (startedAt === null) return null;
  return formatDuration((finishedAt === null ? now.getTime() : Date.parse(finishedAt)) - Date.parse(startedAt));
}

function paintState(text: string, state: Job['state'], style: Style): string {
  if (state === 'completed') return style.good(text);
  if (state === 'failed' || state === 'blocked') return style.bad(text);
  return state === 'cancelled' ? style.warn(text) : style.accent(text);
}
