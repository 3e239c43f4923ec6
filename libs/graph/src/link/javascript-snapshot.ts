import type { Locks } from '../manifests/locks';
import type { RepositoryPackages } from '../manifests/repository-packages';
import { memoize } from '../memoize';
import { foldersUp } from '../paths';
import type { Notes } from './notes';
import type { Snapshot } from './package-entry';

/** What JavaScript and TypeScript imports are resolved against. */
export interface JavaScriptSnapshot extends Snapshot {
  packages: RepositoryPackages;
  locks: Locks;
  /** The committed node_modules that Node would look into from a folder, nearest first: mostly none, sometimes test data. */
  installations: (folder: string) => readonly string[];
  notes: Notes;
}

/** Completes what is known of a snapshot with what only these languages ask. */
export function javaScriptSnapshot(parts: Omit<JavaScriptSnapshot, 'installations'>): JavaScriptSnapshot {
  const places = (folder: string): string[] => foldersUp(folder).map((at) => (at === '' ? 'node_modules' : `${at}/node_modules`));
  return { ...parts, installations: memoize((folder) => places(folder).filter((place) => parts.tree.isFolder(place))) };
}
