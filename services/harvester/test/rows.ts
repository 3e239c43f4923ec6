import { v7 } from 'uuid';
import type { JobEntity } from '../src/store/job.entity';
import type { RepositoryEntity } from '../src/store/repository.entity';

export const tenant = 'acme';
export const now = new Date('2026-03-02T09:14:02.117Z');

/** A repository that was just added. */
export const repositoryRow = (overrides: Partial<RepositoryEntity> = {}): RepositoryEntity => {
  const repositoryId = v7();
  return {
    repositoryId,
    tenant,
    name: repositoryId,
    location: `/srv/${repositoryId}`,
    transport: 'file',
    sealedCredentials: null,
    branch: null,
    state: 'active',
    headRef: 'refs/heads/main',
    headCommit: 'a'.repeat(40),
    headMovedAt: now,
    harvestedCommit: null,
    packDigest: null,
    factsMarkedAt: null,
    withheldCommit: null,
    unharvestedSince: now,
    lastPolledAt: null,
    lastError: null,
    nextPollAt: now,
    pollFailures: 0,
    harvestFailures: 0,
    retryAt: null,
    registeredAt: now,
    removedAt: null,
    ...overrides,
  };
};

/** A job that waits. */
export const jobRow = (repositoryId: string, overrides: Partial<JobEntity> = {}): JobEntity => ({
  jobId: v7(),
  tenant,
  repositoryId,
  name: 'sample',
  state: 'pending',
  reason: 'manual',
  correlationId: 'c1',
  traceparent: null,
  baggage: null,
  lastEventId: v7(),
  createdAt: now,
  startedAt: null,
  finishedAt: null,
  attempts: 0,
  notBefore: now,
  leaseOwner: null,
  leaseUntil: null,
  commit: null,
  tier: null,
  progress: { done: 0, total: 0 },
  stages: [],
  counts: null,
  error: null,
  ...overrides,
});
