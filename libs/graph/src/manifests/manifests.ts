import type { EntryPoints, FactManifest, PackageLock, ResolvedLock, Workspace } from '@granary/contracts';
import { memoizeByObject } from '../memoize';
import { byCodeUnit, folderOf, foldersUp } from '../paths';
import type { Declared } from './declared';
import { inherited } from './inherit';
import { readPackageManifest, withCatalogs, withMembers, type PackageManifest } from './package-manifest';
import type { Resolved } from './resolved';
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
  /** What the repository says itself, unproven. */
  ownEntries: EntryPoints['entrypoints'];
  failures: readonly { path: string; reason: string }[];
}

/** Sorts the manifests of a fact pack into families. */
export function readManifests(manifests: readonly FactManifest[]): Manifests {
  const packages: PackageManifest[] = [];
  const tsconfigs: TsConfig[] = [];
  const locks: LockFile[] = [];
  const declared: Declared[] = [];
  const resolved: Resolved[] = [];
  const ownEntries: EntryPoints['entrypoints'] = [];
  const submodules = new Map<string, string | null>();
  const workspaces = new Map<string, Workspace>();
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
        locks.push(lockFileOf(manifest as Holding<PackageLock>));
        break;
      case 'entry_points.json':
        ownEntries.push(...manifest.content.entrypoints);
        break;
      case 'gitmodules':
        for (const submodule of manifest.content.submodules) submodules.set(submodule.path, submodule.url);
        break;
      case 'pnpm-workspace.yaml':
        workspaces.set(folderOf(path), manifest.content);
        break;
      default:
        if ('packages' in manifest.content) resolved.push(resolvedOf(manifest as Holding<ResolvedLock>));
        else declared.push({ path, folder: projectFolder(path, manifest.kind), kind: manifest.kind as Declared['kind'], content: manifest.content });
    }
  }
  return { packages: packages.map((manifest) => inWorkspace(manifest, workspaces)), tsconfigs, locks, declared: inherited(declared).filter(saysSomething), resolved, submodules, ownEntries, failures };
}

type Holding<C> = FactManifest & { content: C };

// The same manifest is the same lock file: of large ones, all that is made of them is kept from one snapshot to the next.
const lockFileOf = memoizeByObject(({ path, content }: Holding<PackageLock>): LockFile => ({ path, content }));
const resolvedOf = memoizeByObject(({ path, kind, content }: Holding<ResolvedLock>): Resolved => ({ path, folder: folderOf(path), kind: kind as Resolved['kind'], content }));

/** Requirements that lie in a folder of their own are those of the folder above. */
function projectFolder(path: string, kind: string): string {
  const folder = folderOf(path);
  return kind === 'requirements.txt' && /(?:^|\/)requirements$/i.test(folder) ? folderOf(folder) : folder;
}

function inWorkspace(manifest: PackageManifest, workspaces: ReadonlyMap<string, Workspace>): PackageManifest {
  if (workspaces.size === 0) return manifest;
  const catalogs = foldersUp(manifest.folder).map((folder) => workspaces.get(folder)?.catalogs).find((found) => found !== undefined) ?? {};
  return withCatalogs(withMembers(manifest, workspaces.get(manifest.folder)?.members ?? []), catalogs);
}

// A `pyproject.toml` may hold nothing but the settings of a linter: it is no manifest of a project then.
function saysSomething({ content }: Declared): boolean {
  const { name, requirements, entries, members, sources, replaces, parent, managed = [], includes = [] } = content;
  return name !== null || parent !== null || [requirements, entries, members, sources, replaces, managed, includes].some((list) => list.length > 0);
}
