import type { DeclaredManifest, DeclaredPackage, DeclaredRequirement } from '@granary/contracts';
import { memoize } from '../memoize';
import { foldersUp, joinPath, pathBelow } from '../paths';
import { isInSight } from './repository-packages';
import { viewOf, type LockEntry, type LockView, type Resolved } from './resolved';
import { isMember } from './workspaces';

export type Ecosystem = DeclaredPackage['ecosystem'];

/**
 * A manifest of any ecosystem but npm's `package.json`, with what it takes from others. `folder` is the project's: '' for
 * the root, and for `requirements/dev.txt` the folder above.
 */
export interface Declared { path: string; folder: string; kind: DeclaredManifest['kind']; content: DeclaredPackage }

/** What a requirement means: a folder of this repository, or a package from outside. */
export type Meaning = { to: 'folder'; folder: string } | { to: 'package'; name: string; version: string | null };

/** The manifests and lock files of a snapshot, as the linkers of all languages ask for them. */
export interface DeclaredPackages {
  /** Ordered by path. */
  all(ecosystem: Ecosystem): readonly Declared[];
  /** The manifests of the folder or of the nearest one above that has any; empty when there is none. */
  nearest(ecosystem: Ecosystem, folder: string): readonly Declared[];
  /** The version that manifests and lock files in the folder or above give to a package; null when none does. */
  lockedVersion(ecosystem: Ecosystem, folder: string, name: string): string | null;
  /** What a requirement of a manifest means. The same name and version lead to the same package as in the graph's dependencies. */
  meaning(manifest: Declared, requirement: DeclaredRequirement): Meaning;
  /** Whether a lock file covers a manifest. */
  isLocked(manifest: Declared): boolean;
  /** The lock files, ordered by path. */
  locks: readonly LockView[];
}

/** Arranges manifests and lock files by ecosystem and folder. */
export function declaredPackagesOf(declared: readonly Declared[], resolved: readonly Resolved[]): DeclaredPackages {
  const byEcosystem = Map.groupBy(declared, ({ content }) => content.ecosystem);
  const byPlace = Map.groupBy(declared, ({ content, folder }) => `${content.ecosystem}:${folder}`);
  const byName = Map.groupBy(declared, ({ content: { ecosystem, name } }) => `${ecosystem}:${name ?? ''}`);
  const locks = resolved.map(viewOf);
  const locksByPlace = Map.groupBy(locks, ({ lock }) => `${lock.content.ecosystem}:${lock.folder}`);

  const above = <T>(places: ReadonlyMap<string, readonly T[]>, ecosystem: Ecosystem, folder: string): T[] => foldersUp(folder).flatMap((at) => places.get(`${ecosystem}:${at}`) ?? []);
  const locksOf = (manifest: Declared): LockView[] => above(locksByPlace, manifest.content.ecosystem, manifest.folder).filter((view) => covers(view, manifest, byPlace));

  // pip-compile writes versions into a file beside the one that asks.
  const pins = memoize((place: string) => new Map((byPlace.get(place) ?? []).flatMap(({ content: { ecosystem, requirements } }) => requirements.flatMap(({ name, range }): [string, string][] => {
    const version = pinned(ecosystem, range);
    return version === null ? [] : [[name, version]];
  }))));
  const pinnedBeside = ({ folder, content: { ecosystem } }: Declared, name: string): string | null => (ecosystem === 'pypi' ? (pins(`pypi:${folder}`).get(name) ?? null) : null);

  const meaning = (manifest: Declared, requirement: DeclaredRequirement): Meaning => {
    const { ecosystem } = manifest.content;
    const inside = (path: string, from: string): Meaning => ({ to: 'folder', folder: joinPath(from, path) ?? from });
    if (requirement.path !== undefined) return inside(requirement.path, manifest.folder);
    const replaced = replacementOf(above(byPlace, ecosystem, manifest.folder), manifest, requirement.name);
    if (replaced !== null && replaced.with.startsWith('.')) return inside(replaced.with, replaced.folder);
    const [, name = requirement.name, version = null] = /^(.+?)(?:@(.*))?$/.exec(replaced?.with ?? '') ?? [];
    const own = OWN_BY_NAME.has(ecosystem) ? byName.get(`${ecosystem}:${name}`)?.find(({ folder }) => isInSight(folder, manifest.folder)) : undefined;
    if (own !== undefined) return { to: 'folder', folder: own.folder };
    const [entry] = locksOf(manifest).flatMap((view) => at(view, view.found({ folder: manifest.folder, name: manifest.content.name }, name, requirement.range)) ?? []);
    if (entry === undefined) return { to: 'package', name, version: version ?? pinned(ecosystem, requirement.range) ?? pinnedBeside(manifest, name) };
    if (entry.folder !== null) return { to: 'folder', folder: entry.folder };
    return { to: 'package', name: entry.found.name, version: entry.found.version };
  };

  const lockedVersion = memoize((question: string): string | null => {
    const [ecosystem, folder, name] = question.split('\n') as [Ecosystem, string, string];
    for (const manifest of above(byPlace, ecosystem, folder)) {
      const asked = manifest.content.requirements.find((requirement) => isSame(ecosystem, requirement.name, name));
      const meant = asked === undefined ? null : meaning(manifest, asked);
      if (meant?.to === 'package' && meant.version !== null) return meant.version;
    }
    for (const view of above(locksByPlace, ecosystem, folder)) {
      const version = view.ofName(name)?.version ?? null;
      if (version !== null) return version;
    }
    return null;
  });

  return {
    all: (ecosystem) => byEcosystem.get(ecosystem) ?? [],
    nearest: (ecosystem, folder) => foldersUp(folder).map((place) => byPlace.get(`${ecosystem}:${place}`)).find((found) => found !== undefined) ?? [],
    lockedVersion: (ecosystem, folder, name) => lockedVersion([ecosystem, folder, canonical(ecosystem, name)].join('\n')),
    meaning,
    isLocked: (manifest) => locksOf(manifest).some(({ lock }) => lock.kind !== 'constraints.txt'),
    locks,
  };
}

// Cargo and NuGet say where a package of the repository lies; elsewhere its name is enough.
const OWN_BY_NAME: ReadonlySet<Ecosystem> = new Set(['pypi', 'golang', 'maven']);

const canonical = (ecosystem: Ecosystem, name: string): string => (ecosystem === 'pypi' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name);

const isSame = (ecosystem: Ecosystem, a: string, b: string): boolean => a === b || (ecosystem === 'nuget' && a.toLowerCase() === b.toLowerCase());

// Only a lock file of a workspace covers what is below its folder: that of a plain project is none of its neighbours' business.
function covers(view: LockView, { folder, content: { ecosystem, name } }: Declared, byPlace: ReadonlyMap<string, readonly Declared[]>): boolean {
  const members = (byPlace.get(`${ecosystem}:${view.lock.folder}`) ?? []).flatMap(({ content }) => content.members);
  return view.covers({ folder, name }, isMember(members, pathBelow(view.lock.folder, folder)));
}

/** What a lock entry is, and the folder of this repository that it stands for. */
function at({ lock }: LockView, found: LockEntry | null): { found: LockEntry; folder: string | null } | null {
  if (found === null) return null;
  if (found.link !== null) return { found, folder: joinPath(lock.folder, found.link) ?? lock.folder };
  return { found, folder: found.own === true ? lock.folder : null };
}

/** What the manifest itself, or a workspace above it, puts in place of a package. */
function replacementOf(above: readonly Declared[], manifest: Declared, name: string): { with: string; folder: string } | null {
  const deciding = above.filter(({ path, content }) => path === manifest.path || content.members.length > 0);
  for (const { folder, content } of deciding) {
    const found = content.replaces.find((replaced) => replaced.name === name);
    if (found !== undefined) return { with: found.with, folder };
  }
  return null;
}

const PINNED: Readonly<Partial<Record<Ecosystem, RegExp>>> = {
  // The version in a `go.mod` is the one that is taken.
  golang: /^(v.+)$/,
  pypi: /^={2,3}([^,*]+)$/,
  cargo: /^=\s*(\d+\.\d+\.\d+[^,*\s]*)$/,
  // Written plainly, Maven and NuGet take just this version for what a project asks for itself.
  maven: /^([^[(,\s]+)$/,
  nuget: /^\[?\s*(\d[^[\](),*\s]*)\s*\]?$/,
};

/** The version that a range alone decides; null when it leaves a choice. */
function pinned(ecosystem: Ecosystem, range: string | null): string | null {
  return PINNED[ecosystem]?.exec(range ?? '')?.[1] ?? null;
}
