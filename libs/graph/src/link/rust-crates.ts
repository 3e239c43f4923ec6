import { memoize } from '../memoize';
import type { Declared } from '../manifests/declared';
import { folderOf, foldersUp, joinPath, pathBelow } from '../paths';
import type { World } from './world';

/** A package of Cargo in the repository. */
export interface Crate {
  manifest: Declared;
  /** The name by which code knows its library. */
  name: string;
  /** The file where its library begins; null when it has none. */
  library: string | null;
  /** The files where its programs begin, with the programs' names. */
  programs: readonly { name: string; path: string }[];
  /** All files where a tree of modules begins: library, programs, tests, examples, benchmarks, the build script. */
  roots: readonly string[];
}

export interface Crates {
  all: readonly Crate[];
  /** The crate that a folder belongs to. */
  of(folder: string): Crate | null;
  at(folder: string): Crate | null;
}

const PROGRAM = /^(?:src\/bin|examples)\/(?:([^/]+)\.rs|([^/]+)\/main\.rs)$/;
const OTHER_ROOT = /^(?:build\.rs|(?:tests|benches)\/(?:[^/]+\.rs|[^/]+\/main\.rs))$/;

/** The crates of a snapshot: what their manifests say, and what Cargo finds by itself. */
export function cratesOf({ declared, files, modules, tree }: World): Crates {
  const manifests = new Map(declared.all('cargo').filter(({ content }) => content.name !== null).map((manifest) => [manifest.folder, manifest]));
  const homeOf = memoize((folder: string) => foldersUp(folder).find((at) => manifests.has(at)) ?? null);
  const sources = modules.flatMap(({ path }) => (files.get(path)?.language === 'rust' ? [path] : []));
  const byHome = Map.groupBy(sources, (path) => homeOf(folderOf(path)));
  const byFolder = new Map([...manifests.values()].map((manifest) => [manifest.folder, crateOf(manifest, byHome.get(manifest.folder) ?? [], (path) => tree.has(path))]));
  return {
    all: [...byFolder.values()],
    of: memoize((folder) => byFolder.get(homeOf(folder) ?? '') ?? null),
    at: (folder) => byFolder.get(folder) ?? null,
  };
}

function crateOf(manifest: Declared, sources: readonly string[], exists: (path: string) => boolean): Crate {
  const { folder, content } = manifest;
  const inside = (relative: string): string | null => {
    const path = joinPath(folder, relative);
    return path !== null && exists(path) ? path : null;
  };
  const library = content.entries.find(({ kind }) => kind === 'main');
  const declared = content.entries.filter(({ kind }) => kind === 'bin').flatMap(({ name, target }) => programAt(name, inside(target)));
  const taken = new Set(declared.map(({ path }) => path));
  const found = sources.flatMap((path) => programAt(programName(pathBelow(folder, path) ?? '', content.name ?? ''), taken.has(path) ? null : path));
  const programs = [...declared, ...found];
  const libraryPath = library === undefined ? inside('src/lib.rs') : inside(library.target);
  const others = sources.filter((path) => OTHER_ROOT.test(pathBelow(folder, path) ?? ''));
  return {
    manifest,
    name: identifier(library?.name ?? content.name ?? ''),
    library: libraryPath,
    programs,
    roots: [...(libraryPath === null ? [] : [libraryPath]), ...programs.map(({ path }) => path), ...others],
  };
}

const programAt = (name: string | null, path: string | null): { name: string; path: string }[] => (name === null || path === null ? [] : [{ name, path }]);

function programName(relative: string, packageName: string): string | null {
  if (relative === 'src/main.rs') return packageName;
  const [, file, folder] = PROGRAM.exec(relative) ?? [];
  return file ?? folder ?? null;
}

/** How code writes the name of a package: `a_b` for `a-b`. */
export const identifier = (name: string): string => name.replaceAll('-', '_');
