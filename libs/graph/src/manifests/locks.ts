import type { LockedPackage } from '@granary/contracts';
import { folderOf, foldersUp, joinPath, pathBelow } from '../paths';
import { memoize, memoizeByObject } from '../memoize';
import type { LockFile } from './manifests';
import { requirementOf, type PackageManifest } from './package-manifest';
import type { LockView } from './resolved';
import { workspaceMembers } from './workspaces';

/** What a lock file puts where a name is looked for. */
export interface Installed {
  /** The package's own name, which differs from the name asked for when that is an alias. */
  name: string;
  version: string | null;
  /** The folder of this repository that is linked there, instead of a package from a registry. */
  linkedTo: string | null;
}

/** A package-lock.json or npm-shrinkwrap.json; locations count from its own folder. */
export interface NpmLock {
  folder: string;
  locations: ReadonlyMap<string, LockedPackage>;
}

export interface Locks {
  all: readonly NpmLock[];
  /** Whether a lock file, of npm, pnpm or yarn, says what the dependencies of a manifest are. */
  covers(manifestFolder: string): boolean;
  /**
   * What an import of a name finds: for npm by looking through node_modules folder by folder as Node does, for pnpm and
   * yarn by what the manifest got. When the manifest that asks for the name is known, only the lock file that covers it
   * counts: without one, nothing says what gets installed.
   */
  installed(folder: string, name: string, askedIn: string | null): Installed | null;
}

export interface LockSources {
  npm: readonly LockFile[];
  /** Those of pnpm and yarn. */
  others: readonly LockView[];
  manifests: readonly PackageManifest[];
}

type AnyLock = { by: 'npm'; lock: NpmLock } | { by: 'other'; view: LockView };

/** Arranges the lock files of a snapshot. */
export function locksOf({ npm, others, manifests }: LockSources): Locks {
  const byFolder = new Map<string, NpmLock>();
  for (const lock of npm.map(npmLockOf)) {
    // Sorted by path, npm-shrinkwrap.json comes before package-lock.json, and npm prefers it too.
    if (!byFolder.has(lock.folder)) byFolder.set(lock.folder, lock);
  }
  const viewsByFolder = Map.groupBy(others, ({ lock }) => lock.folder);
  const manifestAt = new Map(manifests.map((manifest) => [manifest.folder, manifest]));
  const members = workspaceMembers(manifests);
  const above = memoize((folder: string): AnyLock[] => foldersUp(folder).flatMap((at) => {
    const own = byFolder.get(at);
    return [...(own === undefined ? [] : [{ by: 'npm', lock: own } as const]), ...(viewsByFolder.get(at) ?? []).map((view) => ({ by: 'other', view }) as const)];
  }));
  const covering = memoize((folder: string): AnyLock | null => above(folder).find((candidate) => (
    candidate.by === 'npm' ? covers(candidate.lock, folder) : candidate.view.covers({ folder, name: null }, members.has(folder))
  )) ?? null);
  const lookIn = (candidate: AnyLock, folder: string, name: string, askedIn: string | null): Installed | null => {
    if (candidate.by === 'other') return installedBy(candidate.view, name, askedIn === null ? null : manifestAt.get(askedIn) ?? null);
    const { lock } = candidate;
    const found = lookUp(lock, pathBelow(lock.folder, folder) ?? '', name);
    return found === null ? null : installedAt(lock, found);
  };
  return {
    all: [...byFolder.values()],
    covers: (folder) => covering(folder) !== null,
    installed(folder, name, askedIn) {
      const candidates = askedIn === null ? above(folder) : [covering(askedIn) ?? []].flat();
      for (const candidate of candidates) {
        const found = lookIn(candidate, folder, name, askedIn);
        if (found !== null) return found;
      }
      return null;
    },
  };
}

const npmLockOf = memoizeByObject(({ path, content }: LockFile): NpmLock => ({ folder: folderOf(path), locations: new Map(Object.entries(content.packages)) }));

function installedBy(view: LockView, name: string, asker: PackageManifest | null): Installed | null {
  const entry = asker === null ? view.ofName(name) : view.found({ folder: asker.folder, name: null }, name, requirementOf(asker, name)?.range ?? null);
  if (entry === null) return null;
  return { name: entry.name, version: entry.version, linkedTo: entry.link === null ? null : joinPath(view.lock.folder, entry.link) };
}

/** The location that a name leads to from a location of the same lock file, as npm resolves it; null when there is none. */
export function lookUp(lock: NpmLock, from: string, name: string): string | null {
  for (const at of foldersUp(from)) {
    const location = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (lock.locations.has(location)) return location;
  }
  return null;
}

/** What lies at a location of a lock file. */
export function installedAt(lock: NpmLock, location: string): Installed {
  const entry = lock.locations.get(location) ?? {};
  return {
    name: entry.name ?? location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version: entry.version ?? null,
    linkedTo: entry.link === true && entry.resolved !== undefined ? joinPath(lock.folder, entry.resolved) : null,
  };
}

function covers(lock: NpmLock, folder: string): boolean {
  const location = pathBelow(lock.folder, folder);
  return location === '' || (location !== null && lock.locations.has(location));
}
