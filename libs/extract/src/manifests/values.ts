import type { DeclaredPackage, DeclaredRequirement, LockedRequirement, ResolvedLock } from '@granary/contracts';

// The limits of the contract of the fact pack. What is longer is no name of a package.
const MAX_NAME = 512;
const MAX_VERSION = 512;
const MAX_RANGE = 1024;
const MAX_KEY = 2048;
const MAX_PATH = 4096;

export type Scope = DeclaredRequirement['scope'];
export type LockedPackageEntry = ResolvedLock['packages'][number];
export type Importer = ResolvedLock['importers'][number];

/** A text without the credentials of the URLs in it: user and password, and the query, where tokens are put too. */
export function publicText(text: string): string {
  if (!text.includes('//')) return text;
  return text.replace(/\/\/[^/\s"'()]*@/g, '//').replace(/(:\/\/[^\s?#]*)\?[^\s#]*/g, '$1');
}

/** A version or a range fit to be published; null when there is none. */
export const published = (text: unknown, max = MAX_RANGE): string | null => {
  return typeof text === 'string' ? publicText(text.trim()).slice(0, max) || null : null;
};

export const versionText = (text: unknown): string | null => published(text, MAX_VERSION);

export const isName = (name: unknown): name is string => typeof name === 'string' && name.length > 0 && name.length <= MAX_NAME;

export const isPath = (path: unknown): path is string => typeof path === 'string' && path.length > 0 && path.length <= MAX_PATH;

/** Only usable paths and patterns. */
export const pathsOf = (values: unknown): string[] => (Array.isArray(values) ? values.filter(isPath) : []);

/** The key of a package in a lock file. */
export const keyText = (key: string): string => publicText(key).slice(0, MAX_KEY);

type Written = { name: unknown; range: unknown; scope: Scope; path?: string | undefined; alias?: string | undefined; indirect?: boolean; via?: string[] };

/** A requirement as the contract has it; nothing when the name is none. */
export function requirement({ name, range, scope, path, alias, indirect = false, via = [] }: Written): DeclaredRequirement[] {
  if (!isName(name)) return [];
  return [{
    name, range: published(range), scope,
    ...(isPath(path) ? { path } : {}),
    ...(isName(alias) && alias !== name ? { alias } : {}),
    ...(indirect ? { indirect } : {}),
    ...(via.length > 0 ? { via: via.filter(isName) } : {}),
  }];
}

/** A resolved requirement as the contract has it; nothing when the name is none. */
export function lockedRequirement(name: unknown, range: unknown, scope: Scope, to: string | null): LockedRequirement[] {
  return isName(name) ? [{ name, range: published(range), scope, to }] : [];
}

/** A manifest about which nothing is known yet. */
export function emptyPackage(ecosystem: DeclaredPackage['ecosystem']): DeclaredPackage {
  return { ecosystem, name: null, version: null, requirements: [], entries: [], members: [], sources: [], replaces: [], parent: null };
}

type Entry = DeclaredPackage['entries'][number];

/** An entry point as the contract has it; nothing when it has no name or leads nowhere. */
export function entryPoint(kind: Entry['kind'], name: unknown, target: unknown): Entry[] {
  return isName(name) && isPath(target) ? [{ kind, name, target }] : [];
}

/** Sorted by key, each key once. */
export function sortedByKey(packages: readonly LockedPackageEntry[]): LockedPackageEntry[] {
  const unique = new Map<string, LockedPackageEntry>();
  for (const entry of packages) if (!unique.has(entry.key)) unique.set(entry.key, entry);
  return [...unique.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
