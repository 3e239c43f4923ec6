import { folderOf } from '../paths';
import { pythonBuiltinOf } from './python-builtins';
import { distributionsOf, type Distributions } from './python-distributions';
import { isPythonPath, pythonTreeOf, stemOf, type PythonTree } from './python-tree';
import type { Answer, Notes } from './notes';
import { NOTHING, type Linker, type Resolution } from './resolution';
import type { Disturbance, Turn } from './turn';
import type { World } from './world';

/** One import, taken apart: `..a.b:c` has two dots, the parts `a` and `b`, and the member `c`. */
interface Written { dots: number; parts: readonly string[]; member: string | null }

/** What imports of one folder are resolved against; `self` is a file that they must not lead to. */
interface Importer { tree: PythonTree; distributions: Distributions; folder: string; isStub: boolean; self: string | null }

/**
 * Links Python as its own path finder would with the repository's projects installed. `from a.b import c` leads to the
 * module `a/b/c` when there is one, else to `a/b`, of which `c` then is a part. A name of several meanings is, in this
 * order: a module of the folders that absolute names count from, a part of Python, a distribution that a manifest or a
 * lock file names, a module anywhere else in the repository.
 */
export function pythonLinker({ files, declared, notes }: World): Linker {
  const tree = noted(pythonTreeOf(files.keys(), declared), notes);
  const distributions = distributionsOf(declared);
  // What a specifier means depends on the folder of its importer, and on whether that is a stub.
  const known = new Map<string, Map<string, Answer>>();
  return (from) => {
    const importer = { tree, distributions, folder: folderOf(from), isStub: from.endsWith('.pyi'), self: null };
    const key = `${importer.folder}:${importer.isStub}`;
    const resolutions = known.get(key) ?? new Map<string, Answer>();
    known.set(key, resolutions);
    return (specifier) => {
      const resolution = notes.answered(resolutions, specifier, () => resolve(importer, take(specifier)));
      return resolution.to === 'module' && resolution.path === from ? withoutSelf({ ...importer, self: from }, specifier) : resolution;
    };
  };
}

// What folders are to imports is looked up once for each, for many imports: when that changes, everything may.
const noted = (tree: PythonTree, { note }: Notes): PythonTree => ({
  ...tree,
  moduleAt(path, fromStub) {
    note(path);
    return tree.moduleAt(path, fromStub);
  },
  rootsOf(topLevel, folder) {
    note(`${TOP}${topLevel}`);
    return tree.rootsOf(topLevel, folder);
  },
});

// The key of the folders that hold a first name; no path begins like this.
const TOP = '/';

/** Which answers a change of paths and manifests may concern. */
export function pythonDisturbed({ before, after, paths, manifests }: Turn): Disturbance {
  const python = paths.filter(isPythonPath);
  if (manifests.ecosystems.has('pypi') || python.some((path) => /(?:^|\/)(?:__init__|setup)\.[^/]*$/.test(path))) return 'everything';
  if (python.length === 0) return 'nothing';
  const [held, holds] = [foldersHolding(before), foldersHolding(after)];
  if (python.some((path) => held.has(folderOf(path)) !== holds.has(folderOf(path)))) return 'everything';
  const stems = python.flatMap((path) => stemOf(path)?.stem ?? []);
  return new Set(stems.flatMap((stem) => [stem, ...stem.split('/').map((segment) => `${TOP}${segment}`)]));
}

/** The folders with modules in them or below them. */
function foldersHolding({ files }: World): ReadonlySet<string> {
  const folders = new Set(['']);
  for (const path of files.keys()) if (isPythonPath(path)) for (let at = folderOf(path); !folders.has(at); at = folderOf(at)) folders.add(at);
  return folders;
}

// `docker.py` that imports `docker` means the distribution, and a package cannot take from itself what it does not have: that
// is a module which nobody committed, mostly compiled. `import a` within `a` needs no edge.
function withoutSelf(importer: Importer, specifier: string): Resolution {
  const written = take(specifier);
  const other = resolve(importer, written);
  return other === NOTHING && written.member === null ? UNDERSTOOD : other;
}

function take(specifier: string): Written {
  const [, dots = '', name = '', member] = /^(\.*)([^:]*)(?::(.*))?$/.exec(specifier) ?? [];
  return { dots: dots.length, parts: name === '' ? [] : name.split('.'), member: member === undefined || member === '*' ? null : member };
}

function resolve(importer: Importer, written: Written): Resolution {
  return written.dots > 0 ? relative(importer, written) : absolute(importer, written);
}

function relative({ tree, folder, isStub, self }: Importer, { dots, parts, member }: Written): Resolution {
  const above = folder === '' ? [] : folder.split('/');
  if (dots - 1 > above.length) return NOTHING;
  const path = [...above.slice(0, above.length - dots + 1), ...parts].join('/');
  const found = moduleIn({ tree, isStub, self }, '', path, member);
  if (found !== null) return { to: 'module', path: found };
  return member === null && tree.isNamespace(path) ? UNDERSTOOD : NOTHING;
}

// A namespace package has no file that an import of it could lead to.
const UNDERSTOOD: Resolution = { to: 'modules', paths: [] };

function absolute(importer: Importer, { parts, member }: Written): Resolution {
  const { tree, distributions, folder } = importer;
  const [top = ''] = parts;
  const path = parts.join('/');
  const builtin = pythonBuiltinOf(top);
  const near = firstModule(importer, tree.rootsFor(folder), path, member);
  // A module that is called like one of Python's own hides it only as a package whose modules are imported.
  if (near !== null && (builtin === null || isInPackage(tree, near.root, near.path, top, parts.length + Number(member !== null)))) return { to: 'module', path: near.path };
  if (builtin !== null) return { to: 'builtin', name: builtin };
  const external = distributions.external(folder, member === null ? parts : [...parts, member]);
  if (external !== NOTHING) return external;
  const far = firstModule(importer, tree.rootsOf(top, folder), path, member);
  if (far !== null) return { to: 'module', path: far.path };
  const isNamespace = member === null && tree.rootsFor(folder).some((root) => tree.isNamespace(below(root, path)));
  return isNamespace ? UNDERSTOOD : NOTHING;
}

type Files = Pick<Importer, 'tree' | 'isStub' | 'self'>;

function firstModule(files: Files, roots: readonly string[], path: string, member: string | null): { root: string; path: string } | null {
  for (const root of roots) {
    const found = moduleIn(files, root, path, member);
    if (found !== null) return { root, path: found };
  }
  return null;
}

function moduleIn({ tree, isStub, self }: Files, root: string, path: string, member: string | null): string | null {
  const place = below(root, path);
  const inside = member === null ? null : tree.moduleAt(below(place, member), isStub);
  const found = inside === self ? null : inside;
  const around = found ?? tree.moduleAt(place, isStub);
  return around === self ? null : around;
}

function isInPackage(tree: PythonTree, root: string, found: string, top: string, names: number): boolean {
  const folder = below(root, top);
  return names > 1 && tree.isPackage(folder) && found.startsWith(`${folder}/`) && !/^__init__\.pyi?$/.test(found.slice(folder.length + 1));
}

const below = (folder: string, path: string): string => (folder === '' || path === '' ? folder + path : `${folder}/${path}`);
