import type { FactManifest, PackageLock } from '@granary/contracts';
import { byCodeUnit, folderOf } from '../paths';
import type { Declared, Resolved } from './declared';
import { readPackageManifest, withMembers, type PackageManifest } from './package-manifest';
import { readTsConfig, type TsConfig } from './tsconfig';

/** A lock file, unread: `@granary/contracts` already gives it one shape for every version of the format. */
export interface LockFile { path: string; content: PackageLock }

/** The manifests of a snapshot by family, each ordered by path. What could not be read is among the failures. */
export interface Manifests {
  packages: readonly PackageManifest[];
  tsconfigs: readonly TsConfig[];
  locks: readonly LockFile[];
  declared: readonly Declared[];
  resolved: readonly Resolved[];
  /** Address by path, from `.gitmodules`. */
  submodules: ReadonlyMap<string, string | null>;
  failures: readonly { path: string; reason: string }[];
}

/** Sorts the manifests of a fact pack into families. */
export function readManifests(manifests: readonly FactManifest[]): Manifests {
  const packages: PackageManifest[] = [];
  const tsconfigs: TsConfig[] = [];
  const locks: LockFile[] = [];
  const declared: Declared[] = [];
  const resolved: Resolved[] = [];
  const submodules = new Map<string, string | null>();
  const workspaces = new Map<string, readonly string[]>();
  const failures: { path: string; reason: string }[] = [];
  for (const manifest of [...manifests].sort((a, b) => byCodeUnit(a.path, b.path))) {
    if (manifest.error !== null) failures.push({ path: manifest.path, reason: manifest.error.slice(0, 512) || 'could not be read' });
    if (manifest.content === null) continue;
    const { path } = manifest;
    switch (manifest.kind) {
      case 'package.json':
        packages.push(readPackageManifest(path, manifest.content));
        break;
      case 'tsconfig.json':
        tsconfigs.push(readTsConfig(path, manifest.content));
        break;
      case 'package-lock.json':
        locks.push({ path, content: manifest.content });
        break;
      case 'gitmodules':
        for (const submodule of manifest.content.submodules) submodules.set(submodule.path, submodule.url);
        break;
      case 'pnpm-workspace.yaml':
        workspaces.set(folderOf(path), manifest.content.members);
        break;
      default:
        if ('packages' in manifest.content) resolved.push({ path, folder: folderOf(path), kind: manifest.kind as Resolved['kind'], content: manifest.content });
        else declared.push({ path, folder: folderOf(path), kind: manifest.kind as Declared['kind'], content: manifest.content });
    }
  }
  return { packages: packages.map((manifest) => withMembers(manifest, workspaces.get(manifest.folder) ?? [])), tsconfigs, locks, declared, resolved, submodules, failures };
}
