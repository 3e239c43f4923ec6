import { memoize } from '../memoize';
import { folderOf, joinPath } from '../paths';
import { purlOf } from '../purl';
import { goModulesOf, type GoModules, type VisibleModule } from './go-modules';
import { goPackagesOf, type GoPackage, type GoPackages } from './go-packages';
import type { Answer } from './notes';
import { NOTHING, type Linker, type Resolution } from './resolution';
import { offeredBy } from './turn';
import type { World } from './world';

// Edges from every importer to every file grow with the square of a package: three packages of Go's own library, of 240 to
// 350 files, would have two thirds of all its 370,000 edges. Nearly all packages are far smaller.
const MANY_FILES = 20;

/**
 * Links Go as `go build` does with nothing downloaded and without `vendor`. An import means a package, and a package is
 * compiled as one: the import leads to every file of it, so that whatever changes in one of them reaches those who
 * import it. Of a package of many files it leads to the one that represents it, which stands for the others.
 */
export function goLinker({ declared, modules, notes }: World): Linker {
  const packages = goPackagesOf(modules);
  const get = (folder: string): GoPackage | undefined => {
    notes.note(packageKey(folder));
    return packages.get(folder);
  };
  const snapshot: Snapshot = { modules: goModulesOf(declared), packages: { get } };
  const resolverOf = memoize((folder: string) => {
    const known = new Map<string, Answer>();
    return (specifier: string) => notes.answered(known, specifier, () => resolve(snapshot, folder, specifier));
  });
  const standsFor = (from: string): readonly string[] => {
    const own = get(folderOf(from));
    return own?.representative === from && own.files.length > MANY_FILES ? own.files.filter((path) => path !== from) : [];
  };
  return Object.assign((from: string) => resolverOf(folderOf(from)), { standsFor });
}

const packageKey = (folder: string): string => `package:${folder}`;

/** A package is its files: which they are, and what they say they belong to. */
export const goDisturbed = offeredBy({ languages: ['go'], ecosystem: 'golang', offered: ({ path }) => [packageKey(folderOf(path))] });

interface Snapshot { modules: GoModules; packages: Packages }

type Packages = Pick<GoPackages, 'get'>;

function resolve({ modules, packages }: Snapshot, folder: string, specifier: string): Resolution {
  const visible = modules.visibleFrom(folder);
  if (specifier.startsWith('.')) return relative(packages, folder, specifier);
  const found = firstPackage(visible, packages, specifier)
    // Nobody asks for it, and yet it lies here.
    ?? firstPackage(modules.all, packages, specifier);
  if (found !== null) return found;
  return modules.all.some((module) => covers(module, specifier)) ? NOTHING : builtin(visible, packages, specifier);
}

function firstPackage(visible: readonly VisibleModule[], packages: Packages, specifier: string): Resolution | null {
  for (const module of visible) {
    if (!covers(module, specifier)) continue;
    const { path, source } = module;
    if (source.from === 'outside') return { to: 'package', purl: purlOf('golang', source.name, source.version), name: source.name, version: source.version };
    const found = filesOf(packages, source.folder, specifier.slice(path.length + 1));
    if (found !== null) return found;
  }
  return null;
}

const covers = ({ path }: VisibleModule, specifier: string): boolean => specifier === path || specifier.startsWith(`${path}/`);

// The paths of the standard library have no dot in their first element, and those of modules that can be fetched have one.
// The library's own sources are the module `std`.
function builtin(visible: readonly VisibleModule[], packages: Packages, specifier: string): Resolution {
  if (/^[^/]*\./.test(specifier)) return NOTHING;
  const own = visible.find(({ path }) => path === 'std');
  const found = own?.source.from === 'repository' ? filesOf(packages, own.source.folder, specifier) : null;
  return found ?? { to: 'builtin', name: `go:${specifier}` };
}

function relative(packages: Packages, folder: string, specifier: string): Resolution {
  const path = joinPath(folder, specifier);
  return (path === null ? null : filesOf(packages, path, '')) ?? NOTHING;
}

function filesOf(packages: Packages, folder: string, below: string): Resolution | null {
  const found = packages.get(folder === '' || below === '' ? folder + below : `${folder}/${below}`);
  if (found === undefined) return null;
  return found.files.length > MANY_FILES ? { to: 'module', path: found.representative } : { to: 'modules', paths: found.files };
}
