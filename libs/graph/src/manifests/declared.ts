import type { DeclaredManifest, DeclaredPackage, LockManifest, ResolvedLock } from '@granary/contracts';
import { memoize } from '../memoize';
import { foldersUp } from '../paths';

export type Ecosystem = DeclaredPackage['ecosystem'];

/** A manifest of any ecosystem but npm's `package.json`; `folder` is '' for the root. */
export interface Declared { path: string; folder: string; kind: DeclaredManifest['kind']; content: DeclaredPackage }

/** A lock file of any format but npm's own. */
export interface Resolved { path: string; folder: string; kind: LockManifest['kind']; content: ResolvedLock }

/** The manifests and lock files of a snapshot, as the linkers of all languages ask for them. */
export interface DeclaredPackages {
  /** Ordered by path. */
  all(ecosystem: Ecosystem): readonly Declared[];
  /** The manifests of the folder or of the nearest one above that has any; empty when there is none. */
  nearest(ecosystem: Ecosystem, folder: string): readonly Declared[];
  /** The version that the nearest lock file above gives to a package; null when none does. */
  lockedVersion(ecosystem: Ecosystem, folder: string, name: string): string | null;
}

/** Arranges manifests and lock files by ecosystem and folder. */
export function declaredPackagesOf(declared: readonly Declared[], resolved: readonly Resolved[]): DeclaredPackages {
  const byEcosystem = Map.groupBy(declared, ({ content }) => content.ecosystem);
  const byPlace = Map.groupBy(declared, ({ content, folder }) => `${content.ecosystem}:${folder}`);
  const locksByPlace = Map.groupBy(resolved, ({ content, folder }) => `${content.ecosystem}:${folder}`);
  const versions = memoize((place: string) => versionsOf(locksByPlace.get(place) ?? []));
  return {
    all: (ecosystem) => byEcosystem.get(ecosystem) ?? [],
    nearest(ecosystem, folder) {
      for (const at of foldersUp(folder)) {
        const found = byPlace.get(`${ecosystem}:${at}`);
        if (found !== undefined) return found;
      }
      return [];
    },
    lockedVersion(ecosystem, folder, name) {
      for (const at of foldersUp(folder)) {
        const version = versions(`${ecosystem}:${at}`).get(name);
        if (version !== undefined) return version;
      }
      return null;
    },
  };
}

// A name may be locked in several versions; the one that a manifest asked for is the one an import means.
function versionsOf(locks: readonly Resolved[]): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  for (const { content } of locks) {
    const byKey = new Map(content.packages.map((entry) => [entry.key, entry]));
    for (const { name, version } of content.packages) if (version !== null) versions.set(name, version);
    for (const { name, to } of content.importers.flatMap(({ requirements }) => requirements)) {
      const version = to === null ? null : (byKey.get(to)?.version ?? null);
      if (version !== null) versions.set(name, version);
    }
  }
  return versions;
}
