import { isFault } from '@granary/faults';
import type { Lookups, UnitOfWork } from '@granary/messaging';
import type { Mirrors, Snapshot } from '../mirror/mirror.client';
import type { Head, Remote, Remotes } from '../mirror/remote.client';
import { remoteOf } from '../register/remote-of';
import type { Vault } from '../register/vault';
import type { RepositoryEntity } from '../store/repository.entity';
import type { RepositoryStore } from '../store/repository.store';
import { behindSince } from '../watch/behind-since';
import type { JobRun } from './job-run';

export interface FetchDeps {
  readonly lookups: Pick<Lookups, 'count'>;
  readonly remotes: Remotes;
  readonly mirrors: Mirrors;
  readonly vault: Vault;
  readonly repositories: RepositoryStore;
  readonly remoteTimeoutMs: number;
  readonly now: () => Date;
}

// Long enough for a harvest that a poll or a registration asked for to begin.
const FRESH_MS = 10_000;

/** Brings the newest commit of a repository into its mirror. */
export async function fetchNewest(deps: FetchDeps, repository: RepositoryEntity, { job, signal }: Pick<JobRun, 'job' | 'signal'>): Promise<Snapshot> {
  const remote = remoteOf(repository, deps.vault);
  deps.lookups.count(repository.tenant, 'mirror', (await deps.mirrors.exists(repository.repositoryId)) ? { hits: 1 } : { misses: 1 });
  // Somebody who asks may have changed more than a poll has seen.
  const seen = job.reason === 'manual' ? null : headJustSeen(repository, deps.now());
  if (seen === null) return deps.mirrors.fetch(repository.repositoryId, remote, await ask(deps, remote, signal), signal);
  try {
    return await deps.mirrors.fetch(repository.repositoryId, remote, seen, signal);
  } catch (error) {
    if (!isFault(error) || error.kind === 'transient') throw error;
    // Whoever is asked again says best what is wrong, or that another branch is the default one now.
    const head = await ask(deps, remote, signal);
    if (head.ref === seen.ref) throw error;
    return deps.mirrors.fetch(repository.repositoryId, remote, head, signal);
  }
}

const ask = ({ remotes, remoteTimeoutMs: timeoutMs }: FetchDeps, remote: Remote, signal: AbortSignal): Promise<Head> => remotes.head(remote, { timeoutMs, signal });

/** What the last poll saw, if that was a moment ago: a fetch brings what is the newest on that branch now. */
function headJustSeen({ headRef: ref, headCommit: commit, lastPolledAt, lastError }: RepositoryEntity, now: Date): Head | null {
  const isFresh = lastError === null && lastPolledAt !== null && now.getTime() - lastPolledAt.getTime() < FRESH_MS;
  return isFresh && ref !== null && commit !== null ? { ref, commit } : null;
}

/** The head may have moved since the last poll. A poll that came in between has seen the same, or something newer. */
export async function noteHead(deps: FetchDeps, unit: UnitOfWork, { repositoryId, headCommit: before }: RepositoryEntity, { ref, commit }: Snapshot): Promise<void> {
  const repository = await deps.repositories.lock(unit.manager, repositoryId);
  if (repository?.headCommit !== before || before === commit) return;
  const seenAt = deps.now();
  await deps.repositories.moveHead(unit.manager, repositoryId, { ref, commit }, seenAt, behindSince(repository, commit, seenAt));
  unit.announce({ type: 'repository.head-moved.v1', key: repositoryId, data: { repositoryId, ref, before, commit, seenAt: seenAt.toISOString() } });
}
