import { problemsOf } from '../../../test/manifests';
import type { ManifestFact, ManifestKind } from '../family';
import { readManifest as read } from '../family';
import { npm, npmManifests } from './manifests';

const readManifest = (source: string, kind: ManifestKind): ManifestFact => read(npm, kind, source);

const json = JSON.stringify;

describe('which paths are manifests', () => {
  it.each([
    ['package.json', 'package.json'],
    ['packages/a/package.json', 'package.json'],
    ['package-lock.json', 'package-lock.json'],
    ['npm-shrinkwrap.json', 'package-lock.json'],
    ['tsconfig.json', 'tsconfig.json'],
    ['tsconfig.base.json', 'tsconfig.json'],
    ['tsconfig-build.json', 'tsconfig.json'],
    ['jsconfig.json', 'tsconfig.json'],
    ['tsconfigs.json', null],
    ['my-package.json', null],
    ['constructor', null],
  ])('%s is read as %s', (path, pathClass) => {
    expect(npmManifests.classOf(path)).toBe(pathClass);
  });
});

describe('package.json', () => {
  it('keeps what the graph needs', () => {
    const source = {
      name: '@a/b',
      version: '1.0.0',
      description: 'left out',
      type: 'module',
      main: './main.js',
      module: './module.js',
      typings: './main.d.ts',
      bin: { b: './bin.js', odd: 1 },
      exports: { '.': { import: './main.js', default: null } },
      imports: { '#a': './a.js' },
      workspaces: { packages: ['packages/*'], nohoist: ['**'] },
      scripts: { start: 'node main.js', test: 'jest' },
      dependencies: { c: '^1.0.0', d: { odd: true } },
      devDependencies: {},
      peerDependencies: { e: '*' },
      optionalDependencies: { f: '1' },
    };
    expect(readManifest(json(source), 'package.json')).toEqual({
      content: {
        name: '@a/b',
        version: '1.0.0',
        type: 'module',
        main: './main.js',
        module: './module.js',
        types: './main.d.ts',
        bin: { b: './bin.js' },
        exports: { '.': { import: './main.js', default: null } },
        imports: { '#a': './a.js' },
        workspaces: ['packages/*'],
        scripts: { start: 'node main.js' },
        dependencies: { c: '^1.0.0' },
        devDependencies: {},
        peerDependencies: { e: '*' },
        optionalDependencies: { f: '1' },
      },
      error: null,
    });
  });

  it('leaves out what has a wrong type', () => {
    const source = { name: 1, version: null, bin: ['a'], workspaces: 'a', scripts: 'b', dependencies: ['c'], imports: 'd' };
    expect(readManifest(json(source), 'package.json')).toEqual({ content: {}, error: null });
  });

  it('keeps no credentials of a range', () => {
    const { content } = readManifest('{"dependencies":{"a":"git+https://me:s3cret@host/a.git#v1","b":"https://host/b.tgz?token=s3cret"}}', 'package.json');
    expect(content).toEqual({ dependencies: { a: 'git+https://host/a.git#v1', b: 'https://host/b.tgz' } });
  });

  it('keeps a dependency called __proto__ as data', () => {
    const { content } = readManifest('{"dependencies":{"__proto__":"1.0.0"}}', 'package.json');
    expect(JSON.stringify(content)).toBe('{"dependencies":{"__proto__":"1.0.0"}}');
  });

  it.each([
    ['{"name": "a",\n  "token": s3cret }', 'not JSON: invalid symbol at line 2, column 12'],
    ['{"name": ', 'not JSON: value expected at line 1, column 10'],
    ['', 'not JSON: value expected at line 1, column 1'],
    ['[]', 'the root is an array, not an object'],
    ['null', 'the root is null, not an object'],
    ['"a"', 'the root is string, not an object'],
  ])('says where %j is wrong, without quoting it', (source, error) => {
    expect(readManifest(source, 'package.json')).toEqual({ content: null, error });
  });

  it('reads past a byte order mark', () => {
    expect(readManifest('\ufeff{"name":"a"}', 'package.json').content).toEqual({ name: 'a' });
  });
});

describe('package-lock.json', () => {
  it('keeps versions, scopes and links, and drops where packages came from', () => {
    const source = {
      lockfileVersion: 3,
      packages: {
        '': { name: 'a', version: '1.0.0', workspaces: ['libs/*'], dependencies: { b: '^1.0.0' }, devDependencies: { c: '1' } },
        'libs/l': { name: 'l', version: '0.0.0' },
        'node_modules/l': { resolved: 'libs/l', link: true },
        'node_modules/b': { version: '1.2.3', resolved: 'https://token@registry/b.tgz', integrity: 'sha512-x', dev: true, optional: true, peer: true, dependencies: { d: '*' } },
        'node_modules/alias': { name: 'real', version: '1.0.0', devOptional: true },
        odd: 1,
      },
    };
    expect(readManifest(json(source), 'package-lock.json')).toEqual({
      content: {
        lockfileVersion: 3,
        packages: {
          '': { name: 'a', version: '1.0.0', dependencies: { b: '^1.0.0' }, devDependencies: { c: '1' } },
          'libs/l': { name: 'l', version: '0.0.0' },
          'node_modules/l': { resolved: 'libs/l', link: true },
          'node_modules/b': { version: '1.2.3', dev: true, optional: true, peer: true, dependencies: { d: '*' } },
          'node_modules/alias': { name: 'real', version: '1.0.0', devOptional: true },
        },
      },
      error: null,
    });
  });

  it('turns version 1 into the form of version 3', () => {
    const source = {
      name: 'a',
      version: '1.0.0',
      lockfileVersion: 1,
      dependencies: {
        b: { version: '1.0.0', requires: { c: '^2.0.0' }, dependencies: { c: { version: '2.0.0', dev: true } } },
        '@s/d': { version: '3.0.0', bundled: true },
      },
    };
    expect(readManifest(json(source), 'package-lock.json').content).toEqual({
      lockfileVersion: 1,
      packages: {
        '': { name: 'a', version: '1.0.0' },
        'node_modules/b': { version: '1.0.0', dependencies: { c: '^2.0.0' } },
        'node_modules/b/node_modules/c': { version: '2.0.0', dev: true },
        'node_modules/@s/d': { version: '3.0.0' },
      },
    });
  });

  it('reads an empty version 1 and refuses a version that it does not know', () => {
    expect(readManifest('{"lockfileVersion":1}', 'package-lock.json').content).toEqual({ lockfileVersion: 1, packages: { '': {} } });
    expect(readManifest('{"lockfileVersion":9}', 'package-lock.json')).toEqual({ content: null, error: `lockfileVersion 9 has no 'packages'` });
  });
});

describe('tsconfig.json', () => {
  it('reads comments and trailing commas, and keeps what resolves imports', () => {
    const source = `{
      // the base
      "extends": ["./base.json", "@scope/tsconfig/strict.json",],
      "compilerOptions": { "strict": true, "baseUrl": ".", "paths": { "@a/*": ["libs/*/src", 1], "odd": "b" }, "rootDir": "src", "outDir": "dist", },
      "references": [{ "path": "./a" }, { "prepend": true }], /* end */
      "include": ["src"],
    }`;
    expect(readManifest(source, 'tsconfig.json')).toEqual({
      content: {
        extends: ['./base.json', '@scope/tsconfig/strict.json'],
        compilerOptions: { baseUrl: '.', paths: { '@a/*': ['libs/*/src'] }, rootDir: 'src', outDir: 'dist' },
        references: [{ path: './a' }],
      },
      error: null,
    });
  });

  it('reads nothing from an empty file and says where a broken one is broken', () => {
    expect(readManifest('', 'tsconfig.json')).toEqual({ content: {}, error: null });
    expect(readManifest('{\n "a": }', 'tsconfig.json')).toEqual({ content: null, error: 'value expected at line 2, column 7' });
    expect(readManifest('[]', 'tsconfig.json')).toEqual({ content: null, error: 'the root is not an object' });
  });
});

it.each([
  ['package.json', '{"name":"a","bin":{"a":"b"},"exports":[null,1]}'],
  ['package-lock.json', '{"lockfileVersion":2,"packages":{"":{},"node_modules/a":{"version":"1"}}}'],
  ['tsconfig.json', '{"extends":"a"}'],
] as const)('gives a %s that the contract accepts', (kind, source) => {
  expect(problemsOf(kind, readManifest(source, kind))).toEqual([]);
});
