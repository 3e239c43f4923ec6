import type { RepositoryEntity } from '../store/repository.entity';

/**
 * Since when a repository whose head is now `commit` is behind: the moment an unharvested head was first seen, however
 * often it moved since; null when that commit is the one harvested last, as after a push that was taken back, or one that
 * the gate withheld.
 */
export function behindSince({ harvestedCommit, withheldCommit, unharvestedSince }: Pick<RepositoryEntity, 'harvestedCommit' | 'withheldCommit' | 'unharvestedSince'>, commit: string, seenAt: Date): Date | null {
  return commit === harvestedCommit || commit === withheldCommit ? null : (unharvestedSince ?? seenAt);
}
