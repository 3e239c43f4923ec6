import type { Job } from '@granary/contracts';
import { isFinal } from '@granary/client';
import { isFault } from '@granary/faults';
import type { RpcClient } from '@granary/messaging';
import type { LogFollower } from './log-follower.worker';
import type { Framed } from './window';

/** Told how a job stands whenever it stands differently; null when it is gone, with its repository. */
export type JobListener = (job: Job | null) => void;

export interface JobWatchOptions {
  /** Calls as the gateway itself: whoever listens has been asked already whether they may. */
  readonly rpc: RpcClient;
  readonly follower: LogFollower;
  /** How often a job is looked at; events of its harvest come in between. */
  readonly pollMs: number;
}

/**
 * Looks at jobs while somebody listens, once for all listeners of a job. Stages and counts are known to the harvester alone and
 * are no events, so they are asked for; that a harvest begins or ends is an event, and makes it look at once.
 */
export class JobWatch {
  private readonly jobs = new Map<string, Watched>();

  constructor(private readonly options: JobWatchOptions) {}

  /** Listens to a job that stands like this, and is no longer told when the answer is called. */
  watch(tenant: string, job: Job, listener: JobListener): () => void {
    const id = `${tenant} ${job.jobId}`;
    const watched = this.jobs.get(id) ?? new Watched(this.options, tenant, job, () => this.jobs.delete(id));
    this.jobs.set(id, watched);
    return watched.add(listener);
  }
}

class Watched {
  private readonly listeners = new Set<JobListener>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private again = false;
  private over = false;
  private readonly heard = (added: readonly Framed[]) => {
    if (added.some(({ tenant, type, key }) => tenant === this.tenant && key === this.job.repositoryId && type.startsWith('harvest.'))) this.look();
  };

  constructor(
    private readonly options: JobWatchOptions,
    private readonly tenant: string,
    private job: Job,
    private readonly onEmpty: () => void,
  ) {
    // Without the log there is still the clock.
    options.follower.join(this.heard).catch(() => undefined);
    this.rest();
  }

  add(listener: JobListener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0 || this.over) return;
      this.over = true;
      clearTimeout(this.timer);
      this.options.follower.leave(this.heard);
      this.onEmpty();
    };
  }

  private look(): void {
    if (this.over) return;
    this.again = this.looking;
    if (this.looking) return;
    clearTimeout(this.timer);
    this.looking = true;
    void this.ask().finally(() => {
      this.looking = false;
      if (this.again) this.look();
      else this.rest();
    });
  }

  private async ask(): Promise<void> {
    const { jobId } = this.job;
    try {
      const { job } = await this.options.rpc.call('harvester.job.show', { jobId }, { tenant: this.tenant });
      if (revisionOf(job) !== revisionOf(this.job)) this.tell((this.job = job));
    } catch (error) {
      // A harvester that starts anew answers a moment later.
      if (!isFault(error)) throw error;
      if (error.kind === 'permanent') this.tell(null);
    }
  }

  private tell(job: Job | null): void {
    for (const listener of this.listeners) listener(job);
  }

  private rest(): void {
    if (!this.over && !isFinal(this.job.state)) this.timer = setTimeout(() => this.look(), this.options.pollMs);
  }
}

/** The same text while a job stands the same; the id of its frame. */
export function revisionOf({ state, attempts, stages, progress }: Job): string {
  return `${state}-${attempts}-${stages.length}-${progress.done}-${progress.total}`;
}
