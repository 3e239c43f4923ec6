import type { GraphDependency, PackageLock } from '@granary/contracts';
import { factsOf, type Files } from '../../test/facts';
import { normalize } from './normalize';

const lock = (packages: PackageLock['packages'], lockfileVersion = 3): PackageLock => ({ lockfileVersion, packages });

/** The edges as `from -scope(range)-> to`, `=>` where a manifest asks itself. */
function asked(files: Files): string[] {
  const arrow = ({ direct }: GraphDependency): string => (direct ? '=>' : '->');
  return normalize(factsOf(files)).edges.dependsOn.map((edge) => `${edge.from} ${edge.scope}(${edge.range}) ${arrow(edge)} ${edge.to}`);
}

it.each([
  {
    says: 'declared in every scope, without a lock',
    files: { 'package.json': { dependencies: { a: '^1' }, devDependencies: { b: '*' }, peerDependencies: { c: '>=2' }, optionalDependencies: { d: '' } } },
    edges: ['. runtime(^1) => pkg:npm/a', '. dev(*) => pkg:npm/b', '. peer(>=2) => pkg:npm/c', '. optional(*) => pkg:npm/d'],
  },
  {
    says: 'optional outweighs runtime, as for npm',
    files: { 'package.json': { dependencies: { a: '^1' }, optionalDependencies: { a: '^1' } } },
    edges: ['. optional(^1) => pkg:npm/a'],
  },
  {
    says: 'locked, with what it brings along',
    files: { 'package.json': { dependencies: { a: '^1' } }, 'package-lock.json': lock({ '': {}, 'node_modules/a': { version: '1.2.0', dependencies: { b: '^2' } }, 'node_modules/b': { version: '2.0.0' } }) },
    edges: ['. runtime(^1) => pkg:npm/a@1.2.0', 'pkg:npm/a@1.2.0 runtime(^2) -> pkg:npm/b@2.0.0'],
  },
  {
    says: 'nested versions, found as npm finds them',
    files: {
      'package.json': { dependencies: { a: '1', b: '1' } },
      'package-lock.json': lock({
        'node_modules/a': { version: '1.0.0', dependencies: { b: '2', c: '1' } },
        'node_modules/a/node_modules/b': { version: '2.0.0', dependencies: { c: '1' } },
        'node_modules/b': { version: '1.0.0' },
        'node_modules/c': { version: '1.0.0', dependencies: { b: '1' } },
      }, 2),
    },
    edges: [
      '. runtime(1) => pkg:npm/a@1.0.0',
      '. runtime(1) => pkg:npm/b@1.0.0',
      'pkg:npm/a@1.0.0 runtime(2) -> pkg:npm/b@2.0.0',
      'pkg:npm/a@1.0.0 runtime(1) -> pkg:npm/c@1.0.0',
      'pkg:npm/b@2.0.0 runtime(1) -> pkg:npm/c@1.0.0',
      'pkg:npm/c@1.0.0 runtime(1) -> pkg:npm/b@1.0.0',
    ],
  },
  {
    says: 'optional and peer dependencies that are not installed are left out, missing ones are not',
    files: { 'package.json': {}, 'package-lock.json': lock({ 'node_modules/a': { version: '1.0.0', dependencies: { gone: '^9' }, optionalDependencies: { b: '1' }, peerDependencies: { c: '1' } } }, 1) },
    edges: ['pkg:npm/a@1.0.0 runtime(^9) -> pkg:npm/gone'],
  },
  {
    says: 'an alias under its real name',
    files: { 'package.json': { dependencies: { nick: 'npm:real@^1' } }, 'package-lock.json': lock({ '': {}, 'node_modules/nick': { name: 'real', version: '1.5.0' } }) },
    edges: ['. runtime(npm:real@^1) => pkg:npm/real@1.5.0'],
  },
  {
    says: 'a workspace by its own folder, and no edges between workspaces',
    files: {
      'package.json': { workspaces: ['packages/*'] },
      'packages/x/package.json': { name: 'x', dependencies: { y: '*', a: '^2' } },
      'packages/y/package.json': { name: 'y' },
      'package-lock.json': lock({ '': {}, 'packages/x': { name: 'x' }, 'packages/y': { name: 'y' }, 'node_modules/x': { resolved: 'packages/x', link: true }, 'node_modules/y': { resolved: 'packages/y', link: true }, 'node_modules/a': { version: '1.0.0', dependencies: { y: '*' } }, 'packages/x/node_modules/a': { version: '2.0.0' } }),
    },
    edges: ['packages/x runtime(^2) => pkg:npm/a@2.0.0'],
  },
  {
    says: 'no password of a range',
    files: { 'package.json': { dependencies: { a: 'git+https://me:s3cret@example.org/a.git' } } },
    edges: ['. runtime(git+https://example.org/a.git) => pkg:npm/a'],
  },
  {
    says: 'nothing of a committed node_modules',
    files: { 'node_modules/a/package.json': { name: 'a', dependencies: { b: '1' } } },
    edges: [],
  },
])('$says', ({ files, edges }) => {
  expect(asked(files as Files)).toEqual(edges);
});

it.each([
  { says: 'no lock file', files: { 'package.json': { dependencies: { a: '1' } } }, missing: ['.'] },
  { says: 'nothing to lock', files: { 'package.json': { name: 'x' } }, missing: [] },
  { says: 'only other workspaces', files: { 'a/package.json': { dependencies: { b: 'workspace:*' } }, 'b/package.json': { name: 'b' } }, missing: [] },
  { says: 'a lock file of its own', files: { 'x/package.json': { dependencies: { a: '1' } }, 'x/package-lock.json': lock({ 'node_modules/a': { version: '1.0.0' } }) }, missing: [] },
  { says: 'a lock file above that lists it', files: { 'x/package.json': { dependencies: { a: '1' } }, 'package-lock.json': lock({ '': {}, x: {} }) }, missing: [] },
  { says: 'a lock file above that does not', files: { 'x/package.json': { dependencies: { a: '1' } }, 'package-lock.json': lock({ '': {} }) }, missing: ['x'] },
])('missing locks: $says', ({ files, missing }) => {
  expect(normalize(factsOf(files as Files)).completeness.missingLocks).toEqual(missing);
});
