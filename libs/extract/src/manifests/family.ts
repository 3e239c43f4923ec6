import type { FactManifest } from '@granary/contracts';
import { basename } from 'node:path/posix';
import type { Extractor } from '../facts';

export type ManifestKind = FactManifest['kind'];
type Content = NonNullable<FactManifest['content']>;

/** Why a manifest could not be read, for people and without quoting the file: manifests hold tokens at times. */
export interface Failure { readonly error: string }

/** The part of a manifest that depends on its content alone; the fact pack adds path and kind. */
export interface ManifestFact { readonly content: Content | null; readonly error: string | null }

type Reader = (source: string) => Content | Failure;

/** Manifests that are read, and changed, together. */
export interface ManifestFamily {
  /** Name and version, as in `cargo-manifests@1`: raise the version whenever the same content may give other facts. */
  readonly id: string;
  readonly readers: Readonly<Partial<Record<ManifestKind, Reader>>>;
  /** Which kind a file is of, by its name. */
  readonly names?: Readonly<Record<string, ManifestKind>>;
  /** The same for names that are a pattern. */
  readonly kindOf?: (name: string, path: string) => ManifestKind | null;
}

/** Lock files list every package there is; what people write stays small. */
const MAX_LOCK = 20_000_000;
const MAX_MANIFEST = 2_000_000;

/** The extractor of a family of manifests. */
export function manifestExtractor(family: ManifestFamily): Extractor {
  const { id, names = {}, kindOf } = family;
  return {
    id,
    kind: 'manifest',
    skipsMinified: false,
    classOf(path) {
      const name = basename(path);
      if (Object.hasOwn(names, name)) return names[name] ?? null;
      return kindOf?.(name, path) ?? null;
    },
    maxBytes: (pathClass) => (pathClass.includes('lock') ? MAX_LOCK : MAX_MANIFEST),
    extract: (source, pathClass) => ({ body: readManifest(family, pathClass as ManifestKind, source), items: 0 }),
  };
}

/** Reads one manifest; what cannot be read becomes an error in the fact, never a thrown one. */
export function readManifest({ readers }: ManifestFamily, kind: ManifestKind, source: string): ManifestFact {
  const reduced = reduce(readers[kind], source);
  return isFailure(reduced) ? { content: null, error: reduced.error } : { content: reduced, error: null };
}

function reduce(read: Reader | undefined, source: string): Content | Failure {
  try {
    return read?.(source) ?? { error: 'nobody reads such manifests' };
  } catch (error) {
    // The stack of a parser is full: somebody nested thousands of levels.
    if (error instanceof RangeError) return { error: 'nested too deeply' };
    throw error;
  }
}

export const isFailure = <T extends object>(read: T | Failure): read is Failure => 'error' in read;
