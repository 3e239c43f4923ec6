import { memoize } from '../memoize';
import { byCodeUnit, foldersUp, pathBelow } from '../paths';
import { requirementOf, type PackageManifest, type Requirement } from './package-manifest';
import { workspaceMembers } from './workspaces';

/** The package.json files of a snapshot, as imports see them. */
export interface RepositoryPackages {
  /** The package that a folder belongs to. */
  nearest(folder: string): PackageManifest | null;
  at(folder: string): PackageManifest | null;
  /** The package of this repository that an import of this name from this folder means; null when there is none in sight. */
  named(name: string, fromFolder: string): PackageManifest | null;
  /** The nearest manifest, in the folder or above, that asks for a package. */
  requirement(folder: string, name: string): { manifest: PackageManifest; requirement: Requirement } | null;
}

/** Arranges the packages of a snapshot by folder and by name. */
export function repositoryPackagesOf(manifests: readonly PackageManifest[]): RepositoryPackages {
  const byFolder = new Map(manifests.map((manifest) => [manifest.folder, manifest]));
  const byName = Map.groupBy(manifests.filter((manifest) => !isInstalled(manifest.folder)), (manifest) => manifest.name ?? '');
  const members = workspaceMembers(manifests);
  const above = memoize((folder: string) => foldersUp(folder).flatMap((at) => byFolder.get(at) ?? []));
  return {
    nearest: (folder) => above(folder)[0] ?? null,
    at: (folder) => byFolder.get(folder) ?? null,
    named: (name, fromFolder) => best((byName.get(name) ?? []).filter(({ folder }) => members.has(folder) || isInSight(folder, fromFolder)), members, fromFolder),
    requirement(folder, name) {
      for (const manifest of above(folder)) {
        const requirement = requirementOf(manifest, name);
        if (requirement !== null) return { manifest, requirement };
      }
      return null;
    },
  };
}

const isInstalled = (folder: string): boolean => `/${folder}/`.includes('/node_modules/');

// Test data often holds packages that borrow well-known names; outside of the test data those names mean the real ones.
const TEST_DATA = /(?:^|\/)(?:__fixtures__|fixtures?|testdata|test-data|__mocks__)(?=\/|$)/;

/** Whether a folder holds test data. */
export const isTestData = (folder: string): boolean => TEST_DATA.test(folder);

/** Whether what lies in a folder may be meant by something in another one. */
export function isInSight(folder: string, fromFolder: string): boolean {
  const found = TEST_DATA.exec(folder);
  if (found === null) return true;
  return pathBelow(folder.slice(0, found.index + found[0].length), fromFolder) !== null;
}

// Several packages of one name: a workspace, else the one that shares most folders with the importer, else the one
// nearest to the root.
function best(candidates: readonly PackageManifest[], members: ReadonlySet<string>, fromFolder: string): PackageManifest | null {
  const ranked = candidates
    .map((manifest) => ({ manifest, member: Number(members.has(manifest.folder)), shared: sharedSegments(manifest.folder, fromFolder), depth: manifest.folder.split('/').length }))
    .sort((a, b) => b.member - a.member || b.shared - a.shared || a.depth - b.depth || byCodeUnit(a.manifest.folder, b.manifest.folder));
  return ranked[0]?.manifest ?? null;
}

function sharedSegments(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  const differs = left.findIndex((segment, index) => segment !== right[index]);
  return differs < 0 ? left.length : differs;
}
