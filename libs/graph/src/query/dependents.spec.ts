import { factsOf, type Files } from '../../test/facts';
import { normalize } from '../normalize/normalize';
import { dependentsOf } from './dependents';
import { indexOf } from './graph-index';

const files: Files = {
  'package.json': { dependencies: { lodash: '^4', framework: '^1' } },
  'package-lock.json': {
    lockfileVersion: 3,
    packages: { '': {}, 'node_modules/lodash': { version: '4.17.21' }, 'node_modules/framework': { version: '1.0.0', dependencies: { lodash: '^3' } }, 'node_modules/framework/node_modules/lodash': { version: '3.10.1' } },
  },
  'src/main.ts': ['./app', 'framework'],
  'src/app.ts': ['./util', './main'],
  'src/util.ts': ['lodash'],
  'src/alone.ts': [],
};
const index = indexOf(normalize(factsOf(files)));

const ask = (target: string, transitive = false): string => {
  const { kind, target: meant, dependents } = dependentsOf(index, target, transitive);
  return `${kind} ${meant}: ${dependents.map(({ path, depth }) => `${depth} ${path}`).join(', ')}`;
};

it.each([
  { target: 'src/util.ts', transitive: false, answer: 'module src/util.ts: 1 src/app.ts' },
  { target: './src/util.ts', transitive: true, answer: 'module src/util.ts: 1 src/app.ts, 2 src/main.ts' },
  { target: 'src/alone.ts', transitive: true, answer: 'module src/alone.ts: ' },
  { target: 'lodash', transitive: false, answer: 'package pkg:npm/lodash: 1 src/util.ts' },
  { target: 'pkg:npm/lodash@4.17.21', transitive: false, answer: 'package pkg:npm/lodash@4.17.21: 1 src/util.ts' },
  { target: 'pkg:npm/lodash@3.10.1', transitive: false, answer: 'package pkg:npm/lodash@3.10.1: ' },
  { target: 'pkg:npm/lodash@3.10.1', transitive: true, answer: 'package pkg:npm/lodash@3.10.1: 2 src/main.ts, 3 src/app.ts' },
  { target: 'pkg:npm/lodash', transitive: true, answer: 'package pkg:npm/lodash: 1 src/util.ts, 2 src/app.ts, 2 src/main.ts' },
  { target: 'framework', transitive: true, answer: 'package pkg:npm/framework@1.0.0: 1 src/main.ts, 2 src/app.ts' },
])('$target, transitive $transitive', ({ target, transitive, answer }) => {
  expect(ask(target, transitive)).toBe(answer);
});

it('says what may have been meant', () => {
  expect(() => ask('lib/Util.ts')).toThrow(expect.objectContaining({ kind: 'permanent', code: 'not-found', message: expect.stringContaining('did you mean src/util.ts?') }));
  expect(() => ask('nothing-like-it')).toThrow('give a path as it stands in the repository, the name of a package, or a purl');
});
