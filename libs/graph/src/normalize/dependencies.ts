import type { GraphDependency, GraphPackage } from '@granary/contracts';
import { ownPackage } from '../link/own-package';
import { byCodeUnit } from '../paths';
import type { RepositoryPackages } from '../manifests/repository-packages';
import { aliasOf, requirementsOf, type PackageManifest } from '../manifests/package-manifest';
import { installedAt, lookUp, type Locks, type NpmLock } from '../manifests/locks';
import { npmPurl } from '../purl';

/** The external packages of a snapshot and who asks for them; `missingLocks` are folders whose dependencies nothing pins. */
export interface Dependencies {
  packages: ReadonlyMap<string, GraphPackage>;
  dependsOn: GraphDependency[];
  missingLocks: string[];
}

export interface DependencyInput {
  manifests: readonly PackageManifest[];
  packages: RepositoryPackages;
  locks: Locks;
}

/** The dependencies that manifests declare and lock files add. Packages of the repository itself are not among them. */
export function dependenciesOf({ manifests, packages, locks }: DependencyInput): Dependencies {
  const collected = collector();
  const missingLocks: string[] = [];
  for (const manifest of manifests.filter((candidate) => !isInstalled(candidate.folder))) {
    const external = manifest.requirements.filter(({ name }) => ownPackage(packages, locks, manifest.folder, name) === null);
    for (const { name, scope, range } of external) {
      const found = locks.installed(manifest.folder, name, manifest.folder);
      const to = collected.keep(found?.name ?? aliasOf(range) ?? name, found?.version ?? null);
      collected.edge({ direct: true, from: manifest.folder || '.', range, scope, to });
    }
    if (external.length > 0 && locks.covering(manifest.folder) === null) missingLocks.push(manifest.folder || '.');
  }
  for (const lock of locks.all) addLocked(lock, collected);
  return { packages: collected.packages, dependsOn: collected.sortedEdges(), missingLocks: missingLocks.sort(byCodeUnit) };
}

const isInstalled = (folder: string): boolean => `/${folder}/`.includes('/node_modules/');

interface Collector {
  packages: Map<string, GraphPackage>;
  keep(name: string, version: string | null): string;
  edge(dependency: GraphDependency): void;
  sortedEdges(): GraphDependency[];
}

function collector(): Collector {
  const packages = new Map<string, GraphPackage>();
  const edges = new Map<string, GraphDependency>();
  return {
    packages,
    keep(name, version) {
      const purl = npmPurl(name, version);
      if (!packages.has(purl)) packages.set(purl, { name, purl, version });
      return purl;
    },
    edge: (dependency) => edges.set([dependency.from, dependency.to, dependency.scope, dependency.range].join('\n'), dependency),
    sortedEdges: () => [...edges.values()].sort(byDependency),
  };
}

// Locations without node_modules are the repository's own folders; their manifests have been read already.
function addLocked(lock: NpmLock, collected: Collector): void {
  for (const [location, entry] of lock.locations) {
    if (!`/${location}`.includes('/node_modules/') || entry.link === true) continue;
    const { name, version } = installedAt(lock, location);
    const from = collected.keep(name, version);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = entry;
    for (const { name: wanted, scope, range } of requirementsOf({ dependencies, optionalDependencies, peerDependencies })) {
      const found = lookUp(lock, location, wanted);
      // Optional and peer dependencies need not be installed; a runtime dependency that is missing is a fact worth keeping.
      if (found === null && scope !== 'runtime') continue;
      const target = found === null ? { name: aliasOf(range) ?? wanted, version: null } : installedAt(lock, found);
      if (found !== null && lock.locations.get(found)?.link === true) continue;
      collected.edge({ direct: false, from, range, scope, to: collected.keep(target.name, target.version) });
    }
  }
}

function byDependency(a: GraphDependency, b: GraphDependency): number {
  return byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to) || byCodeUnit(a.scope, b.scope) || byCodeUnit(a.range ?? '', b.range ?? '');
}
