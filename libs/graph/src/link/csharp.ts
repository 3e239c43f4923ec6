import type { FactModule } from '@granary/contracts';
import { byCodeUnit, folderOf } from '../paths';
import { dotnetBuiltin } from './csharp-builtins';
import { nugetPackages } from './csharp-packages';
import { projectsOf } from './csharp-projects';
import { nearestPath } from './nearest';
import type { Answer } from './notes';
import { NOTHING, type Linker, type Resolution } from './resolution';
import { offeredBy } from './turn';
import type { World } from './world';

/** The import is understood and leads to no other file. */
const NOWHERE: Resolution = { to: 'modules', paths: [] };

/**
 * Links C#. A `using` names a namespace, which many files share; so what it brings is decided by the types that the file
 * mentions (`*.Order`): each leads to the file that declares it in one of the namespaces in sight.
 */
export function csharpLinker(world: World): Linker {
  const { notes } = world;
  const index = indexOf(world);
  const projects = projectsOf(world);
  const external = nugetPackages(world.declared, projects);
  const modules = new Map(world.modules.map((module) => [module.path, module]));
  const projectOf = (folder: string): string => projects.projectOf(folder)?.folder ?? '';
  const globals = globalUsings(world, (path) => projectOf(folderOf(path)));
  return (from) => {
    const folder = folderOf(from);
    const context = contextOf(index, modules.get(from), globals.get(projectOf(folder)) ?? []);
    const outside = (namespace: string): Resolution | null => {
      notes.note(OUTSIDE);
      return external(folder)(namespace);
    };
    const resolve = (specifier: string): Resolution => {
      if (specifier.startsWith('*.')) return moduleOf(mentioned(index, context, specifier.slice(2), from), from) ?? NOWHERE;
      const name = fullName(index, context.own, specifier);
      const own = moduleOf(declaring(index, name, from), from) ?? ownNamespace(index, context, name, from);
      return own ?? outside(specifier) ?? dotnetBuiltin(specifier) ?? NOTHING;
    };
    const known = new Map<string, Answer>();
    return (specifier) => notes.answered(known, specifier, () => resolve(specifier));
  };
}

const OUTSIDE = 'outside';

/** Types are looked for by their simple names, whatever their namespaces. */
const typeKey = (name: string): string => `type:${name}`;
/** Whether there is a namespace, what types it has, and which of its files hold extension methods. */
const namespaceKey = (name: string): string => `namespace:${name}`;

/** Types are found by what files declare, projects by their files; a `global using` counts for all of its project. */
export const csharpDisturbed = offeredBy({
  languages: ['c#'],
  ecosystem: 'nuget',
  concerns: (path) => path.endsWith('.csproj'),
  offered: ({ declares = [] }) => declares.flatMap((name) => (name.startsWith('T:') ? keysOfType(name.slice('T:'.length)) : [name, ...enclosing(name)].map(namespaceKey))),
  shared: ({ imports }) => imports.flatMap(({ specifier, kind }) => (kind === 'reexport' ? specifier : [])),
  outside: OUTSIDE,
});

function keysOfType(name: string): string[] {
  const [namespace, type] = split(name);
  return [namespaceKey(namespace), typeKey(type), ...(type.endsWith('Attribute') ? [typeKey(type.slice(0, -'Attribute'.length))] : [])];
}

/** The paths of the types of a namespace, by simple name. */
type Types = ReadonlyMap<string, readonly string[]>;

interface Index {
  note: (key: string) => void;
  /** By namespace; '' for types outside of any. */
  types: ReadonlyMap<string, Types>;
  /** The simple names of all types: most names that a file mentions are none of them. */
  names: ReadonlySet<string>;
  /** The files with extension methods, by convention, of each namespace; empty for one that has none. */
  namespaces: ReadonlyMap<string, readonly string[]>;
}

function indexOf({ modules, files, notes }: World): Index {
  const types = new Map<string, Map<string, string[]>>();
  const namespaces = new Map<string, string[]>();
  const names = new Set<string>();
  const shortened: [Map<string, string[]>, string][] = [];
  for (const { path, declares = [] } of modules) {
    if (files.get(path)?.language !== 'c#') continue;
    for (const name of declares) {
      if (!name.startsWith('T:')) {
        addNamespaces(namespaces, name);
        continue;
      }
      const [namespace, type] = split(name.slice('T:'.length));
      const ofNamespace = types.get(namespace) ?? new Map<string, string[]>();
      types.set(namespace, ofNamespace);
      append(ofNamespace, type, path);
      names.add(type);
      // `[Mark]` is short for `[MarkAttribute]`.
      if (type.endsWith('Attribute')) shortened.push([ofNamespace, type]);
      if (type.endsWith('Extensions')) append(namespaces, namespace, path);
    }
  }
  for (const [ofNamespace, type] of shortened) {
    const short = type.slice(0, -'Attribute'.length);
    if (!ofNamespace.has(short)) ofNamespace.set(short, ofNamespace.get(type) ?? []);
    names.add(short);
  }
  return { note: notes.note, types, names, namespaces };
}

function split(name: string): [namespace: string, type: string] {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? ['', name] : [name.slice(0, dot), name.slice(dot + 1)];
}

// `A.B.C` makes `A` and `A.B` namespaces too.
function addNamespaces(namespaces: Map<string, string[]>, name: string): void {
  for (let end = name.length; end > 0 && !namespaces.has(name.slice(0, end)); end = name.lastIndexOf('.', end - 1)) namespaces.set(name.slice(0, end), []);
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** The namespaces that `global using` brings to every file of a project. */
function globalUsings({ modules, files }: World, projectOf: (path: string) => string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { path, imports } of modules) {
    if (files.get(path)?.language !== 'c#') continue;
    for (const { specifier, kind } of imports) if (kind === 'reexport') append(found, projectOf(path), specifier);
  }
  return found;
}

/** What decides what the names that a file mentions mean. */
interface Context {
  own: ReadonlySet<string>;
  mentions: readonly string[];
  /** The types of its own namespaces. */
  near: readonly Types[];
  /** Those of other namespaces, in the order of their right: around its own, then what it uses, then what its project uses. */
  inSight: readonly Types[];
}

function contextOf(index: Index, module: FactModule | undefined, globals: readonly string[]): Context {
  const own = new Set((module?.declares ?? []).filter((name) => !name.startsWith('T:')));
  const written = (module?.imports ?? []).map(({ specifier }) => specifier);
  const used = written.filter((specifier) => !specifier.startsWith('*.')).map((specifier) => fullName(index, own, specifier));
  const typesOf = (names: Iterable<string>): Types[] => [...new Set(names)].flatMap((name) => index.types.get(name) ?? []);
  return {
    own,
    near: typesOf(own),
    mentions: written.filter((specifier) => specifier.startsWith('*.')).map((specifier) => specifier.slice(2)),
    inSight: typesOf([...[...own].flatMap(enclosing), ...used, ...[...globals].sort(byCodeUnit)]),
  };
}

/** What a name means inside of the file's namespaces: `A.B` for `using B` in `namespace A`, when there is one. */
function fullName({ note, types, namespaces }: Index, own: ReadonlySet<string>, name: string): string {
  const isKnown = (candidate: string): boolean => {
    const [namespace, type] = split(candidate);
    note(namespaceKey(candidate));
    note(typeKey(type));
    return namespaces.has(candidate) || types.get(namespace)?.has(type) === true;
  };
  if (isKnown(name)) return name;
  return [...own].flatMap((namespace) => [namespace, ...enclosing(namespace)]).map((namespace) => `${namespace}.${name}`).find(isKnown) ?? name;
}

/** `A.B` and `A` for `A.B.C`: their types can be named without a `using`. */
function enclosing(namespace: string): string[] {
  const found: string[] = [];
  for (let dot = namespace.lastIndexOf('.'); dot > 0; dot = namespace.lastIndexOf('.', dot - 1)) found.push(namespace.slice(0, dot));
  return found;
}

// What the own namespace has needs no import, so none is claimed.
function mentioned({ note, names }: Index, { near, inSight }: Context, name: string, from: string): string | null {
  note(typeKey(name));
  if (!names.has(name) || near.some((types) => types.has(name))) return null;
  const paths = inSight.find((types) => types.has(name))?.get(name);
  return paths === undefined ? null : nearestPath(paths, from, (path) => isNamedAfter(path, name));
}

// A partial type is spread over files; the one that bears its name stands for it.
const isNamedAfter = (path: string, name: string): boolean => path.endsWith(`/${name}.cs`) || path === `${name}.cs`;

/** The file of a type that `using static` or an alias names, or of the type around it. */
function declaring({ note, types }: Index, name: string, from: string): string | null {
  for (let end = name.length; end > 0; end = name.lastIndexOf('.', end - 1)) {
    const [namespace, type] = split(name.slice(0, end));
    note(typeKey(type));
    const paths = types.get(namespace)?.get(type);
    if (paths !== undefined) return nearestPath(paths, from, (path) => isNamedAfter(path, type));
  }
  return null;
}

/**
 * A namespace of the repository: the names mentioned lead to its files. When none of them does, it is used for its extension
 * methods, whose types are never mentioned; when there are many files of these, nobody can say which, and none is claimed.
 */
function ownNamespace(index: Index, { mentions }: Context, namespace: string, from: string): Resolution | null {
  index.note(namespaceKey(namespace));
  const extensions = index.namespaces.get(namespace);
  if (extensions === undefined) return null;
  const types = index.types.get(namespace);
  if (types === undefined || extensions.length > MOST_EXTENSIONS || mentions.some((name) => types.has(name))) return NOWHERE;
  return { to: 'modules', paths: extensions.filter((path) => path !== from) };
}

const MOST_EXTENSIONS = 4;

function moduleOf(path: string | null, from: string): Resolution | null {
  if (path === null) return null;
  return path === from ? NOWHERE : { to: 'module', path };
}
