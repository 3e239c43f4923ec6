import type { Fact, ScannedFile } from '@granary/extract';
import type { FileNote } from './learn';

/** What the last harvest of a repository learned, for the next one to go on from. Only a cache: without it everything is looked up. */
export interface KnownSnapshot {
  readonly commit: string;
  readonly ruleSet: string;
  readonly files: readonly ScannedFile[];
  readonly facts: ReadonlyMap<string, Fact>;
  readonly notes: WeakMap<ScannedFile, FileNote>;
}

/** The newest snapshots of a few repositories. */
export interface KnownSnapshots {
  /** What is known of a commit of a repository, read by these rules; null when nothing is. */
  of(repositoryId: string, commit: string | null, ruleSet: string): KnownSnapshot | null;
  keep(repositoryId: string, snapshot: KnownSnapshot): void;
  forget(repositoryId: string): void;
}

/** Keeps snapshots up to a size in bytes of all together, about; the one that was kept the longest ago goes first. */
export function createKnownSnapshots(limit: number): KnownSnapshots {
  const kept = new Map<string, { snapshot: KnownSnapshot; size: number }>();
  let total = 0;
  const forget = (repositoryId: string): void => {
    total -= kept.get(repositoryId)?.size ?? 0;
    kept.delete(repositoryId);
  };
  return {
    of(repositoryId, commit, ruleSet) {
      const snapshot = kept.get(repositoryId)?.snapshot;
      return snapshot !== undefined && snapshot.commit === commit && snapshot.ruleSet === ruleSet ? snapshot : null;
    },
    keep(repositoryId, snapshot) {
      forget(repositoryId);
      const size = sizeOf(snapshot);
      if (size > limit) return;
      kept.set(repositoryId, { snapshot, size });
      total += size;
      for (const oldest of kept.keys()) {
        if (total <= limit) break;
        forget(oldest);
      }
    },
    forget,
  };
}

// What the objects around the text of a file take.
const FILE_BYTES = 600;

function sizeOf({ files, facts }: KnownSnapshot): number {
  let size = files.length * FILE_BYTES;
  for (const fact of facts.values()) size += (fact.state === 'analysed' ? fact.body.length : 0) + (fact.findings?.length ?? 0);
  return size;
}
