import type { TsConfig } from '../manifests/tsconfig';
import { memoize } from '../memoize';
import { folderOf, foldersUp, joinPath } from '../paths';

/** Where names that are not relative may lead, with every path counted from the repository's root. */
export interface PathMapping {
  baseUrl: string | null;
  exact: ReadonlyMap<string, readonly string[]>;
  /** Longest prefix first: the order in which TypeScript chooses among them. */
  patterns: readonly { prefix: string; suffix: string; targets: readonly string[] }[];
}

/** Where a compiler reads and writes; null where the configuration does not say. */
export interface OutputMapping { rootDir: string | null; outDir: string }

export interface TsConfigs {
  /** The mappings that hold for files of a folder: the nearest configuration, or what it refers to when it maps nothing itself. */
  mappingsFor(folder: string): readonly PathMapping[];
  /** The mappings of configurations further up, which may include the folder although a nearer one exists. */
  outerMappingsFor(folder: string): readonly PathMapping[];
  /** The outputs that configurations in a folder or above it declare. */
  outputsFor(folder: string): readonly OutputMapping[];
}

/** Finds the folder of a package of this repository by its name, for `extends: "@scope/tsconfig/base.json"`. */
export type PackageFolder = (name: string) => string | null;

interface Effective { mapping: PathMapping | null; output: OutputMapping | null }

/** Options merged along `extends`, each path already counted from the root; what is not in the repository is passed over. */
interface Merged {
  baseUrl: string | null;
  paths: TsConfig['paths'];
  pathsFolder: string;
  rootDir: string | null;
  outDir: string | null;
}

/** Arranges the TypeScript and JavaScript configurations of a snapshot, ordered by path, by the folders they hold for. */
export function tsConfigsOf(configs: readonly TsConfig[], packageFolder: PackageFolder): TsConfigs {
  const byPath = new Map(configs.map((config) => [config.path, config]));
  const inFolder = Map.groupBy(configs, (config) => config.folder);
  const effective = memoize((path: string) => effectiveOf(path, byPath, packageFolder));
  const ownMappings = memoize((folder: string) => mappingsIn(folder, byPath, effective));
  const nearest = memoize((folder: string) => foldersUp(folder).find((at) => mainConfig(at, byPath) !== null) ?? null);
  return {
    mappingsFor: memoize((folder) => {
      const at = nearest(folder);
      return at === null ? [] : ownMappings(at);
    }),
    outerMappingsFor: memoize((folder) => {
      const held = nearest(folder);
      const outer = foldersUp(folder).flatMap((at) => (inFolder.get(at) ?? []).filter((config) => at !== held || config.path !== mainConfig(at, byPath)));
      return outer.flatMap((config) => effective(config.path).mapping ?? []);
    }),
    outputsFor: memoize((folder) => foldersUp(folder).flatMap((at) => (inFolder.get(at) ?? []).flatMap((config) => effective(config.path).output ?? []))),
  };
}

function mainConfig(folder: string, byPath: ReadonlyMap<string, TsConfig>): string | null {
  const inFolder = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
  return [inFolder('tsconfig.json'), inFolder('jsconfig.json')].find((path) => byPath.has(path)) ?? null;
}

// A "solution" maps nothing itself and refers to the configurations beside it that do (tsconfig.app.json …).
function mappingsIn(folder: string, byPath: ReadonlyMap<string, TsConfig>, effective: (path: string) => Effective): PathMapping[] {
  const path = mainConfig(folder, byPath);
  const config = path === null ? undefined : byPath.get(path);
  if (config === undefined) return [];
  const own = effective(config.path).mapping;
  if (own !== null) return [own];
  return config.references.flatMap((reference) => {
    const target = configAt(joinPath(config.folder, reference), byPath);
    return target === null || folderOf(target) !== folder ? [] : (effective(target).mapping ?? []);
  });
}

function effectiveOf(path: string, byPath: ReadonlyMap<string, TsConfig>, packageFolder: PackageFolder): Effective {
  const folder = folderOf(path);
  const merged = merge(path, folder, byPath, packageFolder, new Set());
  return {
    mapping: merged.paths === null && merged.baseUrl === null ? null : mappingOf(merged),
    output: merged.outDir === null ? null : { rootDir: merged.rootDir, outDir: merged.outDir },
  };
}

// `${configDir}` is the folder of the configuration that is asked for, not of the one that says it.
function merge(path: string, configDir: string, byPath: ReadonlyMap<string, TsConfig>, packageFolder: PackageFolder, seen: Set<string>): Merged {
  const config = byPath.get(path);
  let merged: Merged = { baseUrl: null, paths: null, pathsFolder: '', rootDir: null, outDir: null };
  if (config === undefined || seen.has(path)) return merged;
  seen.add(path);
  for (const base of config.extends) {
    const basePath = extendedPath(config, base, byPath, packageFolder);
    if (basePath !== null) merged = overlay(merged, merge(basePath, configDir, byPath, packageFolder, seen));
  }
  seen.delete(path);
  const place = (written: string | null): string | null => (written === null ? null : inside(config.folder, configDir, written));
  return overlay(merged, {
    baseUrl: place(config.baseUrl),
    paths: config.paths?.map(([pattern, targets]): [string, string[]] => [pattern, targets.map((target) => target.replace('${configDir}', configDir === '' ? '/.' : `/${configDir}`))]) ?? null,
    pathsFolder: config.folder,
    rootDir: place(config.rootDir),
    outDir: place(config.outDir),
  });
}

function overlay(below: Merged, above: Merged): Merged {
  return {
    baseUrl: above.baseUrl ?? below.baseUrl,
    paths: above.paths ?? below.paths,
    pathsFolder: above.paths === null ? below.pathsFolder : above.pathsFolder,
    rootDir: above.rootDir ?? below.rootDir,
    outDir: above.outDir ?? below.outDir,
  };
}

function mappingOf({ baseUrl, paths, pathsFolder }: Merged): PathMapping {
  const from = baseUrl ?? pathsFolder;
  const placed = (paths ?? []).map(([pattern, targets]) => [pattern, targets.flatMap((target) => inside(from, '', target) ?? [])] as const);
  const patterns = placed.filter(([pattern]) => pattern.includes('*')).map(([pattern, targets]) => {
    const star = pattern.indexOf('*');
    return { prefix: pattern.slice(0, star), suffix: pattern.slice(star + 1), targets };
  });
  return {
    baseUrl,
    exact: new Map(placed.filter(([pattern]) => !pattern.includes('*'))),
    patterns: patterns.sort((a, b) => b.prefix.length - a.prefix.length || b.suffix.length - a.suffix.length),
  };
}

// A leading slash stands for the repository's root here: absolute paths of somebody's machine mean nothing in a snapshot.
function inside(folder: string, configDir: string, written: string): string | null {
  if (written.startsWith('${configDir}')) return joinPath(configDir, written.slice('${configDir}'.length));
  return written.startsWith('/') ? joinPath('', written) : joinPath(folder, written);
}

function extendedPath(config: TsConfig, base: string, byPath: ReadonlyMap<string, TsConfig>, packageFolder: PackageFolder): string | null {
  if (base.startsWith('.')) return configAt(joinPath(config.folder, base), byPath);
  const [, name, rest] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(base) ?? [];
  const folder = name === undefined ? null : packageFolder(name);
  return folder === null ? null : configAt(joinPath(folder, rest ?? ''), byPath);
}

function configAt(path: string | null, byPath: ReadonlyMap<string, TsConfig>): string | null {
  if (path === null) return null;
  const inFolder = path === '' ? 'tsconfig.json' : `${path}/tsconfig.json`;
  return [path, `${path}.json`, inFolder].find((candidate) => byPath.has(candidate)) ?? null;
}
