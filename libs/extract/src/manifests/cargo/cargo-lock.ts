import type { ResolvedLock } from '@granary/contracts';
import type { Failure } from '../family';
import { isFailure } from '../family';
import { isObject, isString, text, texts } from '../json';
import { parseToml } from '../toml';
import type { LockedPackageEntry } from '../values';
import { isName, keyText, sortedByKey, versionText } from '../values';

interface Crate { name: string; version: string; source: string | null; dependencies: string[] }

/** What the graph needs of a `Cargo.lock`. It does not say where the crates of the workspace lie, only that they have no source. */
export function reduceCargoLock(source: string): ResolvedLock | Failure {
  const crates = cratesOf(source);
  if (isFailure(crates)) return crates;
  const byNameAndVersion = Map.groupBy(crates, ({ name, version }) => `${name} ${version}`);
  const keyOf = ({ name, version, source: from }: Crate): string => keyText((byNameAndVersion.get(`${name} ${version}`)?.length ?? 0) > 1 ? `${name} ${version} (${from ?? ''})` : `${name} ${version}`);
  const byReference = new Map<string, string>();
  // A dependency is written as shortly as is unique: `a`, `a 1.0.0`, `a 1.0.0 (source)`. Older locks always write all of it.
  for (const crate of crates) {
    const key = keyOf(crate);
    for (const reference of [crate.name, `${crate.name} ${crate.version}`, `${crate.name} ${crate.version} (${crate.source ?? ''})`]) byReference.set(reference, key);
  }
  const packages = crates.map((crate): LockedPackageEntry => ({
    key: keyOf(crate),
    name: crate.name,
    version: versionText(crate.version),
    link: null,
    requirements: crate.dependencies.flatMap((reference) => {
      const [name = ''] = reference.split(' ', 1);
      return isName(name) ? [{ name, range: null, scope: 'runtime' as const, to: byReference.get(reference) ?? null }] : [];
    }),
    ...(crate.source === null ? { own: true } : {}),
  }));
  return { ecosystem: 'cargo', importers: [], packages: sortedByKey(packages) };
}

function cratesOf(source: string): Crate[] | Failure {
  const parsed = parseToml(source);
  if (isFailure(parsed)) return parsed;
  const listed = [parsed.value['root'], parsed.value['package']].flat().filter(isObject);
  return listed.flatMap((crate) => {
    const [name, version] = [crate['name'], crate['version']];
    if (!isName(name) || !isString(version)) return [];
    return [{ name, version, source: text(crate['source']) ?? null, dependencies: texts(crate['dependencies']) ?? [] }];
  });
}
