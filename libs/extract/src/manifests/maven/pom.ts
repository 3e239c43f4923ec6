import type { DeclaredPackage, DeclaredRequirement } from '@granary/contracts';
import type { Failure } from '../family';
import { isFailure } from '../family';
import type { JsonObject } from '../json';
import { isObject, isString } from '../json';
import type { Scope } from '../values';
import { emptyPackage, isName, isPath, pathsOf, requirement, versionText } from '../values';
import { elements, parseXml, textOf, textsOf } from '../xml';

/**
 * What the graph needs of a `pom.xml`. Properties stay as they are written (`${…}`): what they stand for may be said in
 * a parent, which is another file. Profiles only count with their modules: what they ask for is not asked for by default.
 */
export function reducePom(source: string): DeclaredPackage | Failure {
  const parsed = parseXml(source, 'project');
  if (isFailure(parsed)) return parsed;
  const project = parsed.value;
  const [parent] = elements(project, 'parent');
  const name = nameOf(textOf(project, 'groupId') ?? textOf(parent, 'groupId'), textOf(project, 'artifactId'));
  const parts = [project, ...elements(project, 'profiles').flatMap((profiles) => elements(profiles, 'profile'))];
  const management = elements(project, 'dependencyManagement');
  const folders = elements(project, 'build').flatMap((build) => ['sourceDirectory', 'testSourceDirectory'].flatMap((folder) => textOf(build, folder) ?? []));
  return {
    ...emptyPackage('maven'),
    name: isName(name) ? name : null,
    version: versionText(textOf(project, 'version') ?? textOf(parent, 'version')),
    requirements: dependenciesOf(project),
    members: pathsOf(parts.flatMap((part) => elements(part, 'modules').flatMap((modules) => textsOf(modules, 'module')))),
    sources: pathsOf(folders.map((folder) => folder.replace(/^\$\{(?:project\.)?basedir\}\//, ''))).filter((folder) => !folder.includes('${')),
    parent: parentOf(parent),
    managed: management.flatMap(dependenciesOf),
    includes: management.flatMap(listed).filter(isBill).flatMap(billOf),
    properties: propertiesOf(project, parent),
  };
}

function nameOf(group: string | null, artifact: string | null): string | null {
  return group === null || artifact === null ? null : `${group}:${artifact}`;
}

function parentOf(parent: JsonObject | undefined): string | null {
  const name = nameOf(textOf(parent, 'groupId'), textOf(parent, 'artifactId'));
  const written = name === null ? null : `${name}:${textOf(parent, 'version') ?? ''}`;
  return isPath(written) ? written : null;
}

const listed = (parent: JsonObject): JsonObject[] => elements(parent, 'dependencies').flatMap((dependencies) => elements(dependencies, 'dependency'));

const isBill = (dependency: JsonObject): boolean => textOf(dependency, 'scope') === 'import';

/** A bill of materials is not a dependency: it brings the versions that it manages. */
function billOf(dependency: JsonObject): string[] {
  const name = nameOf(textOf(dependency, 'groupId'), textOf(dependency, 'artifactId'));
  return name === null ? [] : pathsOf([`${name}:${textOf(dependency, 'version') ?? ''}`]);
}

function dependenciesOf(parent: JsonObject): DeclaredRequirement[] {
  return listed(parent).filter((dependency) => !isBill(dependency)).flatMap((dependency) =>
    requirement({
      name: nameOf(textOf(dependency, 'groupId'), textOf(dependency, 'artifactId')),
      range: textOf(dependency, 'version'),
      scope: textOf(dependency, 'optional') === 'true' ? 'optional' : scopeOf(textOf(dependency, 'scope')),
    }));
}

/** `provided` is brought by whoever runs the program, as a peer is. */
function scopeOf(scope: string | null): Scope {
  if (scope === 'test') return 'dev';
  return scope === 'provided' ? 'peer' : 'runtime';
}

function propertiesOf(project: JsonObject, parent: JsonObject | undefined): Record<string, string> {
  const written = elements(project, 'properties').flatMap((properties) => Object.keys(properties).flatMap((key): [string, string][] => {
    const value = key.startsWith('@') ? null : textOf(properties, key);
    return value === null ? [] : [[key, value]];
  }));
  const own = [['groupId', textOf(project, 'groupId') ?? textOf(parent, 'groupId')], ['artifactId', textOf(project, 'artifactId')], ['version', textOf(project, 'version') ?? textOf(parent, 'version')]] as const;
  const given = own.flatMap(([key, value]): [string, string][] => (isString(value) ? [[`project.${key}`, value]] : []));
  const above = isObject(parent) ? (['groupId', 'version'] as const).flatMap((key): [string, string][] => [[`project.parent.${key}`, textOf(parent, key) ?? '']]) : [];
  return Object.fromEntries([...written, ...given, ...above]);
}
