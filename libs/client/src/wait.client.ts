import type { AuditLogStatusResponse, Job, NormalizerGraphSummaryResponse } from '@granary/contracts';
import { isFault } from '@granary/faults';
import type { RpcClient } from '@granary/messaging';
import { isFinal } from './job';
import { type Look, poll, systemClock, type WaitOptions } from './poll';

export interface WaitForJobOptions extends WaitOptions {
  /** Called with the job each time it was looked at. */
  onProgress?: (job: Job) => void;
}

/**
 * The job once it has ended, in whatever state: the caller decides what `failed`, `cancelled` or `blocked` mean.
 * Faults: permanent `not-found` for an unknown job; transient `wait-timed-out`.
 */
export async function waitForJob(rpc: RpcClient, jobId: string, options: WaitForJobOptions): Promise<Job> {
  return poll(`job ${jobId}`, async (): Promise<Look<Job>> => {
    const { job } = await rpc.call('harvester.job.show', { jobId });
    options.onProgress?.(job);
    return isFinal(job.state) ? { state: 'done', result: job } : { state: 'waiting' };
  }, options);
}

export interface WantedGraph {
  /** Id or name. */
  repository: string;
  commit: string;
  /** RFC 3339. A graph of the same commit that is older, from an earlier harvest, is taken only when no newer one comes for 10 s. */
  since?: string;
}

// A newer graph may not come: a later harvest overtook it, or the clocks of two machines differ.
const OLDER_GRAPH_PATIENCE_MS = 10_000;

/**
 * The summary of a repository's graph of one commit once it is there; a missing graph counts as "not yet".
 * Faults: transient `wait-timed-out`; permanent ones of the normalizer other than `not-found`.
 */
export async function waitForGraph(rpc: RpcClient, { repository, commit, since }: WantedGraph, options: WaitOptions): Promise<NormalizerGraphSummaryResponse> {
  const clock = options.clock ?? systemClock;
  let olderSeenAt: number | null = null;
  return poll(`the graph of ${repository} at ${commit.slice(0, 12)}`, async (): Promise<Look<NormalizerGraphSummaryResponse>> => {
    const summary = await graphIfThere(rpc, repository, commit);
    if (!summary) return { state: 'waiting' };
    if (since === undefined || Date.parse(summary.normalizedAt) >= Date.parse(since)) return { state: 'done', result: summary };
    olderSeenAt ??= clock.now();
    return clock.now() - olderSeenAt >= OLDER_GRAPH_PATIENCE_MS ? { state: 'done', result: summary } : { state: 'waiting' };
  }, options);
}

async function graphIfThere(rpc: RpcClient, repository: string, commit: string): Promise<NormalizerGraphSummaryResponse | null> {
  try {
    return await rpc.call('normalizer.graph.summary', { repository, commit });
  } catch (error) {
    if (isFault(error) && error.code === 'not-found') return null;
    throw error;
  }
}

/** The state of the event log once it holds everything that is in the stream. Faults: transient `wait-timed-out`. */
export async function waitForEventLog(rpc: RpcClient, options: WaitOptions): Promise<AuditLogStatusResponse> {
  return poll('the event log to hold all events', async (): Promise<Look<AuditLogStatusResponse>> => {
    const status = await rpc.call('audit.log.status', {});
    return status.lag === 0 ? { state: 'done', result: status } : { state: 'waiting' };
  }, options);
}
