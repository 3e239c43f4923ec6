import { factsOf, type Files } from '../../test/facts';
import { normalize } from '../normalize/normalize';
import { indexOf } from './graph-index';
import { impactOf } from './impact';
import { nameChanges } from './names';
import { why } from './why';

const lock = (version: string) => ({ lockfileVersion: 3, packages: { '': {}, 'node_modules/lib': { version, dependencies: { deep: '1' } }, 'node_modules/deep': { version: '1.0.0' } } });
const files: Files = {
  'package.json': { name: 'sample', main: 'src/a.ts', dependencies: { lib: '^1.0.0' } },
  'package-lock.json': lock('1.0.0'),
  'src/a.ts': ['./b', './c'],
  'src/b.ts': ['./d'],
  'src/c.ts': ['./d', 'type ./b'],
  'src/d.ts': ['require lib'],
  'src/alone.ts': [],
};
const graphOf = (of: Files) => normalize(factsOf(of));
const without = (path: string): Files => Object.fromEntries(Object.entries(files).filter(([at]) => at !== path));
const index = indexOf(graphOf(files));

describe('why', () => {
  it('is the shortest way, the same of several', () => {
    expect(why(index, 'src/a.ts', './src/d.ts')).toEqual({
      from: 'src/a.ts',
      to: 'src/d.ts',
      kind: 'module',
      way: [
        { node: 'src/a.ts', by: null, line: null },
        { node: 'src/b.ts', by: 'static', line: 1 },
        { node: 'src/d.ts', by: 'static', line: 1 },
      ],
    });
  });

  it('leads into packages and on between them', () => {
    expect(why(index, 'src/c.ts', 'deep').way).toEqual([
      { node: 'src/c.ts', by: null, line: null },
      { node: 'src/d.ts', by: 'static', line: 1 },
      { node: 'pkg:npm/lib@1.0.0', by: 'require', line: 1 },
      { node: 'pkg:npm/deep@1.0.0', by: 'depends-on', line: null },
    ]);
  });

  it('is nothing without a dependency, and one step to itself', () => {
    expect(why(index, 'src/d.ts', 'src/a.ts').way).toBeNull();
    expect(why(index, 'src/a.ts', 'src/a.ts').way).toEqual([{ node: 'src/a.ts', by: null, line: null }]);
  });

  it('refuses what is not there, or no module to start from', () => {
    expect(() => why(index, 'src/a.ts', 'src/zzz.ts')).toThrow("no module and no package 'src/zzz.ts'");
    expect(() => why(index, 'lib', 'src/a.ts')).toThrow("'lib' is a package");
  });
});

describe('the impact of a change', () => {
  it('is what differs, and everything that depends on it', () => {
    const after = graphOf({ ...files, 'src/b.ts': ['./d'], 'src/new.ts': [] });
    const changed = { ...after, nodes: { ...after.nodes, modules: after.nodes.modules.map((module) => (module.path === 'src/b.ts' ? { ...module, blob: 'b'.repeat(40) } : module)) } };
    expect(impactOf(graphOf(files), changed)).toEqual({
      changed: [{ path: 'src/b.ts', change: 'modified' }, { path: 'src/new.ts', change: 'added' }],
      packages: [],
      impacted: [{ path: 'src/a.ts', depth: 1 }, { path: 'src/c.ts', depth: 1 }],
      entrypoints: [{ kind: 'main', name: 'sample', path: 'src/a.ts' }],
    });
  });

  it('reaches those who depended on what is gone', () => {
    const rest = without('src/d.ts');
    expect(impactOf(graphOf(files), graphOf(rest))).toMatchObject({ changed: [{ path: 'src/d.ts', change: 'removed' }], impacted: [{ path: 'src/b.ts', depth: 1 }, { path: 'src/c.ts', depth: 1 }, { path: 'src/a.ts', depth: 2 }] });
  });

  it('begins at packages whose version differs, too', () => {
    expect(impactOf(graphOf(files), graphOf({ ...files, 'package-lock.json': lock('1.1.0') }))).toMatchObject({
      changed: [],
      packages: [{ name: 'pkg:npm/lib', before: '1.0.0', after: '1.1.0' }],
      impacted: [{ path: 'src/d.ts', depth: 1 }, { path: 'src/b.ts', depth: 2 }, { path: 'src/c.ts', depth: 2 }, { path: 'src/a.ts', depth: 3 }],
    });
  });

  it('is nothing without a change', () => {
    expect(impactOf(graphOf(files), graphOf(files))).toEqual({ changed: [], packages: [], impacted: [], entrypoints: [] });
  });
});

describe('the names of a graph', () => {
  it('are all new at first', () => {
    const { written, removed } = nameChanges(null, graphOf(files));
    expect(removed).toEqual([]);
    expect(written.map(({ kind, name, version, scope, direct }) => [kind, name, version, scope, direct])).toEqual([
      ...['a', 'alone', 'b', 'c', 'd'].map((name) => ['module', `src/${name}.ts`, null, null, null]),
      ['package', 'pkg:npm/deep@1.0.0', '1.0.0', 'runtime', false],
      ['package', 'pkg:npm/lib@1.0.0', '1.0.0', 'runtime', true],
      ['entrypoint', 'sample', null, null, null],
      ['publication', 'pkg:npm/sample', null, null, null],
    ]);
  });

  it('are only those that differ afterwards', () => {
    const rest = without('src/alone.ts');
    const { written, removed } = nameChanges(graphOf(files), graphOf({ ...rest, 'src/more.ts': [], 'package-lock.json': lock('1.1.0') }));
    expect(written.map(({ name }) => name)).toEqual(['src/more.ts', 'pkg:npm/lib@1.1.0']);
    expect(removed).toEqual([{ kind: 'module', name: 'src/alone.ts' }, { kind: 'package', name: 'pkg:npm/lib@1.0.0' }]);
  });
});
