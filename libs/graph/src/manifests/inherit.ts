import type { DeclaredPackage, DeclaredRequirement } from '@granary/contracts';
import { byCodeUnit, folderOf, foldersUp, joinPath } from '../paths';
import type { Declared } from './declared';

/**
 * The manifests with what they take from others: members of a Cargo workspace from its root, poms from their parents and
 * bills of materials, projects of .NET from the properties above them, requirements of Python from the files they name.
 * Only what lies in the repository can be taken; a range that is said elsewhere stays unknown.
 */
export function inherited(declared: readonly Declared[]): Declared[] {
  const poms = pomsOf(declared.filter(({ kind }) => kind === 'pom.xml'));
  const byFolder = Map.groupBy(declared.filter(({ kind }) => kind === 'Cargo.toml' || kind === 'csproj'), ({ kind, folder }) => `${kind}:${folder}`);
  const byPath = new Map(declared.map((manifest) => [manifest.path, manifest]));
  const above = ({ kind, folder }: Declared): Declared[] => foldersUp(folder).flatMap((at) => byFolder.get(`${kind}:${at}`) ?? []);
  return declared.map((manifest) => {
    switch (manifest.kind) {
      case 'Cargo.toml': return withContent(manifest, memberOf(manifest, above(manifest)));
      case 'csproj': return withContent(manifest, projectBelow(manifest, above(manifest)));
      case 'pom.xml': return withContent(manifest, poms(manifest).content);
      case 'requirements.txt': return withContent(manifest, { ...manifest.content, requirements: requirementsOf(manifest, byPath, new Set()) });
      default: return manifest;
    }
  });
}

const withContent = (manifest: Declared, content: DeclaredPackage): Declared => ({ ...manifest, content });

type Properties = Readonly<Record<string, string>>;

/** The text with what its placeholders stand for; those that nothing says stay. */
function filledIn(text: string, properties: Properties): string {
  let filled = text;
  // A property may stand for another one; one that stands for itself must not go on for ever.
  for (let round = 0; round < 8 && filled.includes('${') && filled.length < 4096; round += 1) {
    const next = filled.replace(/\$\{([^${}]+)\}/g, (placeholder, name: string) => (Object.hasOwn(properties, name) ? (properties[name] ?? placeholder) : placeholder));
    if (next === filled) break;
    filled = next;
  }
  return filled;
}

/** Null when something in it is still unknown. */
function known(text: string | null, properties: Properties, max = 512): string | null {
  const filled = text === null ? null : filledIn(text, properties).trim();
  return filled === null || filled === '' || filled.includes('${') || filled.length > max ? null : filled;
}

function filledRequirements(requirements: readonly DeclaredRequirement[], properties: Properties): DeclaredRequirement[] {
  return requirements.flatMap((requirement) => {
    const name = known(requirement.name, properties);
    return name === null ? [] : [{ ...requirement, name, range: known(requirement.range, properties, 1024) }];
  });
}

// ---------------------------------------------------------------- Cargo

function memberOf(manifest: Declared, above: readonly Declared[]): DeclaredPackage {
  const { content, folder } = manifest;
  const root = above.find(({ content: { managed = [], members, properties } }) => managed.length > 0 || members.length > 0 || properties !== undefined);
  if (root === undefined) return { ...content, version: known(content.version, {}) };
  const managed = new Map((root.content.managed ?? []).map((one) => [one.alias ?? one.name, one]));
  return {
    ...content,
    version: known(content.version, root.content.properties ?? {}),
    requirements: content.requirements.map((requirement) => {
      const said = requirement.range === null && requirement.path === undefined ? managed.get(requirement.alias ?? requirement.name) : undefined;
      return said === undefined ? requirement : { ...said, scope: requirement.scope, ...(said.path === undefined ? {} : { path: seenFrom(folder, joinPath(root.folder, said.path) ?? '') }) };
    }),
  };
}

/** A folder of the repository, relative to another one. */
function seenFrom(folder: string, path: string): string {
  const up = folder === '' ? '.' : folder.split('/').map(() => '..').join('/');
  return path === '' ? up : `${up}/${path}`;
}

// ---------------------------------------------------------------- .NET

function projectBelow({ path, content }: Declared, above: readonly Declared[]): DeclaredPackage {
  const shared = above.filter((candidate) => candidate.path !== path && /(?:^|\/)Directory\.[^/]*\.props$/.test(candidate.path));
  const properties = Object.fromEntries([...shared].reverse().flatMap((one) => Object.entries(one.content.properties ?? {})).concat(Object.entries(content.properties ?? {})));
  const managed = new Map([...shared].reverse().flatMap((one) => one.content.managed ?? []).concat(content.managed ?? []).map((one) => [one.name.toLowerCase(), one.range]));
  const requirements = content.requirements.map((one) => (one.range === null && one.path === undefined ? { ...one, range: managed.get(one.name.toLowerCase()) ?? null } : one));
  return { ...content, name: known(content.name, properties), version: known(content.version, properties), requirements: filledRequirements(requirements, properties) };
}

// ---------------------------------------------------------------- Maven

interface Pom { content: DeclaredPackage; properties: Properties; managed: ReadonlyMap<string, DeclaredRequirement> }

const NO_POM: Pom = { content: { ecosystem: 'maven', name: null, version: null, requirements: [], entries: [], members: [], sources: [], replaces: [], parent: null }, properties: {}, managed: new Map() };

function pomsOf(declared: readonly Declared[]): (manifest: Declared) => Pom {
  const byName = Map.groupBy(declared, ({ content }) => content.name ?? '');
  const known = new Map<string, Pom>();
  const reading = new Set<string>();
  const named = (reference: string | null, from: Declared): Pom => {
    const candidates = byName.get(reference?.split(':').slice(0, 2).join(':') ?? '') ?? [];
    // Several poms of one name are mostly test data: the one above is meant.
    const found = candidates.find(({ folder }) => foldersUp(from.folder).includes(folder) && folder !== from.folder) ?? candidates[0];
    return found === undefined ? NO_POM : effective(found);
  };
  const effective = (manifest: Declared): Pom => {
    const found = known.get(manifest.path);
    if (found !== undefined) return found;
    if (reading.has(manifest.path)) return NO_POM;
    reading.add(manifest.path);
    const pom = pomOf(manifest, named(manifest.content.parent, manifest), (reference) => named(reference, manifest));
    reading.delete(manifest.path);
    known.set(manifest.path, pom);
    return pom;
  };
  return effective;
}

function pomOf({ content }: Declared, parent: Pom, named: (reference: string) => Pom): Pom {
  const properties = withOldNames({ ...parent.properties, ...content.properties });
  const bills = (content.includes ?? []).map((reference) => named(filledIn(reference, properties)));
  const managed = new Map([...parent.managed, ...bills.flatMap((bill) => [...bill.managed]), ...byNameOf(filledRequirements(content.managed ?? [], properties))]);
  const inheritedRequirements = new Map([...byNameOf(parent.content.requirements), ...byNameOf(filledRequirements(content.requirements, properties))]);
  const requirements = [...inheritedRequirements.values()].map((requirement) => {
    const said = managed.get(requirement.name);
    if (said === undefined) return requirement;
    return { ...requirement, range: requirement.range ?? said.range, scope: requirement.scope === 'runtime' ? said.scope : requirement.scope };
  });
  return { content: { ...content, name: known(content.name, properties), version: known(content.version, properties), requirements }, properties, managed };
}

const byNameOf = (requirements: readonly DeclaredRequirement[]): [string, DeclaredRequirement][] => requirements.map((requirement) => [requirement.name, requirement]);

// `${pom.version}` and `${version}` are older ways to write `${project.version}`.
function withOldNames(properties: Properties): Properties {
  const old = Object.entries(properties).flatMap(([name, value]): [string, string][] => (name.startsWith('project.') ? [[name.replace('project.', 'pom.'), value]] : []));
  return Object.fromEntries([...old, ...Object.entries(properties)]);
}

// ---------------------------------------------------------------- Python

/** Those of the file and of the files that it names. What a file is called says what it is for. */
function requirementsOf(manifest: Declared, byPath: ReadonlyMap<string, Declared>, seen: Set<string>): DeclaredRequirement[] {
  seen.add(manifest.path);
  const scoped = manifest.content.requirements.map((requirement) => (requirement.scope === 'runtime' && isForDevelopment(manifest.path) ? { ...requirement, scope: 'dev' as const } : requirement));
  const included = (manifest.content.includes ?? []).flatMap((include) => byPath.get(joinPath(folderOf(manifest.path), include) ?? '') ?? []);
  return [...scoped, ...included
    // The files of one folder count there anyhow.
    .filter(({ path, folder, kind }) => kind === 'requirements.txt' && folder !== manifest.folder && !seen.has(path))
    .sort((a, b) => byCodeUnit(a.path, b.path))
    .flatMap((other) => requirementsOf(other, byPath, seen).map((requirement) => moved(requirement, other.folder, manifest.folder)))];
}

const moved = (requirement: DeclaredRequirement, from: string, to: string): DeclaredRequirement => (requirement.path === undefined ? requirement : { ...requirement, path: seenFrom(to, joinPath(from, requirement.path) ?? '') });

const isForDevelopment = (path: string): boolean => /(?:^|[-_.])(?:dev|develop|development|tests?|testing|lint|linting|docs?|ci|build|typing|types|mypy|tools?)(?:[-_.]|$)/i.test(path.slice(path.lastIndexOf('/') + 1));
