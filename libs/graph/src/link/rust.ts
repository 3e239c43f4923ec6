import type { FactModule } from '@granary/contracts';
import { memoize } from '../memoize';
import type { DeclaredPackages, Meaning } from '../manifests/declared';
import { folderOf, joinPath } from '../paths';
import { purlOf } from '../purl';
import { NOTHING, type Linker, type Resolution } from './resolution';
import { cratesOf, identifier, type Crate, type Crates } from './rust-crates';
import { declaredModule, filesOfDeclared, moduleTreesOf, type ModuleTrees, type RustModule } from './rust-modules';
import { sharedBy, type Turn } from './turn';
import type { World } from './world';

/** The import is understood and leads to no other file. */
const NOWHERE: Resolution = { to: 'modules', paths: [] };

const BUILTINS = new Set(['std', 'core', 'alloc', 'proc_macro', 'test']);

/**
 * Links Rust: a path is followed through the trees of modules to the deepest module that is a file; what follows is inside of
 * that file, or comes through it from elsewhere, which is not followed. The first name may also be a crate.
 */
export function rustLinker(world: World): Linker {
  const crates = cratesOf(world);
  const trees = moduleTreesOf(world, crates);
  const dependencies = memoize((folder: string) => dependenciesOf(world.declared, crates, folder));
  const sources = new Map(world.modules.map((module) => [module.path, module]));
  return (from) => {
    const crate = crates.of(folderOf(from));
    const module = trees.moduleOf(from);
    const renamed = renamedIn(sources.get(rootOf(module).path));
    const importer: Importer = { from, module, names: memoize(() => namesOf(sources.get(from))), crate, trees, renamed, dependencies: crate === null ? new Map<string, Dependency>() : dependencies(crate.manifest.folder) };
    return memoize((specifier) => resolve(importer, world, specifier));
  };
}

/** The trees of modules grow from what files declare; what crates are called inside of a tree is said at its root. */
export const rustDisturbed = sharedBy({
  languages: ['rust'],
  ecosystem: 'cargo',
  concerns: (path, turn) => path.endsWith('.rs') || isNamed(path, turn),
  shared: ({ imports }) => imports.flatMap(({ specifier }) => (declaredModule(specifier) !== null || RENAMED.test(specifier) ? specifier : [])),
});

// `include!("table.in")`, `#[path = "a.inc"]` and targets of Cargo may name files of any kind.
function isNamed(path: string, { before, after }: Turn): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [before, after].some(({ modules, declared }) => modules.some(({ imports }) => imports.some(({ specifier }) => specifier.endsWith(`${name}"`)))
    || declared.all('cargo').some(({ content }) => content.entries.some(({ target }) => target.endsWith(name))));
}

interface Importer {
  from: string;
  module: RustModule;
  /** What the file says of names, read when it is asked for. */
  names: (of: 'file') => Names;
  crate: Crate | null;
  trees: ModuleTrees;
  /** Crates by the names that `extern crate a as b` at the root gives them. */
  renamed: ReadonlyMap<string, string>;
  /** By the name that code knows them by. */
  dependencies: ReadonlyMap<string, Dependency>;
}

type Dependency = { own: Crate } | { own: null; name: string; version: string | null };

function renamedIn(root: FactModule | undefined): ReadonlyMap<string, string> {
  return new Map((root?.imports ?? []).flatMap(({ specifier }) => {
    const [, crate, name] = RENAMED.exec(specifier) ?? [];
    return crate === undefined || name === undefined ? [] : [[name, crate] as const];
  }));
}

const RENAMED = /^::([^ :]+) as (.+)$/;

function resolve(importer: Importer, { tree }: World, specifier: string): Resolution {
  const declared = declaredModule(specifier);
  if (declared !== null) return fileOf(filesOfDeclared(importer.module, declared).find((path) => tree.has(path)) ?? null, importer);
  const included = /^include "(.*)"$/.exec(specifier)?.[1];
  if (included !== undefined) {
    const path = joinPath(folderOf(importer.from), included);
    return fileOf(path !== null && tree.has(path) ? path : null, importer);
  }
  return resolvePath(importer, specifier.replace(RENAMED, '::$1').split('::'), true);
}

function resolvePath(importer: Importer, path: readonly string[], followsNames: boolean): Resolution {
  const { module } = importer;
  const [first = '', ...rest] = path;
  if (first === '') return external(importer, rest) ?? fromRoot(importer, rest) ?? NOTHING;
  if (first === 'crate' || first === '$crate') return fromRoot(importer, rest) ?? walk(importer, rootOf(module), rest);
  if (first === 'self') return walk(importer, module, rest);
  if (first === 'super') return upwards(importer, path);
  if (module.children.has(first)) return walk(importer, module, path);
  if (isInside(importer, first)) return NOWHERE;
  return external(importer, path) ?? fromRoot(importer, path) ?? (followsNames ? throughNames(importer, path) : null) ?? local(path);
}

function rootOf(module: RustModule): RustModule {
  let root = module;
  while (root.parent !== null) root = root.parent;
  return root;
}

/** A path from the crate's root, when its first name is a module there: the crate's own tree, else that of its library. */
function fromRoot({ module, crate, trees, ...importer }: Importer, path: readonly string[]): Resolution | null {
  const library = crate?.library ?? null;
  const roots = [rootOf(module), library === null ? null : trees.rootAt(library)];
  const root = roots.find((candidate) => candidate?.children.has(path[0] ?? ''));
  return root ? walk({ module, crate, trees, ...importer }, root, path) : null;
}

function upwards(importer: Importer, path: readonly string[]): Resolution {
  let at: RustModule | null = importer.module;
  let depth = 0;
  for (; path[depth] === 'super' && at !== null; depth += 1) at = at.parent;
  return at === null ? NOTHING : walk(importer, at, path.slice(depth));
}

function walk(importer: Importer, start: RustModule, path: readonly string[]): Resolution {
  let module = start;
  for (const name of path) {
    const child = module.children.get(name);
    if (child === undefined) break;
    module = child;
  }
  return fileOf(module.path, importer);
}

function fileOf(path: string | null, { from }: Importer): Resolution {
  if (path === null) return NOTHING;
  return path === from ? NOWHERE : { to: 'module', path };
}

const isInside = ({ names }: Importer, name: string): boolean => names('file').inline.has(name);

/** The names that a file makes and brings. */
interface Names {
  /** Its inline modules, wherever they are nested. */
  inline: ReadonlySet<string>;
  /** The paths of its imports by their last name. */
  imports: ReadonlyMap<string, readonly string[][]>;
  /** The paths whose all names are imported. */
  globs: readonly string[][];
}

function namesOf(source: FactModule | undefined): Names {
  const paths = (source?.imports ?? []).map(({ specifier }) => specifier.split('::')).filter((path) => path.length > 1);
  return {
    inline: new Set((source?.declares ?? []).flatMap((inline) => inline.split('::').at(-1) ?? [])),
    imports: Map.groupBy(paths, (path) => path.at(-1) ?? ''),
    globs: paths.filter((path) => path.at(-1) === '*').slice(0, MOST_GLOBS).map((path) => path.slice(0, -1)),
  };
}

// Each is looked through for every name that nothing else explains.
const MOST_GLOBS = 50;

function external(importer: Importer, path: readonly string[]): Resolution | null {
  const { crate, dependencies, renamed, trees } = importer;
  const [written = '', ...rest] = path;
  const first = renamed.get(written) ?? written;
  if (BUILTINS.has(first)) return { to: 'builtin', name: `rust:${first}` };
  const found: Dependency | undefined = dependencies.get(first) ?? (crate?.name === first ? { own: crate } : undefined);
  if (found === undefined) return null;
  if (found.own === null) return { to: 'package', purl: purlOf('cargo', found.name, found.version), name: found.name, version: found.version };
  const root = found.own.library === null ? null : trees.rootAt(found.own.library);
  return root === null ? NOTHING : walk(importer, root, rest);
}

/** A name that another `use` of the file brings: `use a::b; use b::C;`, or `use super::*; use b::C;`. */
function throughNames(importer: Importer, path: readonly string[]): Resolution | null {
  const [first = '', ...rest] = path;
  const { imports, globs } = importer.names('file');
  const named = (imports.get(first) ?? []).map((other) => resolvePath(importer, [...other, ...rest], false));
  const found = [...named, ...globs.map((glob) => moduleIn(importer, glob, path))];
  return found.find((one) => one !== null && one.to !== 'nothing') ?? null;
}

// What a glob brings is only known for modules.
function moduleIn(importer: Importer, glob: readonly string[], path: readonly string[]): Resolution | null {
  const around = walkTo(importer.module, glob);
  return around?.children.has(path[0] ?? '') === true ? walk(importer, around, path) : null;
}

function walkTo(module: RustModule, path: readonly string[]): RustModule | null {
  let at: RustModule | null = path[0] === 'crate' ? rootOf(module) : module;
  for (const name of path) {
    if (at === null) return null;
    if (name === 'super') at = at.parent;
    else if (name !== 'self' && name !== 'crate') at = at.children.get(name) ?? null;
  }
  return at;
}

// `use Kind::*` of an enum, `pub(crate) use my_macro;`: items of the file itself, which facts do not list.
function local(path: readonly string[]): Resolution {
  return path.length === 1 || /^\p{Lu}/u.test(path[0] ?? '') ? NOWHERE : NOTHING;
}

function dependenciesOf(declared: DeclaredPackages, crates: Crates, folder: string): ReadonlyMap<string, Dependency> {
  const crate = crates.at(folder);
  if (crate === null) return new Map();
  return new Map(crate.manifest.content.requirements.map((requirement): [string, Dependency] => [
    identifier(requirement.alias ?? requirement.name),
    dependencyOf(declared.meaning(crate.manifest, requirement), requirement.name, crates),
  ]));
}

function dependencyOf(meaning: Meaning, name: string, crates: Crates): Dependency {
  if (meaning.to === 'package') return { own: null, name: meaning.name, version: meaning.version };
  // A lock file knows that a crate is the repository's own, but not where it lies.
  const own = [crates.at(meaning.folder), ...crates.all].find((candidate) => candidate?.manifest.content.name === name);
  return own ? { own } : { own: null, name, version: null };
}
