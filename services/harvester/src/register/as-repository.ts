import type { Repository } from '@granary/contracts';
import type { RepositoryEntity } from '../store/repository.entity';

/** A repository as callers see it. */
export function asRepository(repository: RepositoryEntity): Repository {
  const { repositoryId, name, location, branch, state, headCommit, harvestedCommit, lastPolledAt, lastError, registeredAt, withheldCommit, unharvestedSince } = repository;
  return {
    repositoryId,
    name,
    location,
    branch,
    state,
    headCommit,
    harvestedCommit,
    withheldCommit,
    lastPolledAt: lastPolledAt?.toISOString() ?? null,
    lastError,
    registeredAt: registeredAt.toISOString(),
    unharvestedSince: unharvestedSince?.toISOString() ?? null,
  };
}
