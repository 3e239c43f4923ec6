import type { GraphDependency, PackageJson, Workspace } from '@granary/contracts';
import { byCodeUnit, folderOf } from '../paths';

/** How a manifest asks for a package. */
export type Scope = GraphDependency['scope'];

export interface Requirement { name: string; scope: Scope; range: string }

/** A package.json with the questions that linking and normalising ask already answered. */
export interface PackageManifest {
  /** Path of the package.json, and its folder ('' for the root). */
  path: string;
  folder: string;
  name: string | null;
  version: string | null;
  /** `main`, `module`, `types` and `source`, those that are there, in this order. */
  entries: readonly string[];
  bin: readonly (readonly [name: string, target: string])[];
  /** As written: their meaning depends on the subpath and the conditions asked for. */
  exports: unknown;
  imports: unknown;
  workspaces: readonly string[];
  start: string | null;
  /** Each package once a scope; what is optional is not also a runtime requirement, as npm reads it. */
  requirements: readonly Requirement[];
}

/** Arranges the content of a package.json. */
export function readPackageManifest(path: string, content: PackageJson): PackageManifest {
  return {
    path,
    folder: folderOf(path),
    name: content.name || null,
    version: content.version || null,
    entries: [content.main, content.module, content.types, content.source].flatMap((target) => target || []),
    bin: typeof content.bin === 'string' ? [[commandOf(content.name ?? ''), content.bin]] : Object.entries(content.bin ?? {}),
    exports: content.exports ?? null,
    imports: content.imports ?? null,
    workspaces: content.workspaces ?? [],
    start: content.scripts?.start ?? null,
    requirements: requirementsOf(content),
  };
}

/** The manifest with workspaces that another file beside it names. */
export function withMembers(manifest: PackageManifest, members: readonly string[]): PackageManifest {
  return members.length === 0 ? manifest : { ...manifest, workspaces: [...manifest.workspaces, ...members] };
}

/** The manifest with ranges instead of `catalog:` and `catalog:name`, which stand for what pnpm's workspace says once for all. */
export function withCatalogs(manifest: PackageManifest, catalogs: NonNullable<Workspace['catalogs']>): PackageManifest {
  if (!manifest.requirements.some(({ range }) => range.startsWith('catalog:'))) return manifest;
  const rangeOf = ({ name, range }: Requirement): string => {
    const catalog = new Map(Object.entries(catalogs)).get(range.slice('catalog:'.length).trim() || 'default') ?? {};
    return range.startsWith('catalog:') && Object.hasOwn(catalog, name) ? publicRange(catalog[name] ?? '') : range;
  };
  return { ...manifest, requirements: manifest.requirements.map((requirement) => ({ ...requirement, range: rangeOf(requirement) })) };
}

/** What the dependency fields ask for. Also the shape of a location in a lock file, which has the same fields. */
export function requirementsOf(fields: Pick<PackageJson, 'dependencies' | 'devDependencies' | 'optionalDependencies' | 'peerDependencies'>): Requirement[] {
  const optional = fields.optionalDependencies ?? {};
  const runtime = Object.entries(fields.dependencies ?? {}).filter(([name]) => !Object.hasOwn(optional, name));
  return [
    ...required('optional', Object.entries(optional)),
    ...required('runtime', runtime),
    ...required('peer', Object.entries(fields.peerDependencies ?? {})),
    ...required('dev', Object.entries(fields.devDependencies ?? {})),
  ];
}

/** The requirement that decides where a package is asked for in several scopes; null when it is not asked for. */
export function requirementOf(manifest: PackageManifest, name: string): Requirement | null {
  return manifest.requirements.find((requirement) => requirement.name === name) ?? null;
}

/** The name that a range such as `npm:other@^1` really asks for; null when the range names no other package. */
export function aliasOf(range: string): string | null {
  return /^npm:((?:@[^/]+\/)?[^@]+)/.exec(range)?.[1] ?? null;
}

function required(scope: Scope, entries: readonly [string, string][]): Requirement[] {
  return [...entries].sort((a, b) => byCodeUnit(a[0], b[0])).map(([name, range]) => ({ name, scope, range: publicRange(range) }));
}

// A single program is named after its package, without the scope.
const commandOf = (packageName: string): string => packageName.replace(/^@[^/]*\//, '');

// A range may be a git URL with a password in it, and ranges are published. An empty range means any version.
const publicRange = (range: string): string => range.replace(/\/\/[^/@\s]*@/, '//') || '*';
