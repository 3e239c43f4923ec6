import type { FactFile, FactImport, FactManifest, FactModule, FactPack, PackageJson, PackageLock, Tsconfig } from '@granary/contracts';

/** What lies at a path: the imports of a module, the content of a manifest, or null for any other file. */
export type Entry = readonly string[] | PackageJson | PackageLock | Tsconfig | null;
export type Files = Readonly<Record<string, Entry>>;

/**
 * A fact pack written as a table of paths, for tests. The imports of a module stand on lines 1, 2, 3 …; `type ./x`,
 * `require ./x`, `dynamic ./x` and `reexport ./x` give their kind, anything else is static.
 */
export function factsOf(files: Files, overrides: Partial<FactPack> = {}): FactPack {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    version: 1,
    repositoryId: '01976c2e-8a00-7b3c-9d4e-5f60718293a4',
    name: 'sample',
    commit: 'a'.repeat(40),
    ref: 'refs/heads/main',
    tier: 2,
    tierReasons: [],
    files: entries.map(([path]) => fileOf(path)),
    modules: entries.flatMap(([path, entry]): FactModule[] => (isModule(entry) ? [{ path, blob: blobOf(path), imports: entry.map(importOf) }] : [])),
    manifests: entries.flatMap(([path, entry]) => (entry === null || isModule(entry) ? [] : manifestOf(path, entry))),
    findings: [],
    aiUsage: [],
    languages: [{ language: 'typescript', files: entries.length, bytes: entries.length * 10 }],
    ...overrides,
  };
}

const isModule = (entry: Entry): entry is readonly string[] => Array.isArray(entry);

function fileOf(path: string): FactFile {
  const [, family] = /\.[cm]?([jt])sx?$/.exec(path) ?? [];
  const language = family === undefined ? null : family === 't' ? 'typescript' : 'javascript';
  return { path, blob: blobOf(path), bytes: 10, language, skipped: null, tier: 2 };
}

/** Forty hexadecimal digits that only depend on the text. */
export function blobOf(text: string): string {
  return Buffer.from(text).toString('hex').padEnd(40, '0').slice(-40);
}

function importOf(written: string, index: number): FactImport {
  const [, kind, specifier] = /^(type|require|dynamic|reexport) (.*)$/.exec(written) ?? [];
  return { specifier: specifier ?? written, kind: (kind ?? 'static') as FactImport['kind'], line: index + 1 };
}

function manifestOf(path: string, content: PackageJson | PackageLock | Tsconfig): FactManifest {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'package.json') return { path, kind: 'package.json', content: content as PackageJson, error: null };
  if (name === 'package-lock.json') return { path, kind: 'package-lock.json', content: content as PackageLock, error: null };
  return { path, kind: 'tsconfig.json', content: content as Tsconfig, error: null };
}
