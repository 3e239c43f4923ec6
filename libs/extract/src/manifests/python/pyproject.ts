import type { DeclaredPackage, DeclaredRequirement } from '@granary/contracts';
import type { Failure } from '../family';
import { isFailure } from '../family';
import type { JsonObject } from '../json';
import { isObject, isString, text, texts } from '../json';
import { parseToml } from '../toml';
import type { Scope } from '../values';
import { emptyPackage, entryPoint, isName, isPath, pathsOf, publicText, requirement, versionText } from '../values';
import { pep508, pypiName } from './requirement';

/** What the graph needs of a `pyproject.toml`: PEP 621 and PEP 735, and what poetry, uv, pdm, setuptools and hatch add. */
export function reducePyproject(source: string): DeclaredPackage | Failure {
  const parsed = parseToml(source);
  if (isFailure(parsed)) return parsed;
  const project = at(parsed.value, 'project');
  const poetry = at(parsed.value, 'tool', 'poetry');
  const name = text(project['name']) ?? text(poetry['name']);
  const requirements = [...standard(parsed.value), ...poetryRequirements(poetry), ...developmentOf(parsed.value)];
  const sources = uvSources(parsed.value);
  return {
    ...emptyPackage('pypi'),
    name: isName(name) ? pypiName(name) : null,
    version: versionText(project['version'] ?? poetry['version']),
    requirements: requirements.map((asked) => withSource(asked, sources.get(asked.name))),
    entries: entriesOf(project, poetry),
    members: membersOf(at(parsed.value, 'tool', 'uv', 'workspace')),
    sources: sourceFolders(parsed.value),
    replaces: [...sources].flatMap(([replaced, { workspace }]) => (workspace && isName(replaced) ? [{ name: replaced, with: replaced }] : [])),
  };
}

/** What `pyproject.toml` and `Pipfile` have in common: a name and a version, or a table with more. */
export function tableRequirements(table: unknown, scope: Scope): DeclaredRequirement[] {
  if (!isObject(table)) return [];
  return Object.entries(table).flatMap(([name, written]) => {
    // Poetry writes the version of Python itself among the packages, and several constraints as a list.
    if (name.toLowerCase() === 'python') return [];
    return [written].flat().flatMap((asked: unknown) => {
      if (isString(asked)) return requirement({ name: pypiName(name), range: anyAsNull(asked), scope });
      if (!isObject(asked)) return [];
      const range = text(asked['version']) ?? text(asked['git']) ?? text(asked['url']);
      return requirement({ name: pypiName(name), range: range === undefined ? null : anyAsNull(range), scope: asked['optional'] === true ? 'optional' : scope, path: text(asked['path']) });
    });
  });
}

const anyAsNull = (range: string): string | null => (range.trim() === '*' ? null : range);

/** The table at a path; an empty one when there is none. */
export function at(value: JsonObject, ...path: string[]): JsonObject {
  let found: unknown = value;
  for (const key of path) found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return isObject(found) ? found : {};
}

function standard(value: JsonObject): DeclaredRequirement[] {
  const project = at(value, 'project');
  const listed = (list: unknown, scope: Scope): DeclaredRequirement[] => (texts(list) ?? []).flatMap((asked) => pep508(asked, { scope }));
  return [
    ...listed(project['dependencies'], 'runtime'),
    ...Object.values(at(project, 'optional-dependencies')).flatMap((list) => listed(list, 'optional')),
    // `{include-group = "test"}` names a group that is listed itself.
    ...Object.values(at(value, 'dependency-groups')).flatMap((list) => listed(list, 'dev')),
  ];
}

function poetryRequirements(poetry: JsonObject): DeclaredRequirement[] {
  return [
    ...tableRequirements(poetry['dependencies'], 'runtime'),
    ...tableRequirements(poetry['dev-dependencies'], 'dev'),
    ...Object.values(at(poetry, 'group')).flatMap((group) => tableRequirements(isObject(group) ? group['dependencies'] : null, 'dev')),
  ];
}

function developmentOf(value: JsonObject): DeclaredRequirement[] {
  const lists = [at(value, 'tool', 'uv')['dev-dependencies'], ...Object.values(at(value, 'tool', 'pdm', 'dev-dependencies'))];
  return lists.flatMap((list) => texts(list) ?? []).flatMap((asked) => pep508(asked.replace(/^-e\s+/, ''), { scope: 'dev' }));
}

interface Source { path: string | undefined; workspace: boolean; address: string | undefined }

function uvSources(value: JsonObject): Map<string, Source> {
  return new Map(Object.entries(at(value, 'tool', 'uv', 'sources')).flatMap(([name, written]): [string, Source][] => {
    // A list gives a source for each platform.
    const source: unknown = [written].flat()[0];
    if (!isObject(source)) return [];
    return [[pypiName(name), { path: text(source['path']), workspace: source['workspace'] === true, address: text(source['git']) ?? text(source['url']) }]];
  }));
}

function withSource(asked: DeclaredRequirement, source: Source | undefined): DeclaredRequirement {
  if (source?.address !== undefined) return { ...asked, range: publicText(source.address).slice(0, 1024) || null };
  return source !== undefined && isPath(source.path) ? { ...asked, path: source.path } : asked;
}

function entriesOf(project: JsonObject, poetry: JsonObject): DeclaredPackage['entries'] {
  const targetOf = (written: unknown): unknown => (isObject(written) ? (written['reference'] ?? written['callable']) : written);
  const all = (table: JsonObject, kind: 'bin' | 'export', prefix = '') => Object.entries(table).flatMap(([name, target]) => entryPoint(kind, prefix + name, targetOf(target)));
  const groups = (table: JsonObject) => Object.entries(table).flatMap(([group, names]) => (isObject(names) ? all(names, 'export', `${group}:`) : []));
  return [
    ...all(at(project, 'scripts'), 'bin'), ...all(at(project, 'gui-scripts'), 'bin'), ...all(at(poetry, 'scripts'), 'bin'),
    ...groups(at(project, 'entry-points')), ...groups(at(poetry, 'plugins')),
  ];
}

function membersOf(workspace: JsonObject): string[] {
  return [...pathsOf(workspace['members']), ...pathsOf(workspace['exclude']).map((pattern) => `!${pattern}`)];
}

/** Where build backends are told that packages lie, when that is not beside the manifest. */
function sourceFolders(value: JsonObject): string[] {
  const setuptools = at(value, 'tool', 'setuptools');
  const poetry = at(value, 'tool', 'poetry')['packages'];
  const hatch = at(value, 'tool', 'hatch', 'build', 'targets', 'wheel');
  const named = [
    at(setuptools, 'package-dir')[''],
    ...(texts(at(setuptools, 'packages', 'find')['where']) ?? []),
    ...(Array.isArray(poetry) ? poetry.map((entry: unknown) => (isObject(entry) ? entry['from'] : undefined)) : []),
    ...(texts(hatch['packages']) ?? []).map((folder) => folder.replace(/\/?[^/]*\/?$/, '')),
    ...(texts(hatch['sources']) ?? []),
    at(value, 'tool', 'pdm', 'build')['package-dir'],
    at(value, 'tool', 'maturin')['python-source'],
  ];
  return [...new Set(named.filter(isPath))].filter((folder) => folder !== '.');
}
