import { factsOf, type Files } from '../../test/facts';
import { normalize } from './normalize';

const entrypoints = (files: Files): string[] => normalize(factsOf(files)).nodes.entrypoints.map(({ kind, name, path }) => `${kind} ${name}: ${path}`);

it.each([
  { says: 'bin as a text, named after the package', files: { 'package.json': { name: '@acme/tool', bin: 'cli.js' }, 'cli.js': [] }, found: ['bin tool: cli.js'] },
  { says: 'bin by name', files: { 'package.json': { bin: { one: './a.js', two: './b.js', gone: './c.js' } }, 'a.js': [], 'b.js': [] }, found: ['bin one: a.js', 'bin two: b.js'] },
  { says: 'main and module, the same file once', files: { 'package.json': { name: 'x', main: './dist/index.js', module: './dist/index.mjs' }, 'src/index.ts': [] }, found: ['main x: src/index.ts'] },
  { says: 'main that is a folder', files: { 'package.json': { name: 'x', main: './lib' }, 'lib/index.js': [] }, found: ['main x: lib/index.js'] },
  { says: 'exports', files: { 'package.json': { name: 'x', exports: { '.': './a.js', './b': { import: './b.js' }, './*': './*.js', './closed': null } }, 'a.js': [], 'b.js': [] }, found: ['export x: a.js', 'export x/b: b.js'] },
  { says: 'start with node', files: { 'package.json': { scripts: { start: 'node --enable-source-maps dist/main.js --port 3000' } }, 'src/main.ts': [] }, found: ['script start: src/main.ts'] },
  { says: 'start with a runner', files: { 'package.json': { scripts: { start: 'NODE_ENV=production tsx watch src/main.ts' } }, 'src/main.ts': [] }, found: ['script start: src/main.ts'] },
  { says: 'start without an ending', files: { 'package.json': { scripts: { start: 'npm run build && node dist/main' } }, 'src/main.ts': [] }, found: ['script start: src/main.ts'] },
  { says: 'start with something else', files: { 'package.json': { scripts: { start: 'next start' } }, 'next.config.js': [] }, found: [] },
  { says: 'a workspace that names none', files: { 'packages/x/package.json': { name: 'x' }, 'packages/x/src/index.ts': [] }, found: ['workspace x: packages/x/src/index.ts'] },
  { says: 'a package without a name is named after its folder', files: { 'web/package.json': { main: 'm.js' }, 'web/m.js': [] }, found: ['main web: web/m.js'] },
  { says: 'what is not in the repository', files: { 'package.json': { name: 'x', main: '../other.js', bin: './gone.js' } }, found: [] },
])('$says', ({ files, found }) => {
  expect(entrypoints(files as Files)).toEqual(found);
});
