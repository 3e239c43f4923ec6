import { isSame } from '../same';
import type { Ecosystem } from './declared';
import type { LockFile, Manifests } from './manifests';
import type { PackageManifest } from './package-manifest';
import type { Resolved } from './resolved';

/** What differs between the manifests and lock files of two snapshots, as far as links are concerned. */
export interface ManifestTurn {
  /** The names for which packages ask otherwise or something else is locked; `shape` when more differs than that. */
  npm: 'shape' | ReadonlySet<string>;
  /** The other ecosystems of which any manifest or lock file differs. */
  ecosystems: ReadonlySet<Ecosystem>;
}

const ECOSYSTEMS: readonly Ecosystem[] = ['cargo', 'golang', 'maven', 'nuget', 'pypi'];

/** Compares the manifests of two snapshots. */
export function manifestTurnOf(before: Manifests, after: Manifests): ManifestTurn {
  const of = ({ declared, resolved }: Manifests, ecosystem: Ecosystem): unknown => [declared, resolved].map((list) => list.filter(({ content }) => content.ecosystem === ecosystem));
  return {
    npm: namesAskedOtherwise(before, after) ?? 'shape',
    ecosystems: new Set(ECOSYSTEMS.filter((ecosystem) => !isSame(of(before, ecosystem), of(after, ecosystem)))),
  };
}

/** Null when more differs than what is asked for and locked: then files may be found elsewhere, or other locks count. */
function namesAskedOtherwise(before: Manifests, after: Manifests): ReadonlySet<string> | null {
  const names = new Set<string>();
  const isNamed = isSame(before.tsconfigs, after.tsconfigs)
    && isSame(before.packages.map(shapeOf), after.packages.map(shapeOf))
    && areAlike(before.locks, after.locks, coversOf(before), coversOf(after))
    && areAlike(npmLocks(before), npmLocks(after), shapeOfLock);
  if (!isNamed) return null;
  for (const [a, b] of pairs(before.packages, after.packages)) addDiffering(byName(a.requirements), byName(b.requirements), names);
  for (const [a, b] of pairs(before.locks, after.locks)) addDifferingLocations(a, b, names);
  for (const [a, b] of pairs(npmLocks(before), npmLocks(after))) addDifferingEntries(a, b, names);
  return names;
}

const npmLocks = ({ resolved }: Manifests): Resolved[] => resolved.filter(({ content }) => content.ecosystem === 'npm');

/** What of a `package.json` says where files lie. */
const shapeOf = ({ path, name, entries, exports, imports, workspaces }: PackageManifest): unknown => [path, name, entries, exports, imports, workspaces];

// Folders of the repository are locations too: they say which manifests the lock file is for.
function coversOf({ packages }: Manifests): (lock: LockFile) => unknown {
  const areSomeInstalled = packages.some(({ folder }) => isInstalled(folder));
  return ({ path, content }) => [path, Object.keys(content.packages).filter((location) => areSomeInstalled || !isInstalled(location))];
}

const isInstalled = (location: string): boolean => `/${location}`.includes('/node_modules/');

// Without those that are the same object: a lock file that did not change.
const pairs = <T>(before: readonly T[], after: readonly T[]): [T, T][] => before.flatMap((one, place): [T, T][] => {
  const other = after[place];
  return other === undefined || other === one ? [] : [[one, other]];
});

const areAlike = <T>(before: readonly T[], after: readonly T[], shape: (one: T) => unknown, shapeAfter = shape): boolean => before.length === after.length && pairs(before, after).every(([a, b]) => isSame(shape(a), shapeAfter(b)));

const shapeOfLock = ({ path, kind, content }: Resolved): unknown => [path, kind, content.importers.map(({ folder }) => folder), content.packages.filter(({ own }) => own === true)];

const byName = <T extends { name: string }>(list: readonly T[]): Map<string, T[]> => Map.groupBy(list, ({ name }) => name);

function addDiffering<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>, names: Set<string>): void {
  for (const [name, value] of before) if (!isSame(value, after.get(name))) names.add(name);
  for (const name of after.keys()) if (!before.has(name)) names.add(name);
}

function addDifferingLocations(before: LockFile, after: LockFile, names: Set<string>): void {
  const locations = new Set<string>();
  addDiffering(new Map(Object.entries(before.content.packages)), new Map(Object.entries(after.content.packages)), locations);
  for (const location of locations) names.add(location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length));
}

/** An entry is found by its own name, by the names under which manifests got it, and by those under which it is asked for. */
function addDifferingEntries(before: Resolved, after: Resolved, names: Set<string>): void {
  const [old, now] = [foundIn(before), foundIn(after)];
  const [keys, descriptors] = [new Set<string>(), new Set<string>()];
  addDiffering(old.byName, now.byName, names);
  addDiffering(old.byKey, now.byKey, keys);
  addDiffering(old.byDescriptor, now.byDescriptor, descriptors);
  for (const descriptor of descriptors) names.add(nameIn(descriptor));
  for (const [place, { requirements }] of before.content.importers.entries()) {
    const others = after.content.importers[place]?.requirements ?? [];
    addDiffering(byName(requirements), byName(others), names);
    for (const { name, to } of [...requirements, ...others]) if (keys.has(to ?? '')) names.add(name);
  }
}

interface Found { byName: ReadonlyMap<string, unknown>; byKey: ReadonlyMap<string, unknown>; byDescriptor: ReadonlyMap<string, unknown> }

// In the order of the file, which decides between entries of one name. What an entry needs in turn is nobody's import.
function foundIn({ content }: Resolved): Found {
  const entries = content.packages.map(({ key, name, version, link, descriptors = [] }) => ({ key, name, version, link, descriptors }));
  return {
    byName: Map.groupBy(entries, ({ name }) => name),
    byKey: new Map(entries.map((entry) => [entry.key, entry])),
    byDescriptor: new Map(entries.flatMap((entry) => entry.descriptors.map((descriptor) => [descriptor, entry] as const))),
  };
}

/** `name` of `name@range`. */
function nameIn(descriptor: string): string {
  const at = descriptor.indexOf('@', 1);
  return at < 0 ? descriptor : descriptor.slice(0, at);
}
