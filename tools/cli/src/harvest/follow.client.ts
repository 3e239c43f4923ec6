import { allEvents, type Client, latestEvents, type Look, poll, waitForEventLog, waitForGraph, waitForJob } from '@granary/client';
import type { HarvestCompletedV1Data, Job, NormalizerGraphSummaryResponse, Repository } from '@granary/contracts';
import { Fault, isFault } from '@granary/faults';
import { jobStep } from '../jobs/jobs';
import type { Call } from '../shell/command';
import { failureOf, type Findings, findingsOf } from './findings';

export interface Followed {
  repository: Pick<Repository, 'repositoryId' | 'name' | 'location'>;
  jobId: string;
}

/**
 * Waits until a job has ended and its graph is there, and tells what was found. Faults: permanent `harvest-failed`,
 * `harvest-cancelled`, `harvest-blocked`; transient `wait-timed-out`.
 */
export async function followHarvest({ progress, signal }: Pick<Call, 'progress' | 'signal'>, rpc: Client, { repository, jobId }: Followed, timeoutMs: number): Promise<Findings> {
  const begun = performance.now();
  const job = await waitForJob(rpc, jobId, { timeoutMs, signal, onProgress: (seen) => progress.show(jobStep(seen)) });
  const failure = failureOf(job);
  if (failure || job.commit === null) throw Fault.permanent(failure?.code ?? 'harvest-failed', failure?.message ?? `The harvest of ${job.name} ended without a commit.`);
  progress.show({ label: `${job.name}: building the graph`, done: 0, total: null });
  // The job may have waited for one of the same commit, whose graph is younger than the request.
  const left = Math.max(1_000, timeoutMs - (performance.now() - begun));
  const summary = await waitForGraph(rpc, { repository: repository.repositoryId, commit: job.commit, since: job.finishedAt ?? job.createdAt }, { timeoutMs: left, signal });
  progress.end();
  const durationMs = tookMs(job, summary);
  await untilGraphIsLogged(rpc, job.correlationId, signal);
  const [completed, events] = [await ifLogAnswers(() => findCompleted(rpc, job)), await ifLogAnswers(() => countEvents(rpc, job.correlationId, signal))];
  return findingsOf({ repository, job, summary, durationMs, completed, events });
}

// Waiting may begin long after the request, so the time is taken by the platform's own clock. The graph of a commit
// that was harvested before is older than the job.
function tookMs({ createdAt, finishedAt }: Job, { normalizedAt }: NormalizerGraphSummaryResponse): number {
  return Math.max(Date.parse(normalizedAt), Date.parse(finishedAt ?? normalizedAt)) - Date.parse(createdAt);
}

const LOG_PATIENCE_MS = 3_000;

// Figures that are nice to have: when the log cannot be asked, the harvest still succeeded.
async function ifLogAnswers<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isFault(error)) return null;
    throw error;
  }
}

async function countEvents(rpc: Client, correlationId: string, signal: AbortSignal): Promise<Findings['events']> {
  const { rows } = await waitForEventLog(rpc, { timeoutMs: LOG_PATIENCE_MS, signal });
  return { harvest: (await allEvents(rpc, { correlationId })).length, log: rows };
}

// Several harvests may have one correlation. The data was checked against its contract when it was announced.
async function findCompleted(rpc: Client, { correlationId, jobId }: Job): Promise<HarvestCompletedV1Data | null> {
  const logged = await allEvents(rpc, { correlationId, types: ['harvest.completed.v1'] });
  return logged.map(({ event }) => event.data as HarvestCompletedV1Data).find((data) => data.jobId === jobId) ?? null;
}

// The graph can be asked for a moment before it is announced. It is not announced at all when a newer one overtook it.
async function untilGraphIsLogged(rpc: Client, correlationId: string, signal: AbortSignal): Promise<void> {
  const look = async (): Promise<Look<null>> => {
    const found = await latestEvents(rpc, { correlationId, types: ['graph.normalized.v1'] }, 1);
    return found.length > 0 ? { state: 'done', result: null } : { state: 'waiting' };
  };
  await ifLogAnswers(() => poll('the graph to be announced', look, { timeoutMs: LOG_PATIENCE_MS, signal }));
}
