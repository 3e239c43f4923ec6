import type { ResolvedLock } from '@granary/contracts';
import type { Failure } from '../family';
import { isFailure } from '../family';
import type { JsonObject } from '../json';
import { isObject, parseObject, ranges, text } from '../json';
import type { LockedPackageEntry } from '../values';
import { isName, keyText, lockedRequirement, sortedByKey, versionText } from '../values';

/** What the graph needs of a `packages.lock.json` of NuGet, all target frameworks together. */
export function reducePackagesLock(source: string): ResolvedLock | Failure {
  const parsed = parseObject(source);
  if (isFailure(parsed)) return parsed;
  if (!isObject(parsed.value['dependencies'])) return { error: `no 'dependencies' in it` };
  const frameworks = Object.values(parsed.value['dependencies']).filter(isObject).map(entriesOf);
  return {
    ecosystem: 'nuget',
    importers: [{ folder: '.', requirements: unique(frameworks.flatMap((entries) => entries.flatMap(({ name, key, table }) => (table['type'] === 'Direct' ? lockedRequirement(name, text(table['requested']), 'runtime', key) : [])))) }],
    packages: sortedByKey(frameworks.flatMap((entries) => entries.map((entry) => packageOf(entry, entries)))),
  };
}

interface Entry { name: string; key: string; table: JsonObject }

function entriesOf(framework: JsonObject): Entry[] {
  return Object.entries(framework).flatMap(([name, table]): Entry[] => (isObject(table) && isName(name) ? [{ name, key: keyText(`${name}@${text(table['resolved']) ?? ''}`), table }] : []));
}

function packageOf({ name, key, table }: Entry, entries: readonly Entry[]): LockedPackageEntry {
  // NuGet's names do not differ by case.
  const keyOf = (wanted: string): string | null => entries.find((entry) => entry.name.toLowerCase() === wanted.toLowerCase())?.key ?? null;
  return {
    key, name, version: versionText(table['resolved']), link: null,
    requirements: Object.entries(ranges(table['dependencies']) ?? {}).flatMap(([wanted, range]) => lockedRequirement(wanted, range, 'runtime', keyOf(wanted))),
    ...(table['type'] === 'Project' ? { own: true } : {}),
  };
}

function unique<T extends { name: string; to: string | null }>(requirements: readonly T[]): T[] {
  return [...new Map(requirements.map((one) => [`${one.name}\n${one.to ?? ''}`, one])).values()];
}
