import type { PackageManifest } from '../manifests/package-manifest';
import { sourceOfBuilt } from './built-files';
import { exportTargets } from './exports';
import { findFile, findFileBelow, findIndex, type Flavour } from './files';
import { joinPath } from '../paths';
import type { Tree } from './tree';
import type { TsConfigs } from './tsconfigs';

/** What finding a file of a package needs to know of the snapshot. */
export interface Snapshot { tree: Tree; tsconfigs: TsConfigs }

const RUNTIME = ['source', 'development', 'import', 'require', 'module', 'node', 'browser'];

/** The conditions an importer brings along; `types` only where nothing of the import is left at run time. */
export const CONDITIONS = {
  import: new Set(RUNTIME.filter((condition) => condition !== 'require')),
  require: new Set(RUNTIME.filter((condition) => condition !== 'import')),
  types: new Set(['types', 'source', 'import', 'require']),
} as const;
export type Conditions = keyof typeof CONDITIONS;

/** The file that a subpath of a package of this repository (`.` or `./x`) leads to; null when the repository does not hold it. */
export function fileOfPackage(snapshot: Snapshot, manifest: PackageManifest, subpath: string, conditions: Conditions, flavour: Flavour): string | null {
  const targets = manifest.exports === null ? [] : exportTargets(manifest.exports, subpath, CONDITIONS[conditions]);
  const found = fileOfTargets(snapshot, manifest.folder, targets, flavour);
  if (found !== null) return found;
  return subpath === '.' ? fileOfMain(snapshot, manifest, flavour) : fileOfSubpath(snapshot, manifest.folder, subpath, flavour);
}

/** The first target that exists, or whose source does; targets are written relative to the folder. */
export function fileOfTargets({ tree, tsconfigs }: Snapshot, folder: string, targets: readonly string[], flavour: Flavour): string | null {
  for (const target of targets) {
    const path = joinPath(folder, target);
    if (path === null) continue;
    const found = findFile(tree, path, flavour) ?? (tree.isFolder(path) ? findIndex(tree, path, flavour) : null) ?? sourceOfBuilt(tree, folder, path, tsconfigs.outputsFor(folder));
    if (found !== null) return found;
  }
  return null;
}

// A main that is built by rules we do not know still belongs to a package with a conventional entry.
function fileOfMain(snapshot: Snapshot, manifest: PackageManifest, flavour: Flavour): string | null {
  const { tree } = snapshot;
  const { folder, entries } = manifest;
  const conventional = [joinPath(folder, 'src'), folder, joinPath(folder, 'lib')];
  return fileOfTargets(snapshot, folder, entries, flavour)
    ?? first(conventional, (place) => (place === null ? null : findIndex(tree, place, flavour)))
    ?? first(['src/main', `src/${(manifest.name ?? '').replace(/^.*\//, '')}`], (stem) => findFileBelow(tree, folder, stem, flavour));
}

function fileOfSubpath(snapshot: Snapshot, folder: string, subpath: string, flavour: Flavour): string | null {
  const { tree, tsconfigs } = snapshot;
  return first([subpath, `src/${subpath}`, `source/${subpath}`], (written) => {
    const path = joinPath(folder, written);
    if (path === null || path === '') return null;
    return findFile(tree, path, flavour) ?? findIndex(tree, path, flavour) ?? sourceOfBuilt(tree, folder, path, tsconfigs.outputsFor(folder));
  });
}

function first<T, R>(values: readonly T[], find: (value: T) => R | null): R | null {
  for (const value of values) {
    const found = find(value);
    if (found !== null) return found;
  }
  return null;
}
