import type { LockManifest, LockedRequirement, ResolvedLock } from '@granary/contracts';
import { memoizeByObject } from '../memoize';
import { pathBelow } from '../paths';

/** A lock file of any format but npm's own. */
export interface Resolved { path: string; folder: string; kind: LockManifest['kind']; content: ResolvedLock }

export type LockEntry = ResolvedLock['packages'][number];

/** Who asks: a manifest's folder, and its name where that says more than the folder. */
export interface Asker { folder: string; name: string | null }

/** A lock file of any format but npm's own, arranged for look-ups. */
export interface LockView {
  lock: Resolved;
  entry(key: string | null): LockEntry | null;
  /** Whether it is the lock file of a manifest; `isMember` says what the manifests beside the lock file say of their workspaces. */
  covers(asker: Asker, isMember: boolean): boolean;
  /** What a manifest got for a name; null when that is not there. Where the lock does not say, the range decides, or the newest version. */
  found(asker: Asker, name: string, range: string | null): LockEntry | null;
  /** What a name leads to for whoever does not ask for it in a manifest; null when that depends on who does. */
  ofName(name: string): LockEntry | null;
}

/** Arranges a lock file, once. */
export const viewOf = memoizeByObject((lock: Resolved): LockView => {
  const { ecosystem, importers, packages } = lock.content;
  const entries = new Map(packages.map((entry) => [entry.key, entry]));
  const byName = Map.groupBy(packages, ({ name }) => comparable(ecosystem, name));
  const byFolder = new Map(importers.map(({ folder, requirements }) => [folder, byNameOf(ecosystem, requirements)]));
  const own = new Map(packages.filter((entry) => entry.own === true).map((entry) => [entry.name, byNameOf(ecosystem, entry.requirements)]));
  const byDescriptor = new Map(packages.flatMap((entry) => (entry.descriptors ?? []).map((descriptor) => [descriptor, entry] as const)));
  const requestsOf = ({ folder, name }: Asker): ReadonlyMap<string, LockedRequirement> | undefined => byFolder.get(pathBelow(lock.folder, folder) || '.') ?? own.get(name ?? '');
  const ofName = (name: string): LockEntry | null => {
    const candidates = byName.get(comparable(ecosystem, name)) ?? [];
    // pnpm shows nobody what they did not ask for, and of several versions of yarn any may be the one in sight.
    if (lock.kind === 'pnpm-lock.yaml' || (lock.kind === 'yarn.lock' && candidates.length > 1)) return null;
    return candidates.at(-1) ?? null;
  };
  return {
    lock,
    entry: (key) => entries.get(key ?? '') ?? null,
    covers(asker, isMember) {
      const below = pathBelow(lock.folder, asker.folder);
      if (below === null) return false;
      // A lock that names its manifests covers no other one.
      if (ecosystem === 'npm' && importers.length > 0) return byFolder.has(below || '.');
      return below === '' || byFolder.has(below) || own.has(asker.name ?? '') || isMember;
    },
    found(asker, name, range) {
      const got = requestsOf(asker)?.get(comparable(ecosystem, name));
      if (got !== undefined) return entries.get(got.to ?? '') ?? null;
      const [asked] = descriptorsOf(name, range).flatMap((descriptor) => byDescriptor.get(descriptor) ?? []);
      return asked ?? ofName(name);
    },
    ofName,
  };
});

const byNameOf = (ecosystem: string, requirements: readonly LockedRequirement[]): Map<string, LockedRequirement> => new Map(requirements.map((one) => [comparable(ecosystem, one.name), one]));

// NuGet's names do not differ by case; PyPI's are already written in one way.
const comparable = (ecosystem: string, name: string): string => (ecosystem === 'nuget' ? name.toLowerCase() : name);

// An empty range means any version, and later yarns write the protocol that earlier ones leave out.
const descriptorsOf = (name: string, range: string | null): string[] => (range === null || range === '*' ? [`${name}@*`, `${name}@`, `${name}@npm:*`] : [`${name}@${range}`, `${name}@npm:${range}`]);
