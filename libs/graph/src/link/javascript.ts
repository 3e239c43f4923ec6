import { aliasOf, readPackageManifest, type PackageManifest } from '../manifests/package-manifest';
import { folderOf, foldersUp, joinPath } from '../paths';
import { npmPurl } from '../purl';
import { builtinOf } from './builtins';
import { sourceOfBuilt } from './built-files';
import { importTargets } from './exports';
import { findFile, findIndex, flavourOf, type Flavour } from './files';
import type { JavaScriptSnapshot } from './javascript-snapshot';
import { ownPackage } from './own-package';
import { CONDITIONS, fileOfPackage, fileOfTargets, type Conditions } from './package-entry';
import type { Answer } from './notes';
import { NOTHING, type ImportKind, type Linker, type Resolution } from './resolution';
import { stemsOf } from './tree';
import type { PathMapping } from './tsconfigs';
import type { Disturbance, Turn } from './turn';

// The key of what packages ask for under a name, and what lock files decide for it.
const askedFor = (name: string): string => `npm:${name}`;

/** Which answers a change of paths and manifests may concern. */
export function javaScriptDisturbed({ before, after, paths, manifests }: Turn): Disturbance {
  // Where packages are installed is looked up once for each folder, for many imports.
  if (manifests.npm === 'shape' || paths.some((path) => `/${path}`.includes('/node_modules/'))) return 'everything';
  const keys = new Set([...manifests.npm].map(askedFor));
  for (const path of paths) {
    for (const key of [path, ...stemsOf(path)]) keys.add(key);
    for (const folder of foldersUp(folderOf(path))) if (before.tree.isFolder(folder) !== after.tree.isFolder(folder)) keys.add(folder);
  }
  return keys;
}

/** One import, with what the rules ask about its importer. */
interface Importer { folder: string; flavour: Flavour; conditions: Conditions }

/** Links JavaScript and TypeScript the way their tools do, over the paths of a snapshot and with nothing installed. */
export function javaScriptLinker(snapshot: JavaScriptSnapshot): Linker {
  // What a specifier means depends on the folder of its importer, not on the importer.
  const resolverOfKey = new Map<string, (specifier: string) => Resolution>();
  const resolverOf = (importer: Importer): ((specifier: string) => Resolution) => {
    const key = `${importer.folder}:${importer.flavour}:${importer.conditions}`;
    const resolver = resolverOfKey.get(key) ?? resolverFor(snapshot, importer, new Map<string, Answer>());
    resolverOfKey.set(key, resolver);
    return resolver;
  };
  return (from) => {
    const [folder, flavour] = [folderOf(from), flavourOf(from)];
    // Nearly all imports of a file are made under the same conditions.
    let last: { conditions: Conditions; resolve: (specifier: string) => Resolution } | null = null;
    return (specifier, kind) => {
      const conditions = conditionsOf(kind);
      if (last?.conditions !== conditions) last = { conditions, resolve: resolverOf({ folder, flavour, conditions }) };
      return last.resolve(specifier);
    };
  };
}

function resolverFor(snapshot: JavaScriptSnapshot, importer: Importer, known: Map<string, Answer>): (specifier: string) => Resolution {
  return (specifier) => snapshot.notes.answered(known, specifier, () => resolve(snapshot, importer, specifier));
}

function conditionsOf(kind: ImportKind): Conditions {
  if (kind === 'type') return 'types';
  return kind === 'require' ? 'require' : 'import';
}

function resolve(snapshot: JavaScriptSnapshot, importer: Importer, written: string): Resolution {
  // Bundlers put loaders in front (`raw-loader!./x`) and options behind (`./x?raw`).
  const specifier = written.slice(written.lastIndexOf('!') + 1);
  const found = resolvePlain(snapshot, importer, specifier);
  const query = specifier.indexOf('?');
  return found === NOTHING && query > 0 ? resolvePlain(snapshot, importer, specifier.slice(0, query)) : found;
}

function resolvePlain(snapshot: JavaScriptSnapshot, importer: Importer, specifier: string): Resolution {
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) return moduleOf(relativeFile(snapshot, importer, specifier));
  if (specifier.startsWith('/')) return moduleOf(rootedFile(snapshot, importer, specifier));
  const mapped = mappedFile(snapshot, importer, specifier, snapshot.tsconfigs.mappingsFor(importer.folder));
  if (mapped !== null && !isPlainBuiltin(mapped.by, specifier)) return moduleOf(mapped.path);
  if (specifier.startsWith('#')) return ownImport(snapshot, importer, specifier);
  const builtin = builtinOf(specifier);
  if (builtin !== null) return { to: 'builtin', name: builtin };
  const resolution = bare(snapshot, importer, specifier);
  if (resolution !== NOTHING) return resolution;
  return moduleOf(mappedFile(snapshot, importer, specifier, snapshot.tsconfigs.outerMappingsFor(importer.folder))?.path ?? null);
}

const moduleOf = (path: string | null): Resolution => (path === null ? NOTHING : { to: 'module', path });

// A folder that happens to be called `events` under `baseUrl` does not hide Node's own module; a written path does.
const isPlainBuiltin = (by: 'paths' | 'baseUrl', specifier: string): boolean => by === 'baseUrl' && builtinOf(specifier) !== null;

function relativeFile(snapshot: JavaScriptSnapshot, importer: Importer, specifier: string): string | null {
  const path = joinPath(importer.folder, specifier);
  if (path === null) return null;
  const asFolder = /(?:^|\/)\.{0,2}$/.test(specifier);
  return fileOrFolder(snapshot, importer, path, asFolder);
}

/** A file, a folder with a manifest or an index, or the source of a built file. */
function fileOrFolder(snapshot: JavaScriptSnapshot, importer: Importer, path: string, onlyFolder: boolean): string | null {
  const { tree, packages, tsconfigs } = snapshot;
  const file = onlyFolder || path === '' ? null : findFile(tree, path, importer.flavour);
  if (file !== null) return file;
  if (tree.isFolder(path)) {
    const manifest = packages.at(path);
    const entry = manifest === null ? null : fileOfPackage(snapshot, { ...manifest, exports: null }, '.', importer.conditions, importer.flavour);
    return entry ?? findIndex(tree, path, importer.flavour);
  }
  const home = packages.nearest(folderOf(path))?.folder ?? '';
  return sourceOfBuilt(tree, home, path, tsconfigs.outputsFor(home));
}

// Web servers and bundlers count `/src/main.ts` from the package that they serve.
function rootedFile(snapshot: JavaScriptSnapshot, importer: Importer, specifier: string): string | null {
  const home = snapshot.packages.nearest(importer.folder)?.folder ?? '';
  for (const root of [home, home === '' ? 'public' : `${home}/public`, '']) {
    const path = joinPath(root, specifier);
    const found = path === null || path === '' ? null : fileOrFolder(snapshot, importer, path, false);
    if (found !== null) return found;
  }
  return null;
}

function mappedFile(snapshot: JavaScriptSnapshot, importer: Importer, specifier: string, mappings: readonly PathMapping[]): { path: string; by: 'paths' | 'baseUrl' } | null {
  for (const mapping of mappings) {
    for (const target of pathTargets(mapping, specifier)) {
      const path = fileOrFolder(snapshot, importer, target, false);
      if (path !== null) return { path, by: 'paths' };
    }
    const target = mapping.baseUrl === null ? null : joinPath(mapping.baseUrl, specifier);
    const path = target === null || target === '' ? null : fileOrFolder(snapshot, importer, target, false);
    if (path !== null) return { path, by: 'baseUrl' };
  }
  return null;
}

// Like the compiler: an exact key, else the pattern with the longest prefix, and only that one.
function pathTargets(mapping: PathMapping, specifier: string): readonly string[] {
  const exact = mapping.exact.get(specifier);
  if (exact !== undefined) return exact;
  const pattern = mapping.patterns.find(({ prefix, suffix }) => specifier.length >= prefix.length + suffix.length && specifier.startsWith(prefix) && specifier.endsWith(suffix));
  if (pattern === undefined) return [];
  const star = specifier.slice(pattern.prefix.length, specifier.length - pattern.suffix.length);
  return pattern.targets.flatMap((target) => joinPath('', target.replace('*', star)) ?? []);
}

function ownImport(snapshot: JavaScriptSnapshot, importer: Importer, specifier: string): Resolution {
  const home = snapshot.packages.nearest(importer.folder);
  const targets = home === null ? [] : importTargets(home.imports, specifier, CONDITIONS[importer.conditions]);
  if (home === null) return NOTHING;
  const file = fileOfTargets(snapshot, home.folder, targets.filter((target) => target.startsWith('.')), importer.flavour);
  if (file !== null) return moduleOf(file);
  for (const target of targets) {
    const resolution = target.startsWith('.') || target.startsWith('#') ? NOTHING : resolvePlain(snapshot, { ...importer, folder: home.folder }, target);
    if (resolution !== NOTHING) return resolution;
  }
  return NOTHING;
}

/** `name`, `name/sub`, `@scope/name/sub`, also with the scheme `npm:` and a version, as Deno writes it. */
function splitBare(specifier: string): { name: string; subpath: string } | null {
  const [, name, rest] = /^(?:npm:)?((?:@[a-z0-9~._-]+\/)?[a-z0-9~_-][a-z0-9~._-]*)(?:@[^/]*)?(?:\/(.*))?$/i.exec(specifier) ?? [];
  if (name === undefined) return null;
  return { name, subpath: rest === undefined || rest === '' ? '.' : `./${rest}` };
}

function bare(snapshot: JavaScriptSnapshot, importer: Importer, specifier: string): Resolution {
  const parts = splitBare(specifier);
  if (parts === null) return NOTHING;
  const { name, subpath } = parts;
  snapshot.notes.note(askedFor(name));
  const committed = committedPackage(snapshot, importer.folder, name);
  const inside = committed?.manifest ?? ownPackage(snapshot.packages, snapshot.locks, importer.folder, name);
  const file = inside === null ? null : fileOfPackage(snapshot, inside, subpath, importer.conditions, importer.flavour);
  if (file !== null) return moduleOf(file);
  if (inside !== null) return NOTHING;
  const outside = external(snapshot, importer.folder, name);
  if (outside !== NOTHING) return outside;
  // Nobody asks for it, and yet it lies there, unread: mostly test data.
  const unread = committed ?? committedPackage(snapshot, importer.folder, typesOf(name));
  const manifest = unread === null ? null : (unread.manifest ?? readPackageManifest(`${unread.folder}/package.json`, {}));
  return moduleOf(manifest === null ? null : fileOfPackage(snapshot, manifest, subpath, importer.conditions, importer.flavour));
}

/** A package in a committed node_modules; Node looks there first. Its manifest is null when it was not read. */
function committedPackage({ tree, packages, installations }: JavaScriptSnapshot, folder: string, name: string): { folder: string; manifest: PackageManifest | null } | null {
  const place = installations(folder).map((installation) => `${installation}/${name}`).find((candidate) => tree.isFolder(candidate));
  return place === undefined ? null : { folder: place, manifest: packages.at(place) };
}

function external({ packages, locks, notes }: JavaScriptSnapshot, folder: string, name: string): Resolution {
  for (const candidate of [name, typesOf(name)]) {
    notes.note(askedFor(candidate));
    const asked = packages.requirement(folder, candidate);
    const locked = locks.installed(folder, candidate, asked?.manifest.folder ?? null);
    const realName = locked?.name ?? aliasOf(asked?.requirement.range ?? '') ?? candidate;
    const version = locked?.version ?? null;
    if (asked !== null || locked !== null) return { to: 'package', purl: npmPurl(realName, version), name: realName, version };
  }
  return NOTHING;
}

/** The package that declares the types of another one: `@types/scope__name` for `@scope/name`. */
const typesOf = (name: string): string => `@types/${name.replace(/^@([^/]+)\//, '$1__')}`;
