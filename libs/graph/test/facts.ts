import type { DeclaredPackage, FactFile, FactImport, FactManifest, FactModule, FactPack, PackageJson, PackageLock, ResolvedLock, Submodules, Tsconfig, Workspace } from '@granary/contracts';

/** What lies at a path: the imports of a module, the content of a manifest, or null for any other file. */
export type Entry = readonly string[] | Content | null;
type Content = NonNullable<FactManifest['content']>;
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
    committedAt: '2026-03-02T09:10:00.000Z',
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

/** What is kept of a manifest of any ecosystem but npm's, for tests: all that an example does not say is empty. */
export function declares(ecosystem: DeclaredPackage['ecosystem'], said: Partial<DeclaredPackage> = {}): DeclaredPackage {
  return { ecosystem, name: null, version: null, requirements: [], entries: [], members: [], sources: [], replaces: [], parent: null, ...said };
}

const isModule = (entry: Entry): entry is readonly string[] => Array.isArray(entry);

function fileOf(path: string): FactFile {
  const ending = /\.[cm]?([a-z]+?)x?$/.exec(path)?.[1] ?? '';
  return { path, blob: blobOf(path), bytes: 10, language: LANGUAGES[ending] ?? null, skipped: null, tier: 2 };
}

const LANGUAGES: Readonly<Record<string, string>> = { ts: 'typescript', js: 'javascript', py: 'python', go: 'go', java: 'java', rs: 'rust', cs: 'csharp' };

/** Forty hexadecimal digits that only depend on the text. */
export function blobOf(text: string): string {
  return Buffer.from(text).toString('hex').padEnd(40, '0').slice(-40);
}

function importOf(written: string, index: number): FactImport {
  const [, kind, specifier] = /^(type|require|dynamic|reexport) (.*)$/.exec(written) ?? [];
  return { specifier: specifier ?? written, kind: (kind ?? 'static') as FactImport['kind'], line: index + 1 };
}

function manifestOf(path: string, content: Content): FactManifest {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'package.json') return { path, kind: 'package.json', content: content as PackageJson, error: null };
  if (name === 'package-lock.json') return { path, kind: 'package-lock.json', content: content as PackageLock, error: null };
  if (name === 'pnpm-workspace.yaml') return { path, kind: 'pnpm-workspace.yaml', content: content as Workspace, error: null };
  if (name === '.gitmodules') return { path, kind: 'gitmodules', content: content as Submodules, error: null };
  if (!('ecosystem' in content)) return { path, kind: 'tsconfig.json', content: content as Tsconfig, error: null };
  if ('packages' in content) return { path, kind: name, content: content as ResolvedLock, error: null } as FactManifest;
  const kind = /\.(?:csproj|props)$/.test(name) ? 'csproj' : /\.(?:txt|in)$/.test(name) ? 'requirements.txt' : name;
  return { path, kind, content: content as DeclaredPackage, error: null } as FactManifest;
}
