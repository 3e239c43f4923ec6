import type { FactPack } from '@granary/contracts';
import { checkShape } from '@granary/contracts';
import fc from 'fast-check';
import { blobOf, factsOf, type Files } from '../../test/facts';
import { canonicalJson } from './canonical';
import { countsOf, normalize } from './normalize';

/** A repository with a bit of everything. */
const sample: Files = {
  'package.json': { name: 'sample', workspaces: ['packages/*'], dependencies: { lodash: '^4.17.0' }, devDependencies: { jest: '^30.0.0' }, main: './dist/index.js', scripts: { start: 'node dist/index.js' } },
  'package-lock.json': {
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { lodash: '^4.17.0' }, devDependencies: { jest: '^30.0.0' } },
      'node_modules/lodash': { version: '4.17.21' },
      'node_modules/jest': { version: '30.0.0', dev: true, dependencies: { picocolors: '^1.0.0' } },
      'node_modules/picocolors': { version: '1.1.1', dev: true },
      'node_modules/@acme/lib': { resolved: 'packages/lib', link: true },
      'packages/lib': { name: '@acme/lib' },
    },
  },
  'packages/lib/package.json': { name: '@acme/lib', bin: './dist/cli.js', exports: { '.': './dist/index.js', './b': './dist/b.js' } },
  'packages/lib/src/index.ts': ['./b', 'type ./c'],
  'packages/lib/src/b.ts': ['./index'],
  'packages/lib/src/c.ts': ['./index', './gone'],
  'packages/lib/src/cli.ts': ['@acme/lib', 'node:fs'],
  'src/index.ts': ['lodash', 'lodash/fp', '@acme/lib', './data.json', './index.css'],
  'src/data.json': null,
  'src/index.css': null,
  'README.md': null,
};

it('is the graph of the facts', () => {
  const facts = factsOf(sample, { tier: 3, tierReasons: ['too large', 'too large'] });
  facts.files.push({ path: 'logo.png', blob: blobOf('logo'), bytes: 5, language: null, skipped: 'binary', tier: null });

  const graph = normalize(facts);

  expect(checkShape('project-graph', graph, 'strict')).toEqual(expect.objectContaining({ ok: true }));
  expect(graph).toEqual({
    version: 1,
    repository: { id: facts.repositoryId, name: 'sample' },
    commit: facts.commit,
    committedAt: facts.committedAt,
    nodes: {
      modules: [
        ...['b', 'c', 'cli', 'index'].map((name) => ({ path: `packages/lib/src/${name}.ts`, language: 'typescript', blob: blobOf(`packages/lib/src/${name}.ts`), bytes: 10 })),
        { path: 'src/data.json', language: 'other', blob: blobOf('src/data.json'), bytes: 10 },
        { path: 'src/index.css', language: 'other', blob: blobOf('src/index.css'), bytes: 10 },
        { path: 'src/index.ts', language: 'typescript', blob: blobOf('src/index.ts'), bytes: 10 },
      ],
      packages: [
        { purl: 'pkg:npm/jest@30.0.0', name: 'jest', version: '30.0.0' },
        { purl: 'pkg:npm/lodash@4.17.21', name: 'lodash', version: '4.17.21' },
        { purl: 'pkg:npm/picocolors@1.1.1', name: 'picocolors', version: '1.1.1' },
      ],
      entrypoints: [
        { kind: 'bin', name: 'lib', path: 'packages/lib/src/cli.ts' },
        { kind: 'export', name: '@acme/lib', path: 'packages/lib/src/index.ts' },
        { kind: 'export', name: '@acme/lib/b', path: 'packages/lib/src/b.ts' },
        { kind: 'main', name: 'sample', path: 'src/index.ts' },
        { kind: 'script', name: 'start', path: 'src/index.ts' },
      ],
      publishes: [
        { purl: 'pkg:npm/%40acme/lib', name: '@acme/lib', version: null, folder: 'packages/lib' },
        { purl: 'pkg:npm/sample', name: 'sample', version: null, folder: '.' },
      ],
      submodules: [],
      aiProviders: [],
      findings: [],
    },
    edges: {
      callsAI: [],
      imports: [
        { from: 'packages/lib/src/b.ts', to: 'packages/lib/src/index.ts', kind: 'static', line: 1 },
        { from: 'packages/lib/src/c.ts', to: 'packages/lib/src/index.ts', kind: 'static', line: 1 },
        { from: 'packages/lib/src/cli.ts', to: 'packages/lib/src/index.ts', kind: 'static', line: 1 },
        { from: 'packages/lib/src/index.ts', to: 'packages/lib/src/b.ts', kind: 'static', line: 1 },
        { from: 'packages/lib/src/index.ts', to: 'packages/lib/src/c.ts', kind: 'type', line: 2 },
        { from: 'src/index.ts', to: 'packages/lib/src/index.ts', kind: 'static', line: 3 },
        { from: 'src/index.ts', to: 'src/data.json', kind: 'static', line: 4 },
        { from: 'src/index.ts', to: 'src/index.css', kind: 'static', line: 5 },
      ],
      dependsOn: [
        { from: '.', to: 'pkg:npm/jest@30.0.0', scope: 'dev', direct: true, range: '^30.0.0' },
        { from: '.', to: 'pkg:npm/lodash@4.17.21', scope: 'runtime', direct: true, range: '^4.17.0' },
        { from: 'pkg:npm/jest@30.0.0', to: 'pkg:npm/picocolors@1.1.1', scope: 'runtime', direct: false, range: '^1.0.0' },
      ],
      uses: [
        { from: 'packages/lib/src/cli.ts', to: 'node:fs', kind: 'static', line: 2 },
        { from: 'src/index.ts', to: 'pkg:npm/lodash@4.17.21', kind: 'static', line: 1 },
      ],
    },
    languages: facts.languages,
    cycles: [['packages/lib/src/b.ts', 'packages/lib/src/index.ts']],
    completeness: {
      tier: 3,
      tierReasons: ['too large'],
      unresolved: [{ from: 'packages/lib/src/c.ts', specifier: './gone', line: 2 }],
      skipped: [{ path: 'logo.png', reason: 'binary' }],
      light: [],
      missingLocks: [],
    },
  });
  expect(countsOf(graph)).toEqual({ modules: 7, imports: 8, packages: 3, entrypoints: 5, cycles: 1, unresolved: 1 });
});

it('says which manifests could not be read', () => {
  const facts = factsOf({ 'src/a.ts': [] });
  facts.manifests.push({ path: 'tsconfig.json', kind: 'tsconfig.json', content: null, error: 'line 3: a comma is missing' });
  expect(normalize(facts).completeness.skipped).toEqual([{ path: 'tsconfig.json', reason: 'line 3: a comma is missing' }]);
});

it('counts imports of a language that nobody links as unresolved', () => {
  const facts = factsOf({ 'a.ts': ['./b'], 'b.ts': [] });
  for (const file of facts.files) file.language = 'klingon';
  expect(normalize(facts).completeness.unresolved).toEqual([{ from: 'a.ts', specifier: './b', line: 1 }]);
});

it('keeps an edge once for each kind, with its first line', () => {
  const { imports } = normalize(factsOf({ 'a.ts': ['require ./b', './b', './b.js', 'require ./b'], 'b.ts': [] })).edges;
  expect(imports).toEqual([
    { from: 'a.ts', to: 'b.ts', kind: 'require', line: 1 },
    { from: 'a.ts', to: 'b.ts', kind: 'static', line: 2 },
  ]);
});

const seed = Date.now() % 2 ** 31;

it(`gives the same bytes for the same facts in any order (seed ${seed})`, () => {
  const facts = factsOf(sample);
  const expected = canonicalJson(normalize(facts));
  const shuffled = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...values], { minLength: values.length });
  const inAnyOrder: fc.Arbitrary<FactPack> = fc
    .record({ files: shuffled(facts.files), modules: shuffled(facts.modules), manifests: shuffled(facts.manifests), imports: fc.infiniteStream(fc.nat()) })
    .map(({ files, modules, manifests, imports }) => ({
      ...facts, files, manifests,
      modules: modules.map((module) => ({ ...module, imports: [...module.imports].sort(() => ((imports.next().value ?? 0) % 2) - 0.5) })),
    }));
  fc.assert(fc.property(inAnyOrder, (pack) => canonicalJson(normalize(pack)) === expected), { seed, numRuns: 200 });
});
