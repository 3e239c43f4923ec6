import type { HarvestBlockedV1Data, HarvestCompletedV1Data } from '@granary/contracts';
import type { Found } from '@granary/extract';
import type { Snapshot } from '../mirror/mirror.client';
import type { JobEntity } from '../store/job.entity';
import type { RepositoryEntity } from '../store/repository.entity';
import type { Artifact } from './artifact';
import { refOf } from './artifact';
import type { Learned } from './learn';
import type { Durations } from './stages';

/** All that a harvest brought. */
export interface Result {
  readonly repository: RepositoryEntity;
  readonly snapshot: Snapshot;
  readonly learned: Learned;
  readonly pack: Artifact;
  readonly changes: Artifact | null;
}

/**
 * What is announced of a harvest that completed.
 * @param behindSince since when the repository was behind its remote; null when it was not
 */
export function completion({ jobId }: Pick<JobEntity, 'jobId'>, { repository, snapshot, learned, pack, changes }: Result, durations: Durations, behindSince: Date | null): HarvestCompletedV1Data {
  const { files: total, analysed, reused, skipped } = learned.counts;
  return {
    jobId,
    repositoryId: repository.repositoryId,
    name: repository.name,
    ref: snapshot.ref,
    commit: snapshot.commit,
    base: repository.harvestedCommit,
    committedAt: snapshot.committedAt.toISOString(),
    behindSince: behindSince?.toISOString() ?? null,
    facts: refOf(pack),
    changes: changes && refOf(changes),
    tier: learned.tier,
    tierReasons: [...learned.tierReasons],
    files: { total, analysed, reused, skipped },
    languages: [...learned.languages],
    durations,
    tiers: [...learned.tiers],
    findings: learned.findingCounts,
  };
}

/** What is announced of a commit that was withheld. */
export function blocking({ jobId }: Pick<JobEntity, 'jobId'>, { repository: { repositoryId }, snapshot: { commit, ref }, learned }: Pick<Result, 'repository' | 'snapshot' | 'learned'>): HarvestBlockedV1Data {
  return { jobId, repositoryId, commit, ref, counts: learned.findingCounts, paths: pathsOfHigh(learned.found).slice(0, 20), message: withheld(learned) };
}

/** Why a commit was withheld, and what to do. */
export function withheld({ found, findingCounts }: Pick<Learned, 'found' | 'findingCounts'>): string {
  const { high } = findingCounts.secrets;
  const [first, ...others] = pathsOfHigh(found);
  const where = others.length === 0 ? first : `${first} and ${others.length} more files`;
  return `${high} ${high === 1 ? 'secret' : 'secrets'} of high severity in ${where}: the commit was withheld and the graph stays as it was. Change the secret and remove it from the file, or let it stay with 'granary secrets allow'`;
}

const pathsOfHigh = ({ findings }: Found): string[] => [...new Set(findings.flatMap(({ kind, severity, allowed, path }) => (kind === 'secret' && severity === 'high' && allowed === null ? [path] : [])))];
