import type { GraphDependency, GraphPackage } from '@granary/contracts';
import { ownPackage } from '../link/own-package';
import { memoizeByObject } from '../memoize';
import { byCodeUnit } from '../paths';
import type { RepositoryPackages } from '../manifests/repository-packages';
import { aliasOf, requirementsOf, type PackageManifest } from '../manifests/package-manifest';
import { installedAt, lookUp, type Locks, type NpmLock } from '../manifests/locks';
import type { DeclaredPackages, Ecosystem } from '../manifests/declared';
import type { LockView } from '../manifests/resolved';
import { purlOf } from '../purl';

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
  declared: DeclaredPackages;
}

/** The dependencies that manifests declare and lock files add. Packages of the repository itself are not among them. */
export function dependenciesOf(input: DependencyInput): Dependencies {
  const collected = collector();
  const missingLocks = new Set([...addPackageManifests(input, collected), ...ECOSYSTEMS.flatMap((ecosystem) => addDeclared(input.declared, ecosystem, collected))]);
  for (const lock of input.locks.all) collected.add(lockedBy(lock));
  for (const view of input.declared.locks) collected.add(resolvedBy(view));
  return { packages: collected.packages, dependsOn: collected.sortedEdges(), missingLocks: [...missingLocks].sort(byCodeUnit) };
}

const ECOSYSTEMS: readonly Ecosystem[] = ['cargo', 'golang', 'maven', 'nuget', 'pypi'];

/** The folders without a lock file. */
function addPackageManifests({ manifests, packages, locks }: DependencyInput, collected: Collector): string[] {
  const missingLocks: string[] = [];
  for (const manifest of manifests.filter((candidate) => !isInstalled(candidate.folder))) {
    const external = manifest.requirements.filter(({ name }) => ownPackage(packages, locks, manifest.folder, name) === null);
    for (const { name, scope, range } of external) {
      const found = locks.installed(manifest.folder, name, manifest.folder);
      const to = collected.keep('npm', found?.name ?? aliasOf(range) ?? name, found?.version ?? null);
      collected.edge({ direct: true, from: manifest.folder || '.', range, scope, to });
    }
    if (external.length > 0 && !locks.covers(manifest.folder)) missingLocks.push(manifest.folder || '.');
  }
  return missingLocks;
}

const isInstalled = (folder: string): boolean => `/${folder}/`.includes('/node_modules/');

// Go's manifests pin versions themselves, Maven has no lock files and NuGet's are not expected.
const EXPECTS_LOCK: ReadonlySet<Ecosystem> = new Set(['cargo', 'pypi']);

/** The folders in which something is neither locked nor pinned. */
function addDeclared(declared: DeclaredPackages, ecosystem: Ecosystem, collected: Collector): string[] {
  const missingLocks: string[] = [];
  for (const manifest of declared.all(ecosystem)) {
    const external = manifest.content.requirements.flatMap((requirement) => {
      const meant = declared.meaning(manifest, requirement);
      return meant.to === 'folder' ? [] : [{ requirement, to: collected.keep(ecosystem, meant.name, meant.version), version: meant.version }];
    });
    const purls = new Map(external.map(({ requirement, to }) => [requirement.name, to]));
    for (const { requirement: { range, scope, indirect = false, via = [] }, to } of external) {
      const needing = indirect ? via.flatMap((name) => purls.get(name) ?? []) : [];
      // Pinned by a tool for somebody else: what that one asked for is not written down.
      for (const from of needing) collected.edge({ direct: false, from, range: null, scope, to });
      if (needing.length === 0) collected.edge({ direct: !indirect, from: manifest.folder || '.', range, scope, to });
    }
    if (EXPECTS_LOCK.has(ecosystem) && external.some(({ version }) => version === null) && !declared.isLocked(manifest)) missingLocks.push(manifest.folder || '.');
  }
  return missingLocks;
}

interface Collector {
  packages: Map<string, GraphPackage>;
  keep(ecosystem: Ecosystem, name: string, version: string | null): string;
  edge(dependency: GraphDependency): void;
  /** Takes over what was collected apart, as if it had been collected here. */
  add(part: Part): void;
  sortedEdges(): GraphDependency[];
}

/** What was collected of one lock file, the edges sorted. */
interface Part {
  packages: ReadonlyMap<string, GraphPackage>;
  edges: readonly (readonly [key: string, dependency: GraphDependency])[];
}

// A lock file alone decides what it adds, and large ones seldom change.
const lockedBy = memoizeByObject((lock: NpmLock): Part => partOf((collected) => addLocked(lock, collected)));
const resolvedBy = memoizeByObject((view: LockView): Part => partOf((collected) => addResolved(view, collected)));

function partOf(collect: (into: Collector) => void): Part {
  const collected = collector();
  collect(collected);
  return { packages: collected.packages, edges: collected.sortedEdges().map((dependency) => [keyOf(dependency), dependency]) };
}

const keyOf = ({ from, to, scope, range }: GraphDependency): string => [from, to, scope, range].join('\n');

function collector(): Collector {
  const packages = new Map<string, GraphPackage>();
  // Nearly every package is needed by many.
  const purls = new Map<string, string>();
  const edges = new Map<string, GraphDependency>();
  return {
    packages,
    keep(ecosystem, name, version) {
      const question = `${ecosystem}\n${name}\n${version === null ? '' : `@${version}`}`;
      const known = purls.get(question);
      if (known !== undefined) return known;
      const purl = purlOf(ecosystem, name, version);
      purls.set(question, purl);
      if (!packages.has(purl)) packages.set(purl, { name, purl, version });
      return purl;
    },
    edge: (dependency) => edges.set(keyOf(dependency), dependency),
    add(part) {
      for (const [purl, one] of part.packages) if (!packages.has(purl)) packages.set(purl, one);
      for (const [key, dependency] of part.edges) edges.set(key, dependency);
    },
    sortedEdges: () => [...edges.values()].sort(byDependency),
  };
}

// Locations without node_modules are the repository's own folders; their manifests have been read already.
function addLocked(lock: NpmLock, collected: Collector): void {
  for (const [location, entry] of lock.locations) {
    if (!`/${location}`.includes('/node_modules/') || entry.link === true) continue;
    const { name, version } = installedAt(lock, location);
    const from = collected.keep('npm', name, version);
    const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = entry;
    for (const { name: wanted, scope, range } of requirementsOf({ dependencies, optionalDependencies, peerDependencies })) {
      const found = lookUp(lock, location, wanted);
      // Optional and peer dependencies need not be installed; a runtime dependency that is missing is a fact worth keeping.
      if (found === null && scope !== 'runtime') continue;
      const target = found === null ? { name: aliasOf(range) ?? wanted, version: null } : installedAt(lock, found);
      if (found !== null && lock.locations.get(found)?.link === true) continue;
      collected.edge({ direct: false, from, range, scope, to: collected.keep('npm', target.name, target.version) });
    }
  }
}

/** The packages of a lock file of any other format, and what they need in turn. */
function addResolved({ lock, entry }: LockView, collected: Collector): void {
  const { ecosystem, packages } = lock.content;
  for (const { name, version, link, own, requirements } of packages) {
    if (link !== null || own === true) continue;
    const from = collected.keep(ecosystem, name, version);
    for (const { name: wanted, range, scope, to } of requirements) {
      const found = entry(to);
      if (found === null ? scope !== 'runtime' : found.link !== null || found.own === true) continue;
      collected.edge({ direct: false, from, range, scope, to: collected.keep(ecosystem, found?.name ?? wanted, found?.version ?? null) });
    }
  }
}

function byDependency(a: GraphDependency, b: GraphDependency): number {
  return byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to) || byCodeUnit(a.scope, b.scope) || byCodeUnit(a.range ?? '', b.range ?? '');
}
