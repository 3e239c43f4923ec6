import { factsOf, type Files } from '../../test/facts';
import { normalize } from '../normalize/normalize';

/** What the only import of `from` leads to: a path, a purl or built-in, or `nothing`. */
function linked(from: string, specifier: string, others: Files): string {
  const graph = normalize(factsOf({ ...others, [from]: [specifier] }));
  const edge = [...graph.edges.imports, ...graph.edges.uses].find((candidate) => candidate.from === from);
  return edge?.to ?? 'nothing';
}

interface Example { says: string; from: string; imports: string; among: Files; leadsTo: string }

const run = (examples: readonly Example[]): void => {
  it.each(examples)('$says: $imports → $leadsTo', ({ from, imports, among, leadsTo }) => {
    expect(linked(from, imports, among)).toBe(leadsTo);
  });
};

const files = (...paths: string[]): Files => Object.fromEntries(paths.map((path) => [path, null]));

describe('relative imports', () => {
  run([
    { says: 'as written', from: 'src/a.ts', imports: './b.ts', among: files('src/b.ts'), leadsTo: 'src/b.ts' },
    { says: 'without its ending', from: 'src/a.ts', imports: './b', among: files('src/b.ts'), leadsTo: 'src/b.ts' },
    { says: 'up and down', from: 'src/x/a.ts', imports: '../../lib/b', among: files('lib/b.js'), leadsTo: 'lib/b.js' },
    { says: 'with a needless dot', from: 'src/a.ts', imports: '././b', among: files('src/b.ts'), leadsTo: 'src/b.ts' },
    { says: '.js written for .ts', from: 'src/a.ts', imports: './b.js', among: files('src/b.ts'), leadsTo: 'src/b.ts' },
    { says: '.js written for .tsx', from: 'src/a.ts', imports: './b.js', among: files('src/b.tsx'), leadsTo: 'src/b.tsx' },
    { says: '.js written for .jsx', from: 'src/a.js', imports: './b.js', among: files('src/b.jsx'), leadsTo: 'src/b.jsx' },
    { says: '.js with only a declaration', from: 'src/a.ts', imports: './b.js', among: files('src/b.d.ts'), leadsTo: 'src/b.d.ts' },
    { says: '.mjs written for .mts', from: 'src/a.mts', imports: './b.mjs', among: files('src/b.mts'), leadsTo: 'src/b.mts' },
    { says: '.cjs written for .cts', from: 'src/a.cts', imports: './b.cjs', among: files('src/b.cts'), leadsTo: 'src/b.cts' },
    { says: '.jsx written for .tsx', from: 'src/a.tsx', imports: './b.jsx', among: files('src/b.tsx'), leadsTo: 'src/b.tsx' },
    { says: 'what runs before what declares', from: 'src/a.ts', imports: './b.js', among: files('src/b.d.ts', 'src/b.js'), leadsTo: 'src/b.js' },
    { says: 'a TypeScript importer prefers .ts', from: 'src/a.ts', imports: './b', among: files('src/b.js', 'src/b.ts'), leadsTo: 'src/b.ts' },
    { says: 'a JavaScript importer prefers .js', from: 'src/a.js', imports: './b', among: files('src/b.js', 'src/b.ts'), leadsTo: 'src/b.js' },
    { says: 'a dot in the name', from: 'src/a.ts', imports: './b.service', among: files('src/b.service.ts'), leadsTo: 'src/b.service.ts' },
    { says: 'JSON', from: 'src/a.js', imports: './data', among: files('src/data.json'), leadsTo: 'src/data.json' },
    { says: 'a file of another kind', from: 'src/a.ts', imports: './style.css', among: files('src/style.css'), leadsTo: 'src/style.css' },
    { says: 'with options for a bundler', from: 'src/a.ts', imports: './icon.svg?raw', among: files('src/icon.svg'), leadsTo: 'src/icon.svg' },
    { says: 'with a loader in front', from: 'src/a.ts', imports: '!!raw-loader!./b.txt', among: files('src/b.txt'), leadsTo: 'src/b.txt' },
    { says: 'not there', from: 'src/a.ts', imports: './gone', among: {}, leadsTo: 'nothing' },
    { says: 'out of the repository', from: 'a.ts', imports: '../b', among: files('b.ts'), leadsTo: 'nothing' },
    { says: 'from the served root', from: 'web/src/a.ts', imports: '/src/b.ts', among: { 'web/package.json': {}, 'web/src/b.ts': null }, leadsTo: 'web/src/b.ts' },
  ]);
});

describe('folders', () => {
  run([
    { says: 'an index', from: 'src/a.ts', imports: './b', among: files('src/b/index.ts'), leadsTo: 'src/b/index.ts' },
    { says: 'a file before a folder', from: 'src/a.ts', imports: './b', among: files('src/b/index.ts', 'src/b.ts'), leadsTo: 'src/b.ts' },
    { says: 'a slash asks for the folder', from: 'src/a.ts', imports: './b/', among: files('src/b/index.ts', 'src/b.ts'), leadsTo: 'src/b/index.ts' },
    { says: 'the own folder', from: 'src/a.ts', imports: '.', among: files('src/index.ts'), leadsTo: 'src/index.ts' },
    { says: 'the folder above', from: 'src/b/a.ts', imports: '..', among: files('src/index.ts', 'src.ts'), leadsTo: 'src/index.ts' },
    { says: 'the root', from: 'src/a.ts', imports: '../', among: files('index.js'), leadsTo: 'index.js' },
    { says: 'main of its manifest', from: 'src/a.js', imports: './b', among: { 'src/b/package.json': { main: 'main.js' }, 'src/b/main.js': null, 'src/b/index.js': null }, leadsTo: 'src/b/main.js' },
    { says: 'main without an ending', from: 'src/a.js', imports: './b', among: { 'src/b/package.json': { main: './main' }, 'src/b/main.js': null }, leadsTo: 'src/b/main.js' },
    { says: 'types when there is nothing else', from: 'src/a.ts', imports: './b', among: { 'src/b/package.json': { types: './api.d.ts' }, 'src/b/api.d.ts': null }, leadsTo: 'src/b/api.d.ts' },
    { says: 'exports do not count inside a path', from: 'a.js', imports: './b', among: { 'b/package.json': { exports: './x.js' }, 'b/x.js': null, 'b/index.js': null }, leadsTo: 'b/index.js' },
  ]);
});

describe('built files that git does not have', () => {
  run([
    { says: 'dist to src', from: 'test/a.ts', imports: '../dist/b.js', among: files('src/b.ts'), leadsTo: 'src/b.ts' },
    { says: 'lib to src', from: 'test/a.ts', imports: '../lib/x/b', among: files('src/x/b.ts'), leadsTo: 'src/x/b.ts' },
    { says: 'a folder for each target', from: 'test/a.ts', imports: '../dist/esm/b.mjs', among: files('src/b.ts'), leadsTo: 'src/b.ts' },
    { says: 'a mark in the name', from: 'test/a.ts', imports: '../dist/b.esm.min.js', among: files('src/b.ts'), leadsTo: 'src/b.ts' },
    { says: 'a declaration', from: 'test/a.ts', imports: '../dist/b.d.ts', among: files('src/b.tsx'), leadsTo: 'src/b.tsx' },
    { says: 'outDir and rootDir', from: 'test/a.ts', imports: '../bin/b.js', among: { 'tsconfig.json': { compilerOptions: { outDir: 'bin', rootDir: 'code' } }, 'code/b.ts': null }, leadsTo: 'code/b.ts' },
    { says: 'outDir alone', from: 'test/a.ts', imports: '../bin/b.js', among: { 'tsconfig.json': { compilerOptions: { outDir: './bin' } }, 'src/b.ts': null }, leadsTo: 'src/b.ts' },
    { says: 'what git has is not mapped', from: 'test/a.ts', imports: '../lib/b.js', among: files('lib/b.js', 'src/b.ts'), leadsTo: 'lib/b.js' },
    { says: 'assets are not built from sources', from: 'test/a.ts', imports: '../dist/style.css', among: files('src/style.css'), leadsTo: 'nothing' },
  ]);
});

describe('tsconfig', () => {
  const b = files('src/b.ts');
  run([
    { says: 'baseUrl', from: 'test/a.ts', imports: 'src/b', among: { ...b, 'tsconfig.json': { compilerOptions: { baseUrl: '.' } } }, leadsTo: 'src/b.ts' },
    { says: 'paths without baseUrl', from: 'test/a.ts', imports: '@/b', among: { ...b, 'tsconfig.json': { compilerOptions: { paths: { '@/*': ['./src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'paths from baseUrl', from: 'a.ts', imports: '@/b', among: { ...b, 'tsconfig.json': { compilerOptions: { baseUrl: 'src', paths: { '@/*': ['*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'an exact path', from: 'a.ts', imports: 'bee', among: { ...b, 'tsconfig.json': { compilerOptions: { paths: { bee: ['src/b.ts'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'an index behind a path', from: 'a.ts', imports: '@lib', among: { 'lib/index.ts': null, 'tsconfig.json': { compilerOptions: { paths: { '@lib': ['lib'] } } } }, leadsTo: 'lib/index.ts' },
    { says: 'the longest prefix', from: 'a.ts', imports: '@/x/b', among: { 'one/x/b.ts': null, 'two/b.ts': null, 'tsconfig.json': { compilerOptions: { paths: { '@/*': ['one/*'], '@/x/*': ['two/*'] } } } }, leadsTo: 'two/b.ts' },
    { says: 'a suffix behind the star', from: 'a.ts', imports: 'b.view', among: { ...b, 'tsconfig.json': { compilerOptions: { paths: { '*.view': ['src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'the second target', from: 'a.ts', imports: '@/b', among: { ...b, 'tsconfig.json': { compilerOptions: { paths: { '@/*': ['gen/*', 'src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'the nearest configuration', from: 'pkg/a.ts', imports: '@/b', among: { ...b, 'pkg/b.ts': null, 'pkg/tsconfig.json': { compilerOptions: { paths: { '@/*': ['./*'] } } }, 'tsconfig.json': { compilerOptions: { paths: { '@/*': ['src/*'] } } } }, leadsTo: 'pkg/b.ts' },
    { says: 'jsconfig', from: 'a.js', imports: '@/b', among: { ...b, 'jsconfig.json': { compilerOptions: { paths: { '@/*': ['src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'extends, counted from where it is written', from: 'pkg/a.ts', imports: '@/b', among: { ...b, 'pkg/tsconfig.json': { extends: '../tsconfig.base.json' }, 'tsconfig.base.json': { compilerOptions: { paths: { '@/*': ['src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'extends without the ending', from: 'pkg/a.ts', imports: '@/b', among: { ...b, 'pkg/tsconfig.json': { extends: '../base' }, 'base.json': { compilerOptions: { paths: { '@/*': ['src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'a chain of extends', from: 'a.ts', imports: '@/b', among: { ...b, 'tsconfig.json': { extends: './tsconfig.one.json' }, 'tsconfig.one.json': { extends: './tsconfig.two' }, 'tsconfig.two.json': { compilerOptions: { paths: { '@/*': ['src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'a list of extends, the last wins', from: 'a.ts', imports: '@/b', among: { ...b, 'tsconfig.json': { extends: ['./tsconfig.one.json', './tsconfig.two.json'] }, 'tsconfig.one.json': { compilerOptions: { paths: { '@/*': ['gone/*'] } } }, 'tsconfig.two.json': { compilerOptions: { paths: { '@/*': ['src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'a base that is not installed', from: 'a.ts', imports: '@/b', among: { ...b, 'tsconfig.json': { extends: ['@tsconfig/node22/tsconfig.json'], compilerOptions: { paths: { '@/*': ['src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'a base that is a package of the repository', from: 'app/a.ts', imports: '@/b', among: { 'app/src/b.ts': null, 'app/tsconfig.json': { extends: '@acme/config/tsconfig.base.json' }, 'config/package.json': { name: '@acme/config' }, 'config/tsconfig.base.json': { compilerOptions: { paths: { '@/*': ['${configDir}/src/*'] } } } }, leadsTo: 'app/src/b.ts' },
    { says: 'extends in a circle', from: 'a.ts', imports: '@/b', among: { ...b, 'tsconfig.json': { extends: './tsconfig.json', compilerOptions: { paths: { '@/*': ['src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'a solution that refers to what maps', from: 'src/a.ts', imports: '@/b', among: { ...b, 'tsconfig.json': { references: [{ path: './tsconfig.app.json' }] }, 'tsconfig.app.json': { compilerOptions: { paths: { '@/*': ['src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'a configuration further up, when nothing else leads anywhere', from: 'src/test/a.ts', imports: '@/b', among: { ...b, 'src/test/tsconfig.json': {}, 'tsconfig.json': { compilerOptions: { paths: { '@/*': ['src/*'] } } } }, leadsTo: 'src/b.ts' },
    { says: 'a folder under baseUrl does not hide a built-in', from: 'a.ts', imports: 'events', among: { 'events/index.ts': null, 'tsconfig.json': { compilerOptions: { baseUrl: '.' } } }, leadsTo: 'node:events' },
    { says: 'a written path does', from: 'a.ts', imports: 'events', among: { 'shim/events.ts': null, 'tsconfig.json': { compilerOptions: { paths: { events: ['shim/events.ts'] } } } }, leadsTo: 'shim/events.ts' },
    { says: 'a configuration that could not be used', from: 'a.ts', imports: '@/b', among: { ...b, 'tsconfig.json': { compilerOptions: { paths: { '@/*': ['../../*'] } } } }, leadsTo: 'nothing' },
  ]);
});

describe('packages of the repository', () => {
  const lib = (content: object): Files => ({ 'package.json': { workspaces: ['packages/*'] }, 'packages/lib/package.json': { name: '@acme/lib', ...content } });
  run([
    { says: 'main', from: 'packages/app/a.ts', imports: '@acme/lib', among: { ...lib({ main: 'main.js' }), 'packages/lib/main.js': null }, leadsTo: 'packages/lib/main.js' },
    { says: 'a built main', from: 'packages/app/a.ts', imports: '@acme/lib', among: { ...lib({ main: './dist/index.js' }), 'packages/lib/src/index.ts': null }, leadsTo: 'packages/lib/src/index.ts' },
    { says: 'a main built by unknown rules', from: 'packages/app/a.ts', imports: '@acme/lib', among: { ...lib({ main: './.output/x.js' }), 'packages/lib/src/index.ts': null }, leadsTo: 'packages/lib/src/index.ts' },
    { says: 'no main at all', from: 'packages/app/a.ts', imports: '@acme/lib', among: { ...lib({}), 'packages/lib/index.ts': null }, leadsTo: 'packages/lib/index.ts' },
    { says: 'a source named like the package', from: 'packages/app/a.ts', imports: '@acme/lib', among: { ...lib({ main: 'out.js' }), 'packages/lib/src/lib.ts': null }, leadsTo: 'packages/lib/src/lib.ts' },
    { says: 'exports as a text', from: 'packages/app/a.ts', imports: '@acme/lib', among: { ...lib({ exports: './dist/api.js' }), 'packages/lib/src/api.ts': null }, leadsTo: 'packages/lib/src/api.ts' },
    { says: 'conditions', from: 'packages/app/a.ts', imports: '@acme/lib', among: { ...lib({ exports: { '.': { require: './b.cjs', import: './a.mjs' } } }), 'packages/lib/a.mjs': null, 'packages/lib/b.cjs': null }, leadsTo: 'packages/lib/a.mjs' },
    { says: 'conditions of require', from: 'packages/app/a.ts', imports: 'require @acme/lib', among: { ...lib({ exports: { '.': { import: './a.mjs', require: './b.cjs' } } }), 'packages/lib/a.mjs': null, 'packages/lib/b.cjs': null }, leadsTo: 'packages/lib/b.cjs' },
    { says: 'conditions of a type', from: 'packages/app/a.ts', imports: 'type @acme/lib', among: { ...lib({ exports: { '.': { types: './api.d.ts', import: './a.mjs' } } }), 'packages/lib/a.mjs': null, 'packages/lib/api.d.ts': null }, leadsTo: 'packages/lib/api.d.ts' },
    { says: 'what runs before its types', from: 'packages/app/a.ts', imports: '@acme/lib', among: { ...lib({ exports: { types: './api.d.ts', default: './dist/a.js' } }), 'packages/lib/src/a.ts': null, 'packages/lib/api.d.ts': null }, leadsTo: 'packages/lib/src/a.ts' },
    { says: 'types as a last resort', from: 'packages/app/a.ts', imports: '@acme/lib', among: { ...lib({ exports: { '.': { types: './src/api.ts', default: './dist/a.js' } } }), 'packages/lib/src/api.ts': null }, leadsTo: 'packages/lib/src/api.ts' },
    { says: 'an exported subpath', from: 'packages/app/a.ts', imports: '@acme/lib/b', among: { ...lib({ exports: { './b': './dist/other.js' } }), 'packages/lib/src/other.ts': null }, leadsTo: 'packages/lib/src/other.ts' },
    { says: 'an exported pattern', from: 'packages/app/a.ts', imports: '@acme/lib/x/b', among: { ...lib({ exports: { './*': './dist/*.js' } }), 'packages/lib/src/x/b.ts': null }, leadsTo: 'packages/lib/src/x/b.ts' },
    { says: 'the longest pattern', from: 'packages/app/a.ts', imports: '@acme/lib/x/b', among: { ...lib({ exports: { './*': './one/*.js', './x/*': './two/*.js' } }), 'packages/lib/one/x/b.js': null, 'packages/lib/two/b.js': null }, leadsTo: 'packages/lib/two/b.js' },
    { says: 'a pattern with an ending', from: 'packages/app/a.ts', imports: '@acme/lib/b.js', among: { ...lib({ exports: { './*.js': './src/*.ts' } }), 'packages/lib/src/b.ts': null }, leadsTo: 'packages/lib/src/b.ts' },
    { says: 'an exported folder', from: 'packages/app/a.ts', imports: '@acme/lib/x/b.js', among: { ...lib({ exports: { './x/': './y/' } }), 'packages/lib/y/b.js': null }, leadsTo: 'packages/lib/y/b.js' },
    { says: 'a list of targets', from: 'packages/app/a.ts', imports: '@acme/lib', among: { ...lib({ exports: { '.': ['./gone.js', './here.js'] } }), 'packages/lib/here.js': null }, leadsTo: 'packages/lib/here.js' },
    { says: 'a subpath without exports', from: 'packages/app/a.ts', imports: '@acme/lib/src/b', among: { ...lib({}), 'packages/lib/src/b.ts': null }, leadsTo: 'packages/lib/src/b.ts' },
    { says: 'a built subpath without exports', from: 'packages/app/a.ts', imports: '@acme/lib/dist/b', among: { ...lib({}), 'packages/lib/src/b.ts': null }, leadsTo: 'packages/lib/src/b.ts' },
    { says: 'a file that the package does not have', from: 'packages/app/a.ts', imports: '@acme/lib/gone', among: lib({}), leadsTo: 'nothing' },
    { says: 'itself', from: 'packages/lib/test/a.ts', imports: '@acme/lib/b', among: { ...lib({ exports: { './b': './src/b.ts' } }), 'packages/lib/src/b.ts': null }, leadsTo: 'packages/lib/src/b.ts' },
    { says: 'a link in the lock file', from: 'app/a.ts', imports: 'nick', among: { 'package-lock.json': { lockfileVersion: 3, packages: { '': {}, 'node_modules/nick': { resolved: 'lib', link: true } } }, 'package.json': { dependencies: { nick: '*' } }, 'lib/package.json': { name: 'real' }, 'lib/index.js': null }, leadsTo: 'lib/index.js' },
    { says: 'a folder that the range names', from: 'app/a.ts', imports: 'nick', among: { 'app/package.json': { dependencies: { nick: 'file:../lib' } }, 'lib/package.json': { name: 'real' }, 'lib/index.js': null }, leadsTo: 'lib/index.js' },
    { says: 'the workspace protocol', from: 'app/a.ts', imports: 'real', among: { 'app/package.json': { dependencies: { real: 'workspace:*' } }, 'lib/package.json': { name: 'real' }, 'lib/index.js': null }, leadsTo: 'lib/index.js' },
    { says: 'what was fetched is not the package of the same name', from: 'app/a.ts', imports: 'real', among: { 'package-lock.json': { lockfileVersion: 3, packages: { '': {}, 'node_modules/real': { version: '1.0.0' } } }, 'package.json': { dependencies: { real: '^1.0.0' } }, 'lib/package.json': { name: 'real' }, 'lib/index.js': null }, leadsTo: 'pkg:npm/real@1.0.0' },
    { says: 'test data that borrows a name', from: 'src/a.ts', imports: 'lodash', among: { 'package.json': { dependencies: { lodash: '^4.0.0' } }, 'test/fixtures/lodash/package.json': { name: 'lodash' }, 'test/fixtures/lodash/index.js': null }, leadsTo: 'pkg:npm/lodash' },
    { says: 'inside of that test data', from: 'test/fixtures/app/a.js', imports: 'lodash', among: { 'test/fixtures/lodash/package.json': { name: 'lodash' }, 'test/fixtures/lodash/index.js': null }, leadsTo: 'test/fixtures/lodash/index.js' },
    { says: 'the nearest of one name', from: 'two/app/a.js', imports: 'lib', among: { 'one/lib/package.json': { name: 'lib' }, 'one/lib/index.js': null, 'two/lib/package.json': { name: 'lib' }, 'two/lib/index.js': null }, leadsTo: 'two/lib/index.js' },
    { says: 'a workspace before a nearer package of its name', from: 'examples/app/a.js', imports: 'lib', among: { 'package.json': { workspaces: ['packages/*'] }, 'packages/lib/package.json': { name: 'lib' }, 'packages/lib/index.js': null, 'examples/lib/package.json': { name: 'lib' }, 'examples/lib/index.js': null }, leadsTo: 'packages/lib/index.js' },
    { says: 'a workspace that lies among test data', from: 'src/a.js', imports: 'data', among: { 'package.json': { workspaces: ['test/fixtures/*'] }, 'test/fixtures/data/package.json': { name: 'data' }, 'test/fixtures/data/index.js': null }, leadsTo: 'test/fixtures/data/index.js' },
    { says: 'a committed node_modules', from: 'test/x/a.js', imports: 'lib', among: { 'test/node_modules/lib/package.json': { main: 'm.js' }, 'test/node_modules/lib/m.js': null, 'package.json': { dependencies: { lib: '*' } } }, leadsTo: 'test/node_modules/lib/m.js' },
    { says: 'a committed node_modules that was not read, asked for', from: 'a.js', imports: 'lib', among: { 'node_modules/lib/index.js': null, 'package.json': { dependencies: { lib: '*' } } }, leadsTo: 'pkg:npm/lib' },
    { says: 'a committed node_modules that was not read, not asked for', from: 'test/a.js', imports: 'lib', among: { 'test/node_modules/lib/index.js': null }, leadsTo: 'test/node_modules/lib/index.js' },
    { says: 'only the types are committed', from: 'test/a.ts', imports: 'lib/x', among: { 'test/node_modules/@types/lib/x.d.ts': null }, leadsTo: 'test/node_modules/@types/lib/x.d.ts' },
  ]);
});

describe('imports of the own package', () => {
  const own = (imports: Record<string, unknown>): Files => ({ 'package.json': { name: 'own', imports, dependencies: { lodash: '^4.17.0' } }, 'src/b.ts': null, 'src/c.ts': null });
  run([
    { says: 'a file', from: 'src/x/a.ts', imports: '#b', among: own({ '#b': './src/b.ts' }), leadsTo: 'src/b.ts' },
    { says: 'a pattern', from: 'src/x/a.ts', imports: '#x/b', among: own({ '#x/*': './src/*.ts' }), leadsTo: 'src/b.ts' },
    { says: 'conditions', from: 'src/x/a.ts', imports: '#b', among: own({ '#b': { require: './src/c.ts', default: './src/b.ts' } }), leadsTo: 'src/b.ts' },
    { says: 'a built file', from: 'src/x/a.ts', imports: '#b', among: own({ '#b': './dist/b.js' }), leadsTo: 'src/b.ts' },
    { says: 'a package', from: 'src/x/a.ts', imports: '#lo', among: own({ '#lo': 'lodash' }), leadsTo: 'pkg:npm/lodash' },
    { says: 'a built-in', from: 'src/x/a.ts', imports: '#fs', among: own({ '#fs': 'node:fs' }), leadsTo: 'node:fs' },
    { says: 'unknown', from: 'src/x/a.ts', imports: '#gone', among: own({}), leadsTo: 'nothing' },
    { says: 'no manifest', from: 'src/x/a.ts', imports: '#b', among: files('src/b.ts'), leadsTo: 'nothing' },
    { says: 'mapped by tsconfig', from: 'src/x/a.ts', imports: '#b', among: { ...own({}), 'tsconfig.json': { compilerOptions: { paths: { '#*': ['src/*'] } } } }, leadsTo: 'src/b.ts' },
  ]);
});

describe('built-ins', () => {
  run([
    { says: 'with its scheme', from: 'a.ts', imports: 'node:fs', among: {}, leadsTo: 'node:fs' },
    { says: 'without it', from: 'a.ts', imports: 'fs/promises', among: {}, leadsTo: 'node:fs/promises' },
    { says: 'of another runtime', from: 'a.ts', imports: 'bun:test', among: {}, leadsTo: 'bun:test' },
    { says: 'a package that is only called like one', from: 'a.ts', imports: 'punycode/', among: { 'package.json': { dependencies: { punycode: '^2.0.0' } } }, leadsTo: 'pkg:npm/punycode' },
  ]);
});

describe('external packages', () => {
  const lock = (packages: Record<string, object>): Files => ({ 'package-lock.json': { lockfileVersion: 3, packages: { '': {}, ...packages } } });
  const asks = (dependencies: Record<string, string>): Files => ({ 'package.json': { name: 'own', dependencies } });
  run([
    { says: 'locked', from: 'a.ts', imports: 'lodash', among: { ...asks({ lodash: '^4.0.0' }), ...lock({ 'node_modules/lodash': { version: '4.17.21' } }) }, leadsTo: 'pkg:npm/lodash@4.17.21' },
    { says: 'a subpath', from: 'a.ts', imports: 'lodash/fp', among: { ...asks({ lodash: '^4.0.0' }), ...lock({ 'node_modules/lodash': { version: '4.17.21' } }) }, leadsTo: 'pkg:npm/lodash@4.17.21' },
    { says: 'with a scope', from: 'a.ts', imports: '@a/b/c', among: { ...asks({ '@a/b': '*' }), ...lock({ 'node_modules/@a/b': { version: '1.0.0' } }) }, leadsTo: 'pkg:npm/%40a/b@1.0.0' },
    { says: 'declared but not locked', from: 'a.ts', imports: 'lodash', among: asks({ lodash: '^4.0.0' }), leadsTo: 'pkg:npm/lodash' },
    { says: 'the version of its own folder', from: 'packages/x/a.ts', imports: 'dep', among: { 'packages/x/package.json': { dependencies: { dep: '^2.0.0' } }, ...asks({ dep: '^1.0.0' }), ...lock({ 'packages/x': {}, 'node_modules/dep': { version: '1.0.0' }, 'packages/x/node_modules/dep': { version: '2.0.0' } }) }, leadsTo: 'pkg:npm/dep@2.0.0' },
    { says: 'the hoisted version', from: 'packages/x/a.ts', imports: 'dep', among: { 'packages/x/package.json': { dependencies: { dep: '^1.0.0' } }, ...asks({}), ...lock({ 'packages/x': {}, 'node_modules/dep': { version: '1.0.0' } }) }, leadsTo: 'pkg:npm/dep@1.0.0' },
    { says: 'a manifest that no lock file covers', from: 'examples/x/a.ts', imports: 'dep', among: { 'examples/x/package.json': { dependencies: { dep: '^2.0.0' } }, ...asks({}), ...lock({ 'node_modules/dep': { version: '1.0.0' } }) }, leadsTo: 'pkg:npm/dep' },
    { says: 'installed for somebody else', from: 'a.ts', imports: 'dep', among: { ...asks({}), ...lock({ 'node_modules/dep': { version: '1.0.0' } }) }, leadsTo: 'pkg:npm/dep@1.0.0' },
    { says: 'an alias, locked', from: 'a.ts', imports: 'nick', among: { ...asks({ nick: 'npm:real@^1' }), ...lock({ 'node_modules/nick': { name: 'real', version: '1.2.0' } }) }, leadsTo: 'pkg:npm/real@1.2.0' },
    { says: 'an alias, not locked', from: 'a.ts', imports: 'nick', among: asks({ nick: 'npm:@a/real@^1' }), leadsTo: 'pkg:npm/%40a/real' },
    { says: 'only its types are there', from: 'a.ts', imports: 'estree', among: { ...asks({ '@types/estree': '^1.0.0' }), ...lock({ 'node_modules/@types/estree': { version: '1.0.5' } }) }, leadsTo: 'pkg:npm/%40types/estree@1.0.5' },
    { says: 'the scheme of npm', from: 'a.ts', imports: 'npm:lodash@4/fp', among: asks({ lodash: '^4.0.0' }), leadsTo: 'pkg:npm/lodash' },
    { says: 'nobody asks for it', from: 'a.ts', imports: 'lodash', among: asks({}), leadsTo: 'nothing' },
    { says: 'an address', from: 'a.ts', imports: 'https://example.org/x.js', among: asks({}), leadsTo: 'nothing' },
    { says: 'not the name of a package', from: 'a.ts', imports: '@/x', among: asks({}), leadsTo: 'nothing' },
  ]);
});
