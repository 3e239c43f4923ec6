import type { DeclaredPackages } from '../manifests/declared';
import { memoize } from '../memoize';
import { byCodeUnit, folderOf, foldersUp, joinPath, pathBelow } from '../paths';

/** The Python files of a snapshot, arranged as imports look for them. */
export interface PythonTree {
  /** The file of the module or package that would lie at a path without ending; what runs before what only declares types, for a stub the other way round. */
  moduleAt(path: string, fromStub: boolean): string | null;
  /** A folder with an `__init__`. */
  isPackage(folder: string): boolean;
  /** A folder with modules in it or below it, but without an `__init__`. */
  isNamespace(folder: string): boolean;
  /** The folders from which absolute names count for files of a folder, nearest first. */
  rootsFor(folder: string): readonly string[];
  /** Further folders anywhere in the snapshot that hold a top-level module or package of a name, the nearest to a folder first. */
  rootsOf(topLevel: string, folder: string): readonly string[];
}

// In the order of preference. Python itself takes a package before a module of the same name; the source of a compiled
// module is as good as a module.
const ENDINGS = ['/__init__.py', '.py', '.pyw', '.pyx', '/__init__.pyi', '.pyi'];
const FOR_STUBS = ['/__init__.pyi', '.pyi', '/__init__.py', '.py', '.pyw', '.pyx'];

interface Stem { readonly ranks: number }

/** Arranges paths and manifests. */
export function pythonTreeOf(paths: Iterable<string>, declared: DeclaredPackages): PythonTree {
  const stems = new Map<string, Stem>();
  const packages = new Set<string>();
  const holding = new Set<string>();
  const projects = new Set(declared.all('pypi').map(({ folder }) => folder));
  for (const path of paths) {
    if (path === 'setup.py' || path.endsWith('/setup.py')) projects.add(folderOf(path));
    const found = stemOf(path);
    if (found === null) continue;
    stems.set(found.stem, { ranks: (stems.get(found.stem)?.ranks ?? 0) | (1 << found.rank) });
    if (found.isPackage) packages.add(found.stem);
    for (let at = folderOf(path); !holding.has(at); at = folderOf(at)) holding.add(at);
  }
  const ownSources = Map.groupBy(declared.all('pypi').flatMap(({ folder, content }) => content.sources.flatMap((source) => joinPath(folder, source) ?? []).map((source) => ({ folder, source }))), ({ folder }) => folder);
  const sourcesAt = memoize((folder: string): string[] => {
    const written = (ownSources.get(folder) ?? []).map(({ source }) => source);
    const usual = ['src', 'lib', 'python'].flatMap((name) => joinPath(folder, name) ?? []).filter((source) => projects.has(folder) || source.endsWith('src'));
    return [...new Set([...written, ...usual, folder])].filter((source) => holding.has(source) && !packages.has(source));
  });
  const tops = topLevels(stems.keys(), packages, [...projects].flatMap((folder) => sourcesAt(folder)));
  return {
    moduleAt: (path, fromStub) => fileAt(stems.get(path), path, fromStub ? FOR_STUBS : ENDINGS),
    isPackage: (folder) => packages.has(folder),
    isNamespace: (folder) => holding.has(folder) && !packages.has(folder),
    rootsFor: memoize((folder) => {
      // Scripts and pytest count from the first folder that is no package itself.
      const base = foldersUp(folder).find((at) => !packages.has(at)) ?? '';
      return [...new Set([base, ...foldersUp(base).flatMap((at) => sourcesAt(at))])];
    }),
    rootsOf: (topLevel, folder) => nearestFirst((tops.get(topLevel) ?? []).filter((root) => isInSight(root, folder)), folder),
  };
}

/** Whether a path is a module of Python, or declares one. */
export const isPythonPath = (path: string): boolean => /\.py[ixw]?$/.test(path);

/** A path without its ending, and which ending that is; for an `__init__` its folder. */
export function stemOf(path: string): { stem: string; rank: number; isPackage: boolean } | null {
  const dot = path.lastIndexOf('.');
  const ending = path.slice(dot);
  if (ending !== '.py' && ending !== '.pyi' && ending !== '.pyx' && ending !== '.pyw') return null;
  const isPackage = path.startsWith('__init__.py', path.lastIndexOf('/') + 1) && ending !== '.pyw' && ending !== '.pyx';
  const rank = ENDINGS.indexOf(isPackage ? `/__init__${ending}` : ending);
  return { stem: isPackage ? folderOf(path) : path.slice(0, dot), rank, isPackage };
}

function fileAt(found: Stem | undefined, path: string, endings: readonly string[]): string | null {
  if (found === undefined) return null;
  const ending = endings.find((candidate) => (found.ranks & (1 << ENDINGS.indexOf(candidate))) !== 0);
  return ending === undefined ? null : (path === '' ? ending.slice(1) : path + ending);
}

/** For each first name of a dotted one, the folders that have it: those that projects name, and those that hold packages but are none. */
function topLevels(stems: Iterable<string>, packages: ReadonlySet<string>, named: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const roots = new Set(named);
  for (const folder of packages) if (folder !== '' && !packages.has(folderOf(folder))) roots.add(folderOf(folder));
  const tops = new Map<string, Set<string>>();
  for (const stem of stems) {
    for (const root of foldersUp(folderOf(stem))) {
      if (!roots.has(root)) continue;
      const below = root === '' ? stem : stem.slice(root.length + 1);
      const slash = below.indexOf('/');
      const top = slash < 0 ? below : below.slice(0, slash);
      const known = tops.get(top);
      if (known === undefined) tops.set(top, new Set([root]));
      else known.add(root);
    }
  }
  return new Map([...tops].map(([top, folders]) => [top, [...folders].sort(byCodeUnit)]));
}

// Tests and examples often hold modules that borrow well-known names; outside of them those names mean the real ones.
const ASIDE = /(?:^|\/)(?:tests?|testing|examples?|samples?|docs?|fixtures?|testdata|test-data)(?=\/|$)/;

function isInSight(root: string, folder: string): boolean {
  const found = ASIDE.exec(root);
  return found === null || pathBelow(root.slice(0, found.index + found[0].length), folder) !== null;
}

function nearestFirst(roots: readonly string[], folder: string): readonly string[] {
  if (roots.length < 2) return roots;
  const shared = new Map(roots.map((root) => [root, sharedLength(root, folder)]));
  return [...roots].sort((a, b) => (shared.get(b) ?? 0) - (shared.get(a) ?? 0) || a.length - b.length || byCodeUnit(a, b));
}

/** How many folders two paths have in common. */
function sharedLength(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  const differs = left.findIndex((segment, place) => segment !== right[place]);
  return differs < 0 ? left.length : differs;
}
