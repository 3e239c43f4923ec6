import { requirementOf, type PackageManifest } from '../manifests/package-manifest';
import type { Locks } from '../manifests/locks';
import { joinPath } from '../paths';
import type { RepositoryPackages } from '../manifests/repository-packages';

/**
 * The package of this repository that a name means in a folder: the folder's own package, a workspace, or what a
 * requirement or a lock file points to. Null when the name means a package from outside, or none.
 */
export function ownPackage(packages: RepositoryPackages, locks: Locks, folder: string, name: string): PackageManifest | null {
  const home = packages.nearest(folder);
  if (home?.name === name && (home.exports !== null || requirementOf(home, name) === null)) return home;
  const asked = packages.requirement(folder, name);
  const range = asked?.requirement.range ?? '';
  const [, relative] = /^(?:file|link|portal):(.*)$/.exec(range) ?? [];
  const pointedTo = relative === undefined || asked === null ? null : joinPath(asked.manifest.folder, relative);
  if (pointedTo !== null) return packages.at(pointedTo) ?? packages.named(name, folder);
  const locked = locks.installed(folder, name, asked?.manifest.folder ?? null);
  if (locked === null || range.startsWith('workspace:')) return packages.named(name, folder);
  // What the lock file fetched from a registry is not the package of the same name that happens to lie here.
  return locked.linkedTo === null ? null : (packages.at(locked.linkedTo) ?? packages.named(name, folder));
}
