import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { Cause, UnitOfWork } from '@granary/messaging';
import { readBaggage, withContext, withTraceparent } from '@granary/observability';
import type { Logger, SlowWatch } from '@granary/observability';
import type { Database } from '@granary/persistence';
import type { Task } from '@granary/service-host';
import type { HarvesterMeters } from '../metrics';
import type { JobEntity } from '../store/job.entity';
import type { Claim, JobStore } from '../store/job.store';
import type { RepositoryStore } from '../store/repository.store';
import type { Harvested, JobRun } from './job-run';
import type { RetryPace } from './retry';
import { decideFailure } from './retry';
import { closeStages, durationsOf, enterStage } from './stages';

export interface JobRunnerOptions {
  readonly harvest: (run: JobRun) => Promise<Harvested>;
  readonly database: Database;
  readonly jobs: JobStore;
  readonly repositories: RepositoryStore;
  readonly meters: HarvesterMeters;
  readonly slow: SlowWatch;
  readonly log: Logger;
  readonly now: () => Date;
  /** Names this process in leases. */
  readonly owner: string;
  /** Harvests at the same time. */
  readonly slots: number;
  readonly leaseMs: number;
  /** How often to look for jobs that nobody here was told of. */
  readonly lookMs: number;
  readonly pace: RetryPace;
}

/** The work on a job ended because it is not this process's any more: cancelled, removed, or taken over. */
class Lost extends Error {
  override readonly name = 'Lost';
}

/** The service stops; somebody else, or this one when it is back, goes on with the job. */
class Stopping extends Error {
  override readonly name = 'Stopping';
}

/** Takes jobs that wait, or whose harvester is gone, and runs them: so many at a time, never two of one repository. */
export class JobRunner implements Task {
  readonly name = 'harvests';
  readonly #running = new Map<string, { controller: AbortController; ended: Promise<void> }>();
  readonly #stopping = new AbortController();
  #woken = Promise.withResolvers<void>();
  #loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: JobRunnerOptions) {}

  async start(): Promise<void> {
    this.#loop = this.#look();
  }

  /** Gives back what runs, uncounted. */
  async stop(): Promise<void> {
    await this.#takeNoMore();
    for (const { controller } of this.#running.values()) controller.abort(new Stopping('the harvester is stopping'));
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** Finishes what runs. */
  async drain(): Promise<void> {
    await this.#takeNoMore();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  async #takeNoMore(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#loop;
  }

  /** Looks for jobs now. */
  wake(): void {
    this.#woken.resolve();
  }

  /** Ends the work on a job that was cancelled, if it is here. */
  abort(jobId: string): void {
    this.#running.get(jobId)?.controller.abort(new Lost('the job was cancelled'));
  }

  async #look(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#woken = Promise.withResolvers<void>();
      try {
        await this.#takeAll();
      } catch (error) {
        this.options.log.warn({ err: error }, 'harvest jobs cannot be looked for; trying again');
      }
      await Promise.race([this.#woken.promise, sleep(this.options.lookMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined)]);
    }
  }

  async #takeAll(): Promise<void> {
    const free = this.options.slots - this.#running.size;
    if (free <= 0) return;
    for (const candidate of await this.options.jobs.takeable(free)) {
      const job = await this.#take(candidate);
      if (!job) continue;
      const controller = new AbortController();
      const ended = inContextOf(job, () => this.#run(job, controller)).finally(() => {
        this.#running.delete(job.jobId);
        this.wake();
      });
      this.#running.set(job.jobId, { controller, ended });
    }
  }

  /** Takes a job and announces its start; null when somebody else was faster, or nobody may take it any more. */
  async #take(candidate: JobEntity): Promise<JobEntity | null> {
    const { database, jobs, repositories, owner, leaseMs, now } = this.options;
    try {
      return await inContextOf(candidate, () => database.transact(causeOf(candidate), async (unit) => {
        const taking = await jobs.take(unit.manager, candidate.jobId, owner, leaseMs, now());
        if (taking.state === 'missed') return null;
        if (taking.state === 'spent') return this.#giveUp(unit, taking.job);
        const { job } = taking;
        const { headRef } = await repositories.holdForJob(unit.manager, job.tenant, job.repositoryId);
        const stages = enterStage(job.stages, 'fetching', now());
        const lastEventId = taking.first ? unit.announce({ type: 'harvest.started.v1', key: job.repositoryId, data: { jobId: job.jobId, repositoryId: job.repositoryId, ref: headRef } }) : job.lastEventId;
        await jobs.save(unit.manager, job.jobId, { stages, lastEventId });
        return { ...job, stages, lastEventId };
      }));
    } catch (error) {
      if (isTaken(error)) return null;
      throw error;
    }
  }

  async #giveUp(unit: UnitOfWork, job: JobEntity): Promise<null> {
    const fault = Fault.transient('attempts-spent', `the harvester was lost ${job.attempts} times while it worked on this; look for what ended it in its log, and ask for the harvest again`);
    await this.#fail(unit, job, fault, (change) => this.options.jobs.save(unit.manager, job.jobId, change).then(() => true));
    return null;
  }

  async #run(job: JobEntity, controller: AbortController): Promise<void> {
    const { harvest, log, meters, slow } = this.options;
    const { jobId, repositoryId, name, attempts } = job;
    log.info({ jobId, repositoryId, name, reason: job.reason, attempt: attempts }, 'harvest started');
    const held = new HeldJob(job, controller, this.options);
    try {
      const { state, counts, tiers } = await traced(held, () => harvest(held));
      meters.jobEnded(state, held.durations());
      meters.blobs(counts);
      meters.tiers(tiers);
      log.info({ jobId, repositoryId, name, ...counts, ...held.durations() }, `harvest ${state}`);
      slow('harvest', `harvest of ${name}`, held.workedMs(), { jobId, repositoryId, ...held.durations() });
    } catch (error) {
      await this.#settle(held, controller.signal.aborted ? controller.signal.reason : error);
    } finally {
      held.release();
    }
  }

  /** Decides about a job whose work ended early. Whatever cannot be written now is mended when the lease is over. */
  async #settle(held: HeldJob, error: unknown): Promise<void> {
    const { log } = this.options;
    const { jobId, repositoryId, name } = held.job;
    try {
      if (held.ended) return log.warn({ jobId, repositoryId, name, err: error }, 'a harvest that has ended could not be tidied up');
      if (error instanceof Lost) return log.info({ jobId, repositoryId, name, why: error.message }, 'harvest ended');
      if (error instanceof Stopping) return await this.#handOver(held);
      await this.#decide(held, Fault.from(error));
    } catch (problem) {
      log.error({ jobId, repositoryId, name, err: problem, after: error }, 'the end of a harvest could not be recorded; it is taken again when its lease is over');
    }
  }

  async #handOver({ job, claim, stages }: HeldJob): Promise<void> {
    const { database, jobs, now, log } = this.options;
    await database.transact(causeOf(job), ({ manager }) => jobs.giveBack(manager, claim, { delayMs: 0, counted: false, stages: closeStages(stages, now()), error: null }));
    log.info({ jobId: job.jobId, repositoryId: job.repositoryId }, 'harvest handed over');
  }

  async #decide({ job, claim, stage, stages }: HeldJob, fault: Fault): Promise<void> {
    const { database, jobs, now, pace, log } = this.options;
    const decision = decideFailure(fault.kind, job.attempts, pace);
    const { jobId, repositoryId, name } = job;
    const error = { stage, code: fault.code, message: fault.message.slice(0, 4096) };
    if (decision.state === 'again') {
      log.warn({ jobId, repositoryId, name, err: fault, attempt: job.attempts, delayMs: decision.delayMs }, 'harvest failed and is tried again');
      await database.transact(causeOf(job), ({ manager }) => jobs.giveBack(manager, claim, { delayMs: decision.delayMs, counted: true, stages: closeStages(stages, now()), error }));
      return;
    }
    await database.transact(causeOf(job), (unit) => this.#fail(unit, { ...job, stages }, fault, (change) => jobs.saveHeld(unit.manager, claim, change), stage));
  }

  /** Ends a job as failed and says so. Repositories whose failure may pass are harvested again by themselves, ever more rarely. */
  async #fail(unit: UnitOfWork, job: JobEntity, fault: Fault, save: (change: Partial<JobEntity>) => Promise<boolean>, stage = lastStage(job)): Promise<void> {
    const { repositories, pace, meters, now, log } = this.options;
    const { jobId, repositoryId, name } = job;
    const message = fault.message.slice(0, 4096);
    const repository = await repositories.lock(unit.manager, repositoryId);
    const finishedAt = now();
    const stages = closeStages(job.stages, finishedAt);
    if (!(await save({ state: 'failed', finishedAt, leaseOwner: null, leaseUntil: null, stages, error: { stage, code: fault.code, message } }))) return;
    const retryable = fault.kind === 'transient';
    const failures = (repository?.harvestFailures ?? 0) + 1;
    await repositories.saveFailure(unit.manager, repositoryId, failures, retryable ? new Date(finishedAt.getTime() + pace.anewMs(failures)) : null);
    const lastEventId = unit.announce({ type: 'harvest.failed.v1', key: repositoryId, data: { jobId, repositoryId, stage, code: fault.code, message, retryable } });
    await this.options.jobs.save(unit.manager, jobId, { lastEventId });
    meters.jobEnded('failed', durationsOf(stages, job.createdAt, finishedAt));
    log.error({ jobId, repositoryId, name, stage, err: fault }, 'harvest failed');
  }
}

const inContextOf = <R>({ tenant, correlationId, jobId, baggage }: JobEntity, work: () => R): R => withContext({ ...readBaggage(baggage ?? undefined), tenant, correlationId, jobId }, work);

/** One span for the work on a job, in the trace of whoever asked for it. What it announces, it announces inside. */
function traced({ job: { jobId, repositoryId, reason, attempts, traceparent } }: HeldJob, work: () => Promise<Harvested>): Promise<Harvested> {
  const attributes = { 'granary.job.id': jobId, 'granary.repository.id': repositoryId, 'granary.harvest.reason': reason, 'granary.attempt': attempts };
  return withTraceparent(traceparent ?? undefined, 'harvest', attributes, work);
}

const lastStage = (job: JobEntity): 'pending' | Job['stages'][number]['stage'] => job.stages.at(-1)?.stage ?? 'pending';

const causeOf = ({ tenant, correlationId, lastEventId, traceparent, baggage }: JobEntity): Cause => ({
  tenant,
  correlationId,
  causationId: lastEventId,
  ...(traceparent === null ? {} : { traceparent }),
  ...(baggage === null ? {} : { baggage }),
});

// Another job of the same repository was taken at the same moment.
const isTaken = (error: unknown): boolean => typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';

const BEAT_MS = 1_000;

/** A job while this process works on it: keeps its lease, writes its progress once a second, and guards every write by its claim. */
class HeldJob implements JobRun {
  readonly claim: Claim;
  readonly signal: AbortSignal;
  stage: Job['stages'][number]['stage'] = 'fetching';
  stages: Job['stages'];
  ended = false;
  readonly #timer: NodeJS.Timeout;
  readonly #begun = performance.now();
  #progress: Job['progress'] = { done: 0, total: 0 };
  #beating: Promise<void> = Promise.resolve();

  constructor(
    readonly job: JobEntity,
    private readonly controller: AbortController,
    private readonly options: JobRunnerOptions,
  ) {
    this.claim = { tenant: job.tenant, jobId: job.jobId, owner: options.owner, attempt: job.attempts };
    this.signal = controller.signal;
    this.stages = job.stages;
    this.#timer = setInterval(() => (this.#beating = this.#beating.then(() => this.#beat())), Math.min(BEAT_MS, options.leaseMs / 3));
  }

  progress(done: number, total: number): void {
    this.#progress = { done, total };
  }

  async enter(stage: 'fetching' | 'scanning' | 'parsing' | 'storing', change: Partial<JobEntity> = {}, also?: (unit: UnitOfWork) => Promise<void>): Promise<void> {
    this.signal.throwIfAborted();
    const stages = enterStage(this.stages, stage, this.options.now());
    await this.options.database.transact(causeOf(this.job), async (unit) => {
      await also?.(unit);
      await this.#write(unit, { ...change, state: stage, stages, progress: this.#progress });
    });
    this.stage = stage;
    this.stages = stages;
  }

  async end(state: 'completed' | 'blocked', change: Partial<JobEntity>, also: Parameters<JobRun['end']>[2]): Promise<void> {
    const { database, repositories, now } = this.options;
    await database.transact(causeOf(this.job), async (unit) => {
      // In this order everywhere: the repository, then its jobs.
      await repositories.lock(unit.manager, this.job.repositoryId);
      const finishedAt = now();
      const stages = closeStages(this.stages, finishedAt);
      await this.#write(unit, { error: null, ...change, state, finishedAt, leaseOwner: null, leaseUntil: null, stages, progress: this.#progress });
      this.stages = stages;
      await also(unit, durationsOf(stages, this.job.createdAt, finishedAt));
    });
    this.ended = true;
  }

  durations(): ReturnType<typeof durationsOf> {
    return durationsOf(this.stages, this.job.createdAt, this.options.now());
  }

  /** How long this attempt has taken, without what the job waited before. */
  workedMs(): number {
    return Math.round(performance.now() - this.#begun);
  }

  release(): void {
    clearInterval(this.#timer);
  }

  async #write(unit: UnitOfWork, change: Partial<JobEntity>): Promise<void> {
    if (await this.options.jobs.saveHeld(unit.manager, this.claim, change)) return;
    const lost = new Lost('the job was cancelled, or another harvester has it');
    this.controller.abort(lost);
    throw lost;
  }

  async #beat(): Promise<void> {
    if (this.signal.aborted || this.ended) return;
    try {
      const held = await this.options.jobs.beat(this.claim, this.options.leaseMs, this.#progress);
      if (!held && !this.ended) this.controller.abort(new Lost('the job was cancelled, or another harvester has it'));
    } catch (error) {
      // The database is away. When it is back the job is still ours, or the next write says that it is not.
      this.options.log.warn({ jobId: this.job.jobId, err: error }, 'the lease of a harvest could not be renewed');
    }
  }
}
