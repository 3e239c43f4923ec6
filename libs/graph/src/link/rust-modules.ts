import type { FactModule } from '@granary/contracts';
import { folderOf, joinPath } from '../paths';
import type { Crates } from './rust-crates';
import type { World } from './world';

/** A module in the tree of a crate. An inline module around others has the path of the file that it stands in. */
export interface RustModule {
  path: string;
  /** Where the files of its children lie. */
  folder: string;
  parent: RustModule | null;
  children: Map<string, RustModule>;
}

/** The trees of modules of a snapshot. */
export interface ModuleTrees {
  /** The module of a file; every source has one, in the first tree that holds it. */
  moduleOf(path: string): RustModule;
  /** The module where a tree begins. */
  rootAt(path: string): RustModule | null;
}

/** Builds the trees from what files declare (`mod a;`), beginning at the roots of the crates, libraries first. */
export function moduleTreesOf({ files, modules, tree }: World, crates: Crates): ModuleTrees {
  const sources = new Map(modules.flatMap((module) => (files.get(module.path)?.language === 'rust' ? [[module.path, module] as const] : [])));
  const byPath = new Map<string, RustModule>();
  const roots = new Map<string, RustModule>();
  const grow = (path: string): RustModule => {
    const root = { path, folder: folderOf(path), parent: null, children: new Map<string, RustModule>() };
    roots.set(path, root);
    const growing: RustModule[] = [root];
    const grown = new Map<string, RustModule>();
    for (const module of growing) {
      // A file that is declared twice has its children once: trees must not double at every level.
      const place = `${module.path}\n${module.folder}`;
      const twin = grown.get(place);
      if (twin !== undefined) {
        module.children = twin.children;
        continue;
      }
      grown.set(place, module);
      if (!byPath.has(module.path)) byPath.set(module.path, module);
      growing.push(...addChildren(module, sources.get(module.path), (at) => tree.has(at)));
    }
    return root;
  };
  const libraries = crates.all.flatMap(({ library }) => library ?? []);
  for (const path of new Set([...libraries, ...crates.all.flatMap((crate) => crate.roots)])) grow(path);
  // What no crate holds is code for tests of tools, or of a crate without a manifest: its beginnings first.
  const isBeginning = (path: string): boolean => /(?:^|\/)(?:lib|main)\.rs$/.test(path);
  const orphans = [...sources.keys()].sort((a, b) => Number(isBeginning(b)) - Number(isBeginning(a)));
  for (const path of orphans) if (!byPath.has(path)) grow(path);
  return { moduleOf: (path) => byPath.get(path) ?? grow(path), rootAt: (path) => roots.get(path) ?? null };
}

/** Adds the modules that a file declares; only those that are files of their own still have to grow. */
function addChildren(module: RustModule, source: FactModule | undefined, exists: (path: string) => boolean): RustModule[] {
  return (source?.imports ?? []).flatMap(({ specifier }) => {
    const declared = declaredModule(specifier);
    if (declared === null) return [];
    const parent = declared.inline.reduce(inlineModule, module);
    const found = fileOf(parent, parent === module ? folderOf(module.path) : parent.folder, declared).find(({ path }) => exists(path) && !isAbove(module, path));
    if (found === undefined) return [];
    const child = { ...found, parent, children: new Map<string, RustModule>() };
    // Where there is one for each platform, paths lead through the first.
    if (!parent.children.has(declared.name)) parent.children.set(declared.name, child);
    return [child];
  });
}

export interface DeclaredModule { inline: readonly string[]; name: string; file: string | null }

/** What `mod a::b` or `mod a::b "c.rs"` says; null for any other import. */
export function declaredModule(specifier: string): DeclaredModule | null {
  const [, names, file] = /^mod ([^ ]+)(?: "(.*)")?$/.exec(specifier) ?? [];
  if (names === undefined) return null;
  const inline = names.split('::');
  const name = inline.pop() ?? '';
  return { inline, name, file: file ?? null };
}

function inlineModule(parent: RustModule, name: string): RustModule {
  const known = parent.children.get(name);
  if (known !== undefined) return known;
  const created = { path: parent.path, folder: inFolder(parent.folder, name), parent, children: new Map<string, RustModule>() };
  parent.children.set(name, created);
  return created;
}

// `a.rs`, whose children lie in `a/`, or `a/mod.rs`. A file given by its path is treated like `mod.rs`.
function fileOf({ folder }: RustModule, written: string, { name, file }: DeclaredModule): { path: string; folder: string }[] {
  if (file !== null) {
    const path = joinPath(written, file.replaceAll('\\', '/'));
    return path === null ? [] : [{ path, folder: folderOf(path) }];
  }
  const at = inFolder(folder, name);
  return [{ path: `${at}.rs`, folder: at }, { path: `${at}/mod.rs`, folder: at }];
}

const inFolder = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

function isAbove(module: RustModule, path: string): boolean {
  for (let at: RustModule | null = module; at !== null; at = at.parent) if (at.path === path) return true;
  return false;
}

/** The files that a declaration may mean, whichever platform they are for. */
export function filesOfDeclared(module: RustModule, declared: DeclaredModule): string[] {
  const parent = declared.inline.reduce(inlineModule, module);
  return fileOf(parent, parent === module ? folderOf(module.path) : parent.folder, declared).map(({ path }) => path);
}
