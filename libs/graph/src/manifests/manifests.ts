import type { FactManifest, PackageLock } from '@granary/contracts';
import { byCodeUnit } from '../paths';
import { readPackageManifest, type PackageManifest } from './package-manifest';
import { readTsConfig, type TsConfig } from './tsconfig';

/** A lock file, unread: `@granary/contracts` already gives it one shape for every version of the format. */
export interface LockFile { path: string; content: PackageLock }

/** The manifests of a snapshot by family, each ordered by path. What could not be read is among the failures. */
export interface Manifests {
  packages: readonly PackageManifest[];
  tsconfigs: readonly TsConfig[];
  locks: readonly LockFile[];
  failures: readonly { path: string; reason: string }[];
}

/** Sorts the manifests of a fact pack into families. */
export function readManifests(manifests: readonly FactManifest[]): Manifests {
  const packages: PackageManifest[] = [];
  const tsconfigs: TsConfig[] = [];
  const locks: LockFile[] = [];
  const failures: { path: string; reason: string }[] = [];
  for (const manifest of [...manifests].sort((a, b) => byCodeUnit(a.path, b.path))) {
    if (manifest.error !== null) failures.push({ path: manifest.path, reason: manifest.error.slice(0, 512) || 'could not be read' });
    if (manifest.content === null) continue;
    if (manifest.kind === 'package.json') packages.push(readPackageManifest(manifest.path, manifest.content));
    else if (manifest.kind === 'tsconfig.json') tsconfigs.push(readTsConfig(manifest.path, manifest.content));
    else locks.push({ path: manifest.path, content: manifest.content });
  }
  return { packages, tsconfigs, locks, failures };
}
