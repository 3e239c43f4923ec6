import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@granary/faults';
import type { UnitOfWork } from '@granary/messaging';
import { SpanKind, withContext, withTraceparent } from '@granary/observability';
import type { Logger } from '@granary/observability';
import type { Database } from '@granary/persistence';
import type { Task } from '@granary/service-host';
import { requestHarvest } from '../harvest/request.handler';
import type { RequestDeps } from '../harvest/request.handler';
import type { HarvesterMeters, PollOutcome } from '../metrics';
import type { Head, Remotes } from '../mirror/remote.client';
import { remoteOf } from '../register/remote-of';
import type { Vault } from '../register/vault';
import type { RepositoryEntity } from '../store/repository.entity';
import type { RepositoryStore } from '../store/repository.store';
import { behindSince } from './behind-since';
import type { PollPace } from './next-poll';
import { nextPollIn } from './next-poll';

export interface WatchOptions extends RequestDeps {
  readonly database: Database;
  readonly repositories: RepositoryStore;
  readonly remotes: Remotes;
  readonly vault: Vault;
  readonly meters: HarvesterMeters;
  readonly log: Logger;
  readonly random: () => number;
  /** Of repositories elsewhere, and of those on this machine's disk. */
  readonly pace: { readonly remote: PollPace; readonly local: PollPace };
  readonly timeoutMs: number;
  /** Polls at the same time. */
  readonly slots: number;
  readonly lookMs: number;
  /** Lets waiting jobs be looked for at once. */
  readonly wake: () => void;
}

/** Polls repositories whose time has come, whoever added them; replicas share the work by taking rows that no other has taken. */
export class Watch implements Task {
  readonly name = 'watch';
  readonly #stopping = new AbortController();
  readonly #polls = new Set<Promise<void>>();
  #loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: WatchOptions) {}

  async start(): Promise<void> {
    this.#loop = this.#look();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(Fault.transient('stopping', 'the harvester is stopping'));
    await this.#loop;
    await Promise.all(this.#polls);
  }

  /** A poll that is cut off is due again, wherever. */
  drain(): Promise<void> {
    return this.stop();
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#takeDue();
      } catch (error) {
        this.options.log.warn({ err: error }, 'repositories cannot be looked for; trying again');
      }
      await sleep(this.options.lookMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #takeDue(): Promise<void> {
    const { repositories, slots, timeoutMs } = this.options;
    const free = slots - this.#polls.size;
    if (free <= 0) return;
    for (const repository of await repositories.takeDue(free, timeoutMs * 2)) {
      // Everything that a moved head causes belongs together.
      const correlationId = this.options.newId();
      const poll = withContext({ tenant: repository.tenant, correlationId }, () => this.#poll(repository, correlationId)).finally(() => this.#polls.delete(poll));
      this.#polls.add(poll);
    }
  }

  async #poll(repository: RepositoryEntity, correlationId: string): Promise<void> {
    const { meters, log } = this.options;
    const { repositoryId, name } = repository;
    try {
      const seen = await this.#headOf(repository);
      if (this.#stopping.signal.aborted) return;
      const record = () => this.#record(repository, seen, correlationId);
      // A new commit begins a trace; looking, which is done all the time, does not.
      const isNew = !(seen instanceof Fault) && seen.commit !== repository.headCommit;
      const outcome = await (isNew ? withTraceparent(undefined, 'notice commit', { 'granary.repository.id': repositoryId }, record, SpanKind.INTERNAL) : record());
      meters.polled(outcome);
      if (outcome === 'moved') log.info({ repositoryId, name }, 'a new commit was seen');
      if (outcome === 'failed' && repository.lastError === null) log.warn({ repositoryId, name, err: seen }, 'a repository cannot be polled');
    } catch (error) {
      meters.polled('failed');
      log.warn({ repositoryId, name, err: error }, 'a poll could not be recorded');
    }
  }

  async #headOf(repository: RepositoryEntity): Promise<Head | Fault> {
    try {
      return await this.options.remotes.head(remoteOf(repository, this.options.vault), { timeoutMs: this.options.timeoutMs, signal: this.#stopping.signal });
    } catch (error) {
      return Fault.from(error);
    }
  }

  async #record({ repositoryId, tenant }: RepositoryEntity, seen: Head | Fault, correlationId: string): Promise<PollOutcome> {
    const { database, repositories, wake } = this.options;
    const cause = { tenant, correlationId };
    const { outcome, requested } = await database.transact(cause, async (unit) => {
      const repository = await repositories.lock(unit.manager, repositoryId);
      if (!repository) return { outcome: 'unchanged' as const, requested: false };
      if (seen instanceof Fault) return { outcome: await this.#saveFailure(unit, repository, seen), requested: false };
      const moved = repository.headCommit !== seen.commit;
      const causedBy = await this.#saveSuccess(unit, repository, seen, moved);
      const due = repository.retryAt !== null && repository.retryAt <= this.options.now();
      if (moved || due) await requestHarvest(this.options, unit, { repository, reason: moved ? 'head-moved' : 'retry', cause, causedBy });
      // Until the job ends, which sets it anew.
      if (moved || due) await repositories.saveFailure(unit.manager, repositoryId, repository.harvestFailures, null);
      return { outcome: moved ? ('moved' as const) : ('unchanged' as const), requested: moved || due };
    });
    if (requested) wake();
    return outcome;
  }

  async #saveSuccess(unit: UnitOfWork, repository: RepositoryEntity, { ref, commit }: Head, moved: boolean): Promise<string | undefined> {
    const { repositories, random, now } = this.options;
    const { repositoryId, headCommit: before } = repository;
    const seenAt = now();
    const headMovedAt = moved ? seenAt : repository.headMovedAt;
    const wait = nextPollIn(this.#paceOf(repository), { stillMs: seenAt.getTime() - headMovedAt.getTime(), failures: 0 }, random());
    await repositories.savePoll(unit.manager, repositoryId, { lastPolledAt: seenAt, lastError: null, pollFailures: 0, headRef: ref, headCommit: commit, headMovedAt, unharvestedSince: behindSince(repository, commit, seenAt) }, wait);
    if (!moved) return undefined;
    return unit.announce({ type: 'repository.head-moved.v1', key: repositoryId, data: { repositoryId, ref, before, commit, seenAt: seenAt.toISOString() } });
  }

  async #saveFailure(unit: UnitOfWork, repository: RepositoryEntity, fault: Fault): Promise<'failed'> {
    const { repositories, random, now } = this.options;
    const pollFailures = repository.pollFailures + 1;
    const polledAt = now();
    const wait = nextPollIn(this.#paceOf(repository), { stillMs: polledAt.getTime() - repository.headMovedAt.getTime(), failures: pollFailures }, random());
    await repositories.savePoll(unit.manager, repository.repositoryId, { lastPolledAt: polledAt, lastError: fault.message.slice(0, 4096), pollFailures }, wait);
    return 'failed';
  }

  #paceOf({ transport }: RepositoryEntity): PollPace {
    return transport === 'file' ? this.options.pace.local : this.options.pace.remote;
  }
}
