import type { LockedPackage } from '@granary/contracts';
import { folderOf, foldersUp, joinPath, pathBelow } from '../paths';
import type { LockFile } from './manifests';

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
  /** The lock file that a manifest's dependencies are locked in; null when there is none. */
  covering(manifestFolder: string): NpmLock | null;
  /**
   * What an import of a name finds, looking through node_modules folder by folder as Node does. When the manifest that
   * asks for the name is known, only the lock file that covers it counts: without one, nothing says what gets installed.
   */
  installed(folder: string, name: string, askedIn: string | null): Installed | null;
}

/** Arranges the lock files of a snapshot. */
export function locksOf(files: readonly LockFile[]): Locks {
  const byFolder = new Map<string, NpmLock>();
  for (const { path, content } of files) {
    const folder = folderOf(path);
    // Sorted by path, npm-shrinkwrap.json comes before package-lock.json, and npm prefers it too.
    if (!byFolder.has(folder)) byFolder.set(folder, { folder, locations: new Map(Object.entries(content.packages)) });
  }
  const above = (folder: string): NpmLock[] => foldersUp(folder).flatMap((at) => byFolder.get(at) ?? []);
  const covering = (folder: string): NpmLock | null => above(folder).find((lock) => covers(lock, folder)) ?? null;
  return {
    all: [...byFolder.values()],
    covering,
    installed(folder, name, askedIn) {
      const candidates = askedIn === null ? above(folder) : [covering(askedIn) ?? []].flat();
      for (const lock of candidates) {
        const found = lookUp(lock, pathBelow(lock.folder, folder) ?? '', name);
        if (found !== null) return installedAt(lock, found);
      }
      return null;
    },
  };
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
