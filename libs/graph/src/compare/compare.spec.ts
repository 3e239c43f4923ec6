import type { ImportEdge, ProjectGraph } from '@granary/contracts';
import { checkShape } from '@granary/contracts';
import { TIMES } from '@granary/testing';
import fc from 'fast-check';
import { factsOf, type Entry, type Files } from '../../test/facts';
import { normalize } from '../normalize/normalize';
import { withoutVersion } from '../purl';
import { compare, importsByModule, type Change } from './compare';
import { dependenciesIn } from './dependency-states';

const graphOf = (files: Files): ProjectGraph => normalize(factsOf(files));
const changes = (before: Files, after: Files): Change[] => compare(graphOf(before), graphOf(after));
/** A change without what all of them carry. */
const short = ({ type, data }: Change): Record<string, unknown> => ({ type, ...Object.fromEntries(Object.entries(data).filter(([field]) => field !== 'repositoryId' && field !== 'commit')) });

const lock = (...packages: string[]): Entry => ({
  lockfileVersion: 3,
  packages: { '': {}, ...Object.fromEntries(packages.map((written) => {
    const [, location = '', version = ''] = /^(.*)@([^@]+)$/.exec(written) ?? [];
    return [`node_modules/${location}`, { version }];
  })) },
});

it.each<{ says: string; before: Files; after: Files; found: Record<string, unknown>[] }>([
  { says: 'nothing', before: { 'a.ts': ['./b'], 'b.ts': [] }, after: { 'a.ts': ['./b'], 'b.ts': [] }, found: [] },
  {
    says: 'a module that came',
    before: { 'a.ts': [] },
    after: { 'a.ts': [], 'b.ts': ['./a'] },
    found: [{ type: 'module.added.v1', path: 'b.ts', language: 'typescript' }],
  },
  {
    says: 'a module that went, and who imported it',
    before: { 'a.ts': ['./b'], 'b.ts': [] },
    after: { 'a.ts': [] },
    found: [
      { type: 'module.removed.v1', path: 'b.ts', language: 'typescript' },
      { type: 'module.changed.v1', path: 'a.ts', language: 'typescript', importsAdded: [], importsRemoved: [{ to: 'b.ts', kind: 'static' }] },
    ],
  },
  {
    says: 'another kind of import',
    before: { 'a.ts': ['./b'], 'b.ts': [] },
    after: { 'a.ts': ['type ./b'], 'b.ts': [] },
    found: [{ type: 'module.changed.v1', path: 'a.ts', language: 'typescript', importsAdded: [{ to: 'b.ts', kind: 'type' }], importsRemoved: [{ to: 'b.ts', kind: 'static' }] }],
  },
  { says: 'only another line', before: { 'a.ts': ['./b', 'node:fs'], 'b.ts': [] }, after: { 'a.ts': ['node:fs', './b'], 'b.ts': [] }, found: [] },
  {
    says: 'an update is one difference, however many modules use the package',
    before: { 'package.json': { dependencies: { a: '^1' } }, 'package-lock.json': lock('a@1.0.0'), 'x.ts': ['a'], 'y.ts': ['a'] },
    after: { 'package.json': { dependencies: { a: '^1' } }, 'package-lock.json': lock('a@1.1.0'), 'x.ts': ['a'], 'y.ts': ['a'] },
    found: [{ type: 'dependency.changed.v1', purl: 'pkg:npm/a@1.1.0', name: 'a', before: { version: '1.0.0', scope: 'runtime', direct: true }, after: { version: '1.1.0', scope: 'runtime', direct: true } }],
  },
  {
    says: 'a dependency that came, one that went, one that is no longer asked for directly',
    before: { 'package.json': { dependencies: { a: '1', b: '1' } }, 'package-lock.json': lock('a@1.0.0', 'b@1.0.0') },
    after: { 'package.json': { dependencies: { c: '1' } }, 'package-lock.json': { lockfileVersion: 3, packages: { '': {}, 'node_modules/c': { version: '1.0.0', dependencies: { b: '1' } }, 'node_modules/b': { version: '1.0.0' } } } },
    found: [
      { type: 'dependency.removed.v1', purl: 'pkg:npm/a@1.0.0', name: 'a', version: '1.0.0', scope: 'runtime', direct: true },
      { type: 'dependency.added.v1', purl: 'pkg:npm/c@1.0.0', name: 'c', version: '1.0.0', scope: 'runtime', direct: true },
      { type: 'dependency.changed.v1', purl: 'pkg:npm/b@1.0.0', name: 'b', before: { version: '1.0.0', scope: 'runtime', direct: true }, after: { version: '1.0.0', scope: 'runtime', direct: false } },
    ],
  },
  {
    says: 'a second version is added, not changed',
    before: { 'package-lock.json': lock('a@1.0.0') },
    after: { 'package-lock.json': lock('a@1.0.0', 'x/node_modules/a@2.0.0') },
    found: [{ type: 'dependency.added.v1', purl: 'pkg:npm/a@2.0.0', name: 'a', version: '2.0.0', scope: 'runtime', direct: false }],
  },
  {
    says: 'an entry point',
    before: { 'package.json': { bin: { x: 'a.js' } }, 'a.js': [], 'b.js': [] },
    after: { 'package.json': { bin: { x: 'b.js' } }, 'a.js': [], 'b.js': [] },
    found: [
      { type: 'entrypoint.removed.v1', kind: 'bin', name: 'x', path: 'a.js' },
      { type: 'entrypoint.added.v1', kind: 'bin', name: 'x', path: 'b.js' },
    ],
  },
  {
    says: 'a cycle that grew',
    before: { 'a.ts': ['./b'], 'b.ts': ['./a'], 'c.ts': ['./a'] },
    after: { 'a.ts': ['./b'], 'b.ts': ['./a', './c'], 'c.ts': ['./a'] },
    found: [
      { type: 'module.changed.v1', path: 'b.ts', language: 'typescript', importsAdded: [{ to: 'c.ts', kind: 'static' }], importsRemoved: [] },
      { type: 'cycle.resolved.v1', modules: ['a.ts', 'b.ts'] },
      { type: 'cycle.appeared.v1', modules: ['a.ts', 'b.ts', 'c.ts'] },
    ],
  },
])('$says', ({ before, after, found }) => {
  expect(changes(before, after).map(short)).toEqual(found);
});

it('carries the repository and the commit after', () => {
  const before = graphOf({ 'a.ts': [] });
  const after = { ...graphOf({}), commit: 'b'.repeat(40) };
  expect(compare(before, after)).toEqual([{ type: 'module.removed.v1', data: { repositoryId: before.repository.id, commit: 'b'.repeat(40), path: 'a.ts', language: 'typescript' } }]);
});

describe('the scope of a dependency', () => {
  const scopes = (files: Files): Record<string, string> => Object.fromEntries([...dependenciesIn(graphOf(files)).values()].map(({ name, scope, direct }) => [name, `${scope}${direct ? ', direct' : ''}`]));

  it('is the strongest way that leads to it, each way as strong as its weakest step', () => {
    expect(scopes({
      'package.json': { dependencies: { run: '1' }, devDependencies: { dev: '1' }, optionalDependencies: { opt: '1' } },
      'package-lock.json': {
        lockfileVersion: 3,
        packages: {
          '': {},
          'node_modules/run': { version: '1.0.0', dependencies: { both: '1' }, optionalDependencies: { maybe: '1' } },
          'node_modules/dev': { version: '1.0.0', dependencies: { both: '1', only: '1' } },
          'node_modules/opt': { version: '1.0.0', dependencies: { under: '1' } },
          'node_modules/both': { version: '1.0.0' },
          'node_modules/only': { version: '1.0.0', dependencies: { dev: '1' } },
          'node_modules/maybe': { version: '1.0.0', peerDependencies: { peer: '1' } },
          'node_modules/under': { version: '1.0.0' },
          'node_modules/peer': { version: '1.0.0' },
        },
      },
    })).toEqual({ run: 'runtime, direct', both: 'runtime', maybe: 'optional', opt: 'optional, direct', under: 'optional', peer: 'peer', dev: 'dev, direct', only: 'dev' });
  });

  it('is runtime for what modules use without asking', () => {
    expect(scopes({ 'package-lock.json': lock('a@1.0.0'), 'x.ts': ['a'] })).toEqual({ a: 'runtime' });
  });
});

// Any two small repositories over the same few names, so that they have much in common.
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const specifier = fc.oneof(name.map((module) => `./${module}`), name.map((module) => `type ./${module}`), fc.constantFrom('p', 'q', 'node:fs'));
const version = fc.constantFrom('1.0.0', '2.0.0', '3.0.0');
const repository: fc.Arbitrary<Files> = fc
  .record({
    modules: fc.dictionary(name, fc.array(specifier, { maxLength: 4 }), { maxKeys: 5 }),
    locked: fc.dictionary(fc.constantFrom('p', 'q', 'r', 'p/node_modules/q', 'r/node_modules/q'), version, { maxKeys: 5 }),
    asked: fc.dictionary(fc.constantFrom('p', 'q', 'r'), fc.constantFrom('dependencies', 'devDependencies', 'optionalDependencies'), { maxKeys: 3 }),
    bin: fc.dictionary(fc.constantFrom('one', 'two'), name.map((module) => `./${module}.ts`), { maxKeys: 2 }),
  })
  .map(({ modules, locked, asked, bin }) => ({
    ...Object.fromEntries(Object.entries(modules).map(([module, imports]) => [`${module}.ts`, imports])),
    'package.json': { bin, ...Object.fromEntries(['dependencies', 'devDependencies', 'optionalDependencies'].map((field) => [field, Object.fromEntries(Object.entries(asked).filter(([, scope]) => scope === field).map(([dependency]) => [dependency, '*']))])) },
    'package-lock.json': lock(...Object.entries(locked).map(([location, at]) => `${location}@${at}`)),
  }));

/** What announcements tell about a graph: everything that following them must keep right. */
interface Known {
  modules: Map<string, Set<string>>;
  dependencies: Map<string, string>;
  entrypoints: Set<string>;
  cycles: Set<string>;
}

const edge = ({ to, kind }: ImportEdge): string => `${kind} ${to}`;

function known(graph: ProjectGraph): Known {
  const imports = importsByModule(graph);
  return {
    modules: new Map(graph.nodes.modules.map(({ path }) => [path, new Set([...(imports.get(path)?.values() ?? [])].map(edge))])),
    dependencies: new Map([...dependenciesIn(graph)].map(([purl, { version: at, scope, direct }]) => [purl, JSON.stringify({ version: at, scope, direct })])),
    entrypoints: new Set(graph.nodes.entrypoints.map((entry) => JSON.stringify([entry.kind, entry.name, entry.path]))),
    cycles: new Set(graph.cycles.map((cycle) => cycle.join(' '))),
  };
}

/** Follows announcements, refusing each that does not change anything. Imports of modules that came are not announced. */
function follow(before: Known, found: readonly Change[], after: Known): Known {
  const at = structuredClone(before);
  const did = (changed: boolean): void => expect(changed).toBe(true);
  const put = <V>(map: Map<string, V>, key: string, value: V): void => {
    did(!map.has(key));
    map.set(key, value);
  };
  for (const { type, data } of found) {
    if (type === 'module.added.v1') put(at.modules, data.path, after.modules.get(data.path) ?? new Set());
    else if (type === 'module.removed.v1') did(at.modules.delete(data.path));
    else if (type === 'module.changed.v1') {
      const imports = at.modules.get(data.path) ?? new Set();
      did(data.importsAdded.length + data.importsRemoved.length > 0);
      for (const gone of data.importsRemoved) did(imports.delete(edge(gone)));
      for (const come of data.importsAdded) did(!imports.has(edge(come)) && imports.add(edge(come)).size > 0);
    } else if (type === 'dependency.added.v1') put(at.dependencies, data.purl, JSON.stringify({ version: data.version, scope: data.scope, direct: data.direct }));
    else if (type === 'dependency.removed.v1') did(at.dependencies.delete(data.purl));
    else if (type === 'dependency.changed.v1') {
      did(JSON.stringify(data.before) !== JSON.stringify(data.after));
      const purl = data.before.version === null ? withoutVersion(data.purl) : `${withoutVersion(data.purl)}@${data.before.version}`;
      expect(at.dependencies.get(purl)).toBe(JSON.stringify(data.before));
      at.dependencies.delete(purl);
      put(at.dependencies, data.purl, JSON.stringify(data.after));
    } else if (type === 'entrypoint.added.v1') did(at.entrypoints.add(JSON.stringify([data.kind, data.name, data.path])).size > 0);
    else if (type === 'entrypoint.removed.v1') did(at.entrypoints.delete(JSON.stringify([data.kind, data.name, data.path])));
    else if (type === 'cycle.appeared.v1') did(at.cycles.add(data.modules.join(' ')).size > 0);
    else did(at.cycles.delete(data.modules.join(' ')));
  }
  return at;
}

const seed = Date.now() % 2 ** 31;

it(`leads from the graph before to the graph after (seed ${seed})`, () => {
  fc.assert(
    fc.property(repository, repository, (filesBefore, filesAfter) => {
      const [before, after] = [graphOf(filesBefore), graphOf(filesAfter)];
      expect(follow(known(before), compare(before, after), known(after))).toEqual(known(after));
      expect(compare(before, before)).toEqual([]);
    }),
    { seed, numRuns: 150 * TIMES },
  );
});

it(`makes graphs that keep their contract (seed ${seed})`, () => {
  fc.assert(fc.property(repository, (files) => expect(checkShape('project-graph', graphOf(files), 'strict')).toEqual(expect.objectContaining({ ok: true }))), { seed, numRuns: 20 * TIMES });
});
