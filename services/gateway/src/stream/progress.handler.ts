import type { Job } from '@granary/contracts';
import { isFinal } from '@granary/client';
import type { RpcClient } from '@granary/messaging';
import { JOB_ENDED, JOB_GONE } from './ending';
import { eventFrame } from './frame';
import { revisionOf, type JobWatch } from './job-watch.worker';
import type { Opening, Streams } from './streams.worker';

export interface ProgressDeps {
  readonly rpc: RpcClient;
  readonly jobs: JobWatch;
  readonly streams: Streams;
}

export interface ProgressRequest extends Pick<Opening, 'take' | 'claims'> {
  readonly jobId: string;
  /** Of whoever asks: the harvester says whether they may see the job. */
  readonly token: string;
  readonly lastEventId: string | undefined;
}

/**
 * Streams how a job stands until it has ended: first as it is now, then each change. Answers `seen` when the client has had
 * the last of it: browsers reconnect until they are told that there is nothing more. Faults: those of `harvester.job.show`,
 * `too-many-streams`, `streams-full`.
 */
export async function openProgress({ rpc, jobs, streams }: ProgressDeps, { jobId, token, claims, lastEventId, take }: ProgressRequest): Promise<'opened' | 'seen'> {
  const { job } = await rpc.call('harvester.job.show', { jobId }, { tenant: claims.tid, token });
  if (isFinal(job.state) && lastEventId === revisionOf(job)) return 'seen';
  const seat = streams.seats.take(claims.sub);
  let unwatch: () => void = () => undefined;
  const connection = streams.begin({ take, claims, seat, bookmark: () => null, onEnd: () => unwatch() });
  const show = (now: Job | null) => {
    if (now === null) return connection.end(JOB_GONE);
    connection.send(progressFrame(now));
    if (isFinal(now.state)) connection.end(JOB_ENDED);
  };
  show(job);
  if (connection.open) unwatch = jobs.watch(claims.tid, job, show);
  return 'opened';
}

function progressFrame(job: Job): string {
  return eventFrame({ id: revisionOf(job), event: 'progress', data: JSON.stringify(job) });
}
