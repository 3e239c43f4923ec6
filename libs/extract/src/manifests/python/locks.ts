import type { LockedRequirement, ResolvedLock } from '@granary/contracts';
import type { Failure } from '../family';
import { isFailure } from '../family';
import type { JsonObject } from '../json';
import { isObject, isString, text } from '../json';
import { parseToml } from '../toml';
import type { Importer, LockedPackageEntry, Scope } from '../values';
import { isName, isPath, keyText, lockedRequirement, sortedByKey, versionText } from '../values';
import { at } from './pyproject';
import { pypiName } from './requirement';

/**
 * The lock without its lists of files and hashes, which nobody needs and which are nine tenths of it: what is left is
 * parsed in half the time, and in a tenth of it while the parser is still cold.
 */
const withoutFiles = (source: string): string => source.replace(/^(?:files|wheels) = \[\r?\n(?:[ \t].*\r?\n)*\]\r?$/gm, '').replace(/^(?:sdist|description) = .*$/gm, '');

interface Entry { key: string; name: string; version: string | null; link: string | null; table: JsonObject }

/** The packages of a lock, each key once, and how a name leads to them. */
function entriesOf(value: JsonObject, linkOf: (source: JsonObject) => string | null): Entry[] {
  const listed = Array.isArray(value['package']) ? value['package'].filter(isObject) : [];
  return listed.flatMap((table): Entry[] => {
    const name = text(table['name']);
    if (!isName(name)) return [];
    const version = versionText(table['version']);
    const link = linkOf(at(table, 'source'));
    return [{ key: keyText(`${pypiName(name)}@${version ?? ''}`), name: pypiName(name), version, link, table }];
  });
}

const pathOr = (path: unknown): string | null => (isPath(path) ? path : null);

const packageOf = ({ key, name, version, link }: Entry, requirements: LockedRequirement[]): LockedPackageEntry => ({ key, name, version, link, requirements: link === null ? requirements : [] });

/** What the graph needs of a `poetry.lock`. It does not say what the project asked for. */
export function reducePoetryLock(source: string): ResolvedLock | Failure {
  const parsed = parseToml(withoutFiles(source));
  if (isFailure(parsed)) return parsed;
  const entries = entriesOf(parsed.value, (from) => (from['type'] === 'directory' ? pathOr(from['url']) : null));
  // Several versions of a package are for different versions of Python; the newest comes last.
  const newest = new Map(entries.map(({ name, key }) => [name, key]));
  const packages = entries.map((entry) => packageOf(entry, Object.entries(at(entry.table, 'dependencies')).flatMap(([name, written]) => {
    const asked = [written].flat();
    const optional = asked.length > 0 && asked.every((one: unknown) => isObject(one) && one['optional'] === true);
    const range = asked.map((one: unknown) => (isString(one) ? one : isObject(one) ? text(one['version']) : undefined)).filter(isString).join(' || ');
    return lockedRequirement(pypiName(name), range === '*' ? null : range, optional ? 'optional' : 'runtime', newest.get(pypiName(name)) ?? null);
  })));
  return { ecosystem: 'pypi', importers: [], packages: sortedByKey(packages) };
}

/** What the graph needs of a `uv.lock`: also what each package of the workspace got. */
export function reduceUvLock(source: string): ResolvedLock | Failure {
  const parsed = parseToml(withoutFiles(source));
  if (isFailure(parsed)) return parsed;
  const entries = entriesOf(parsed.value, (from) => pathOr(from['editable'] ?? from['virtual'] ?? from['directory']));
  const newest = new Map(entries.map(({ name, key }) => [name, key]));
  const keys = new Set(entries.map(({ key }) => key));
  const keyOf = (dependency: JsonObject): string | null => {
    const name = pypiName(text(dependency['name']) ?? '');
    // Only where a name has several versions does a dependency say which.
    const exact = keyText(`${name}@${text(dependency['version']) ?? ''}`);
    return keys.has(exact) ? exact : (newest.get(name) ?? null);
  };
  const packages = entries.map((entry) => ({ entry, requirements: uvRequirements(entry.table, keyOf) }));
  return {
    ecosystem: 'pypi',
    importers: packages.flatMap(({ entry: { link }, requirements }): Importer[] => (link === null ? [] : [{ folder: link, requirements }])),
    packages: sortedByKey(packages.map(({ entry, requirements }) => packageOf(entry, requirements))),
  };
}

function uvRequirements(table: JsonObject, keyOf: (dependency: JsonObject) => string | null): LockedRequirement[] {
  const asked = [...tablesOf(at(table, 'metadata')['requires-dist']), ...Object.values(at(table, 'metadata', 'requires-dev')).flatMap(tablesOf)];
  const ranges = new Map(asked.map((one) => [text(one['name']), text(one['specifier']) ?? null]));
  const required = (list: unknown, scope: Scope): LockedRequirement[] =>
    tablesOf(list).flatMap((dependency) => lockedRequirement(pypiName(text(dependency['name']) ?? ''), ranges.get(text(dependency['name'])) ?? null, scope, keyOf(dependency)));
  return [
    ...required(table['dependencies'], 'runtime'),
    ...Object.values(at(table, 'optional-dependencies')).flatMap((list) => required(list, 'optional')),
    ...Object.values(at(table, 'dev-dependencies')).flatMap((list) => required(list, 'dev')),
  ];
}

const tablesOf = (list: unknown): JsonObject[] => (Array.isArray(list) ? list.filter(isObject) : []);
