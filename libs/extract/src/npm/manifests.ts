import type { PackageJson, PackageLock, Tsconfig } from '@granary/contracts';
import { basename } from 'node:path/posix';
import type { Extractor } from '../facts';
import { parseObject } from './json';
import { reducePackageJson } from './package-json';
import { reducePackageLock } from './package-lock';
import { reduceTsconfig } from './tsconfig';

export type ManifestKind = 'package.json' | 'package-lock.json' | 'tsconfig.json';

/** The part of a manifest that depends on its content alone; the fact pack adds path and kind. */
export interface ManifestFact {
  readonly content: PackageJson | PackageLock | Tsconfig | null;
  /** Why there is no content, without quoting the file. */
  readonly error: string | null;
}

const TSCONFIG = /^(?:ts|js)config(?:[.-][^/]*)?\.json$/;
const NAMES: Record<string, ManifestKind> = { 'package.json': 'package.json', 'package-lock.json': 'package-lock.json', 'npm-shrinkwrap.json': 'package-lock.json' };

/** npm's manifests and lock files, and the TypeScript configurations that decide how imports resolve. */
export const npmManifests: Extractor = {
  id: 'npm-manifests@1',
  kind: 'manifest',
  skipsMinified: false,
  classOf(path) {
    const name = basename(path);
    if (TSCONFIG.test(name)) return 'tsconfig.json';
    return Object.hasOwn(NAMES, name) ? (NAMES[name] ?? null) : null;
  },
  maxBytes: (pathClass) => (pathClass === 'package-lock.json' ? 20_000_000 : 2_000_000),
  extract(source, pathClass) {
    return { body: readManifest(source, pathClass as ManifestKind), items: 0 };
  },
};

/** Reads one manifest; what cannot be read becomes an error in the fact, never a thrown one. */
export function readManifest(source: string, kind: ManifestKind): ManifestFact {
  const reduced = reduce(source, kind);
  return isError(reduced) ? { content: null, error: reduced.error } : { content: reduced, error: null };
}

type Reduced = PackageJson | PackageLock | Tsconfig | { readonly error: string };

function reduce(source: string, kind: ManifestKind): Reduced {
  if (kind === 'tsconfig.json') return reduceTsconfig(source);
  const parsed = parseObject(source);
  if ('error' in parsed) return parsed;
  return kind === 'package.json' ? reducePackageJson(parsed.value) : reducePackageLock(parsed.value);
}

const isError = (reduced: Reduced): reduced is { readonly error: string } => 'error' in reduced;
