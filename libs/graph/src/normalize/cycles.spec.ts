import type { GraphImport } from '@granary/contracts';
import { cyclesOf } from './cycles';

const imports = (...edges: string[]): GraphImport[] =>
  edges.map((edge) => {
    const [, from = '', kind = 'static', to = ''] = /^(\w+) (?:(\w+) )?→ (\w+)$/.exec(edge) ?? [];
    return { from, to, kind: kind as GraphImport['kind'], line: 1 };
  });

it.each([
  { says: 'nothing', edges: [], cycles: [] },
  { says: 'a chain', edges: ['a → b', 'b → c'], cycles: [] },
  { says: 'two modules', edges: ['b → a', 'a → b'], cycles: [['a', 'b']] },
  { says: 'a module that imports itself', edges: ['a → a', 'a → b'], cycles: [['a']] },
  { says: 'three modules, entered from outside', edges: ['x → c', 'c → a', 'a → b', 'b → c'], cycles: [['a', 'b', 'c']] },
  { says: 'two that are only connected one way', edges: ['c → d', 'd → c', 'a → b', 'b → a', 'a → c'], cycles: [['a', 'b'], ['c', 'd']] },
  { says: 'two that share a module are one', edges: ['a → b', 'b → a', 'b → c', 'c → b'], cycles: [['a', 'b', 'c']] },
  { says: 'a way back that is only a type', edges: ['a → b', 'b type → a'], cycles: [] },
  { says: 'a way back that comes later', edges: ['a → b', 'b dynamic → a'], cycles: [['a', 'b']] },
  { says: 'a diamond', edges: ['a → b', 'a → c', 'b → d', 'c → d'], cycles: [] },
])('$says', ({ edges, cycles }) => {
  expect(cyclesOf(imports(...edges))).toEqual(cycles);
});

it('goes as deep as a repository may be', () => {
  const ring = Array.from({ length: 100_000 }, (_, index): GraphImport => ({ from: `m${index}`, to: `m${(index + 1) % 100_000}`, kind: 'static', line: 1 }));
  const [cycle, ...others] = cyclesOf(ring);
  expect(cycle).toHaveLength(100_000);
  expect(others).toEqual([]);
});

it('does not take a Rust module that looks up to the one that declares it for a cycle', () => {
  const edge = (from: string, to: string, kind: GraphImport['kind']): GraphImport => ({ from, to, kind, line: 1 });
  expect(cyclesOf([edge('lib.rs', 'a.rs', 'require'), edge('a.rs', 'lib.rs', 'static')])).toEqual([]);
  expect(cyclesOf([edge('lib.js', 'a.js', 'require'), edge('a.js', 'lib.js', 'static')])).toEqual([['a.js', 'lib.js']]);
});
