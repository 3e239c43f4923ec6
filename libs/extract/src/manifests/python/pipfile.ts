import type { DeclaredPackage, ResolvedLock } from '@granary/contracts';
import type { Failure } from '../family';
import { isFailure } from '../family';
import { isObject, parseObject, text } from '../json';
import { parseToml } from '../toml';
import type { LockedPackageEntry } from '../values';
import { emptyPackage, isName, isPath, keyText, sortedByKey, versionText } from '../values';
import { tableRequirements } from './pyproject';
import { pypiName } from './requirement';

/** What the graph needs of a `Pipfile`. */
export function reducePipfile(source: string): DeclaredPackage | Failure {
  const parsed = parseToml(source);
  if (isFailure(parsed)) return parsed;
  return { ...emptyPackage('pypi'), requirements: [...tableRequirements(parsed.value['packages'], 'runtime'), ...tableRequirements(parsed.value['dev-packages'], 'dev')] };
}

/** What the graph needs of a `Pipfile.lock`: versions; it does not say who needs what. */
export function reducePipfileLock(source: string): ResolvedLock | Failure {
  const parsed = parseObject(source);
  if (isFailure(parsed)) return parsed;
  const packages = ['default', 'develop'].flatMap((section) => {
    const table = parsed.value[section];
    return isObject(table) ? Object.entries(table) : [];
  });
  return { ecosystem: 'pypi', importers: [], packages: sortedByKey(packages.flatMap(([name, locked]) => packageOf(pypiName(name), locked))) };
}

function packageOf(name: string, locked: unknown): LockedPackageEntry[] {
  if (!isObject(locked) || !isName(name)) return [];
  const version = versionText(text(locked['version'])?.replace(/^==/, '') ?? text(locked['ref']));
  const path = locked['path'] ?? (text(locked['file'])?.startsWith('.') === true ? locked['file'] : undefined);
  return [{ key: keyText(`${name}@${version ?? ''}`), name, version, link: isPath(path) ? path : null, requirements: [] }];
}
