import type { DeclaredPackage, DeclaredRequirement } from '@granary/contracts';
import { posix } from 'node:path';
import type { Failure } from '../family';
import { isFailure } from '../family';
import type { JsonObject } from '../json';
import { emptyPackage, isName, requirement, versionText } from '../values';
import { elements, parseXml, textOf } from '../xml';

/**
 * What the graph needs of a project file of .NET, or of `Directory.Build.props` and `Directory.Packages.props` above it.
 * `$(Name)` becomes `${Name}`; conditions are not weighed: what any of them asks for is asked for.
 */
export function reduceCsproj(source: string): DeclaredPackage | Failure {
  const parsed = parseXml(source, 'Project');
  if (isFailure(parsed)) return parsed;
  const groups = elements(parsed.value, 'ItemGroup');
  const items = (name: string): JsonObject[] => groups.flatMap((group) => elements(group, name));
  const properties = propertiesOf(parsed.value);
  const name = properties['PackageId'];
  return {
    ...emptyPackage('nuget'),
    name: isName(name) ? name : null,
    version: versionText(properties['PackageVersion'] ?? properties['Version'] ?? properties['VersionPrefix']),
    requirements: [...['PackageReference', 'GlobalPackageReference'].flatMap((kind) => items(kind).flatMap(packageReference)), ...items('ProjectReference').flatMap(projectReference)],
    managed: items('PackageVersion').flatMap(packageReference),
    properties,
  };
}

const attribute = (item: JsonObject, name: string): string | null => placeholders(textOf(item, `@${name}`) ?? textOf(item, name));

const placeholders = (text: string | null): string | null => text?.replace(/\$\(([\w.]+)\)/g, '${$1}') ?? null;

/** `Update` says more about what another file includes. */
function packageReference(item: JsonObject): DeclaredRequirement[] {
  const name = attribute(item, 'Include') ?? attribute(item, 'Update');
  const privately = /^all$/i.test(attribute(item, 'PrivateAssets') ?? '');
  return (name ?? '').split(';').flatMap((one) => requirement({ name: one.trim(), range: attribute(item, 'VersionOverride') ?? attribute(item, 'Version'), scope: privately ? 'dev' : 'runtime' }));
}

/** `..\Core\Core.csproj`, which is written with the separators of Windows. */
function projectReference(item: JsonObject): DeclaredRequirement[] {
  const path = attribute(item, 'Include')?.replaceAll('\\', '/').trim() ?? '';
  if (path === '' || path.includes('${') || path.includes('*')) return [];
  const { name, dir } = posix.parse(path);
  return requirement({ name, range: null, scope: 'runtime', path: dir || '.' });
}

function propertiesOf(project: JsonObject): Record<string, string> {
  return Object.fromEntries(elements(project, 'PropertyGroup').flatMap((group) => Object.keys(group).flatMap((key): [string, string][] => {
    const value = key.startsWith('@') || key === '#text' ? null : placeholders(textOf(group, key));
    return value === null || value.length > 512 ? [] : [[key, value]];
  })));
}
