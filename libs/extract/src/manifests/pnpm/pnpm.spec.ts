import { TIMES } from '@granary/testing';
import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { locked, said } from '../../../test/manifests';
import { pnpm, pnpmManifests } from './pnpm';
import { reducePnpmLock } from './pnpm-lock';

it.each([
  ['pnpm-lock.yaml', 'pnpm-lock.yaml'],
  ['packages/a/pnpm-lock.yaml', 'pnpm-lock.yaml'],
  ['pnpm-workspace.yaml', 'pnpm-workspace.yaml'],
  ['my-pnpm-lock.yaml', null],
])('%s is read as %s', (path, kind) => {
  expect(pnpmManifests.classOf(path)).toBe(kind);
});

const NINE = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true

catalogs:
  default:
    react:
      specifier: ^18.0.0
      version: 18.2.0

importers:

  .:
    dependencies:
      react:
        specifier: 'catalog:'
        version: 18.2.0
    devDependencies:
      '@scope/tool':
        specifier: ^1.0.0
        version: 1.2.0(react@18.2.0)
    optionalDependencies:
      nick:
        specifier: npm:real@^2
        version: real@2.0.0

  packages/a:
    dependencies:
      '@own/b':
        specifier: workspace:*
        version: link:../b
      tarball:
        specifier: https://host/t.tgz?token=s3cret
        version: https://host/t.tgz?token=s3cret
      copied:
        specifier: file:../c
        version: file:packages/c(react@18.2.0)

  packages/empty: {}

packages:

  '@scope/tool@1.2.0':
    resolution: {integrity: sha512-x}
    engines: {node: '>=18'}
    deprecated: |-
      dependencies:
        not: 1.0.0
    peerDependencies:
      react: '>=16'
    hasBin: true

  copied@file:packages/c:
    resolution: {directory: packages/c, type: directory}

  react@18.2.0:
    resolution: {integrity: sha512-y}

  real@2.0.0:
    resolution: {integrity: sha512-z}

  tarball@https://host/t.tgz?token=s3cret:
    resolution: {tarball: https://host/t.tgz?token=s3cret}
    version: 3.0.0

snapshots:

  '@scope/tool@1.2.0(react@18.2.0)':
    dependencies:
      react: 18.2.0
    optionalDependencies:
      gone: 1.0.0
    transitivePeerDependencies:
      - supports-color

  copied@file:packages/c(react@18.2.0):
    dependencies:
      real: 2.0.0

  react@18.2.0: {}

  real@2.0.0: {}

  tarball@https://host/t.tgz?token=s3cret: {}
`;

const NINE_SAID = [
  'in .',
  '  runtime react ^18.0.0 → react@18.2.0',
  '  dev @scope/tool ^1.0.0 → @scope/tool@1.2.0(react@18.2.0)',
  '  optional nick npm:real@^2 → real@2.0.0',
  'in packages/a',
  '  runtime @own/b workspace:* → @own/b@link:packages/b',
  '  runtime tarball https://host/t.tgz → tarball@https://host/t.tgz',
  '  runtime copied file:../c → copied@file:packages/c(react@18.2.0)',
  'in packages/empty',
  '@own/b@link:packages/b: @own/b unknown at packages/b',
  '@scope/tool@1.2.0(react@18.2.0): @scope/tool 1.2.0',
  '  peer react >=16 → react@18.2.0',
  '  optional gone any → nothing',
  'copied@file:packages/c(react@18.2.0): copied unknown at packages/c',
  '  runtime real any → real@2.0.0',
  'react@18.2.0: react 18.2.0',
  'real@2.0.0: real 2.0.0',
  'tarball@https://host/t.tgz: tarball 3.0.0',
];

describe('pnpm-lock.yaml', () => {
  it.each([
    { says: 'version 9', source: NINE, lines: NINE_SAID },
    { says: 'line ends of Windows and a byte order mark', source: `\ufeff${NINE.replaceAll('\n', '\r\n')}`, lines: NINE_SAID },
    { says: 'the document of the project behind that of pnpm itself', source: `---\nlockfileVersion: '9.0'\nimporters:\n  .:\n    packageManagerDependencies:\n      pnpm:\n        specifier: 11.0.0\n        version: 11.0.0\npackages:\n  pnpm@11.0.0:\n    resolution: {integrity: x}\nsnapshots:\n  pnpm@11.0.0: {}\n---\n${NINE}`, lines: NINE_SAID },
    {
      says: 'version 6, one project, keys with a slash',
      source: `lockfileVersion: '6.0'\n\ndependencies:\n  '@a/b':\n    specifier: ^1.0.0\n    version: 1.0.0(react@18.0.0)\n  hosted:\n    specifier: github:me/hosted\n    version: github.com/me/hosted/abc123\n\npackages:\n\n  /@a/b@1.0.0(react@18.0.0):\n    resolution: {integrity: x}\n    peerDependencies:\n      react: '*'\n    dependencies:\n      react: 18.0.0\n      nick: /real@2.0.0\n    dev: false\n\n  /react@18.0.0:\n    resolution: {integrity: x}\n\n  /real@2.0.0:\n    resolution: {integrity: x}\n\n  github.com/me/hosted/abc123:\n    resolution: {tarball: 'https://host/x'}\n    name: hosted\n    version: 1.5.0\n`,
      lines: [
        'in .', '  runtime @a/b ^1.0.0 → /@a/b@1.0.0(react@18.0.0)', '  runtime hosted github:me/hosted → github.com/me/hosted/abc123',
        '/@a/b@1.0.0(react@18.0.0): @a/b 1.0.0', '  peer react * → /react@18.0.0', '  runtime nick any → /real@2.0.0',
        '/react@18.0.0: react 18.0.0', '/real@2.0.0: real 2.0.0', 'github.com/me/hosted/abc123: hosted 1.5.0',
      ],
    },
    {
      says: 'version 5, specifiers apart, peers behind an underscore, a resolution in block style',
      source: `lockfileVersion: 5.4\n\nimporters:\n\n  .:\n    specifiers:\n      '@a/b': ^1.0.0\n      c: link:../c\n    dependencies:\n      '@a/b': 1.0.0_react@17.0.2\n      c: link:../c\n\npackages:\n\n  /@a/b/1.0.0_react@17.0.2:\n    resolution: {integrity: x}\n    dependencies:\n      react: 17.0.2\n\n  /react/17.0.2:\n    resolution: {integrity: x}\n\n  file:lib/d:\n    resolution:\n      directory: lib/d\n      type: directory\n    name: d\n    version: 0.0.1\n`,
      lines: [
        'in .', '  runtime @a/b ^1.0.0 → /@a/b/1.0.0_react@17.0.2', '  runtime c link:../c → c@link:../c',
        '/@a/b/1.0.0_react@17.0.2: @a/b 1.0.0', '  runtime react any → /react/17.0.2', '/react/17.0.2: react 17.0.2', 'c@link:../c: c unknown at ../c', 'file:lib/d: d unknown at lib/d',
      ],
    },
    {
      says: 'a key too long for one line',
      source: `lockfileVersion: '9.0'\npackages:\n  ? a@1.0.0\n  : resolution: {integrity: x}\nsnapshots:\n  ? 'a@1.0.0(${'b@1.0.0'.repeat(160)})'\n  : dependencies:\n      c: 1.0.0\n`,
      lines: [`a@1.0.0(${'b@1.0.0'.repeat(160)}): a 1.0.0`, '  runtime c any → nothing'],
    },
    { says: 'nothing installed', source: `lockfileVersion: '9.0'\n`, lines: [] },
    { says: 'names that objects have already', source: `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      __proto__:\n        specifier: ^1\n        version: 1.0.0\n    constructor:\n      a:\n        specifier: 1\n`, lines: ['in .', '  runtime __proto__ ^1 → nothing'] },
    { says: 'no lock file', source: 'packages:\n  a: {}\n', lines: [`error: no 'lockfileVersion' on a line of its own`] },
    { says: 'a version that nobody knows', source: 'lockfileVersion: 4\n', lines: ['error: lockfileVersion 4 is none of 5 to 9'] },
    { says: 'a version that is none', source: 'lockfileVersion: s3cret\n', lines: ['error: lockfileVersion (unreadable) is none of 5 to 9'] },
  ])('$says', ({ source, lines }) => {
    expect(locked(pnpm, 'pnpm-lock.yaml', source)).toEqual(lines);
  });

  it('is read as a parser of YAML reads it', () => {
    const parsed = parseAllDocuments(NINE)[0]?.toJS() as { snapshots: Record<string, { dependencies?: object; optionalDependencies?: object }> };
    const lock = reducePnpmLock(NINE);
    const edges = 'error' in lock ? [] : lock.packages.filter(({ key }) => !key.includes('@link:')).map(({ requirements }) => requirements.map(({ name }) => name));
    const theirs = Object.entries(parsed.snapshots).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { dependencies = {}, optionalDependencies = {} }]) => [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]);
    expect(edges).toEqual(theirs);
  });

  const seed = Date.now() % 2 ** 31;

  it(`says what was written, whatever the names (seed ${seed})`, () => {
    const name = fc.oneof(fc.stringMatching(/^(?:@[a-z][a-z0-9-]{0,5}\/)?[a-z][a-z0-9._-]{0,8}$/), fc.constantFrom('yes', 'null', 'constructor', '__proto__', '0x1', 'a: b'));
    const version = fc.stringMatching(/^[1-9]\.\d\.\d(?:-[a-z]{1,4})?$/);
    const requests = fc.dictionary(name, version, { maxKeys: 4, noNullPrototype: true });
    const snapshots = fc.dictionary(fc.tuple(name, version).map((parts) => parts.join('@')), fc.record({ dependencies: requests, optionalDependencies: requests }, { requiredKeys: [] }), { maxKeys: 8, noNullPrototype: true });
    const folders = fc.dictionary(fc.constantFrom('.', 'a', 'packages/b', "it's"), fc.record({ dependencies: requests, devDependencies: requests }), { maxKeys: 3, noNullPrototype: true });
    const withSpecifiers = (asked: Record<string, string>): object => Object.fromEntries(Object.entries(asked).map(([key, value]) => [key, { specifier: `^${value}`, version: value }]));
    fc.assert(fc.property(snapshots, folders, (written, importers) => {
      const placed = Object.fromEntries(Object.entries(importers).map(([folder, { dependencies, devDependencies }]) => [folder, { dependencies: withSpecifiers(dependencies), devDependencies: withSpecifiers(devDependencies) }]));
      const lock = reducePnpmLock(stringify({ lockfileVersion: '9.0', importers: placed, snapshots: written }, { lineWidth: 0 }));
      if ('error' in lock) throw new Error(lock.error);
      const resolved = (key: string, version: string): string | null => (Object.hasOwn(written, `${key}@${version}`) ? `${key}@${version}` : null);
      expect(Object.fromEntries(lock.packages.map(({ key, requirements }) => [key, requirements.map((one) => [one.scope, one.name, one.to])]))).toEqual(Object.fromEntries(Object.entries(written).map(([key, { dependencies = {}, optionalDependencies = {} }]) => [key, [
        ...Object.entries(dependencies).map(([wanted, ref]) => ['runtime', wanted, resolved(wanted, ref)]), ...Object.entries(optionalDependencies).map(([wanted, ref]) => ['optional', wanted, resolved(wanted, ref)]),
      ]])));
      expect(lock.importers.map(({ folder, requirements }) => [folder, requirements.map((one) => [one.scope, one.name, one.range])])).toEqual(Object.entries(importers).map(([folder, { dependencies, devDependencies }]) => [folder, [
        ...Object.entries(dependencies).map(([wanted, ref]) => ['runtime', wanted, `^${ref}`]), ...Object.entries(devDependencies).map(([wanted, ref]) => ['dev', wanted, `^${ref}`]),
      ]]));
    }), { seed, numRuns: 60 * TIMES });
  });

  it('of 3 MB is read in a fraction of a second', () => {
    const names = Array.from({ length: 12_000 }, (_, index) => `package-number-${index}`);
    const source = `lockfileVersion: '9.0'\npackages:\n${names.map((name) => `\n  ${name}@1.0.0:\n    resolution: {integrity: sha512-${'x'.repeat(86)}}\n    engines: {node: '>=18'}\n`).join('')}\nsnapshots:\n${names.map((name, index) => `\n  ${name}@1.0.0:\n    dependencies:\n      ${names[index - 1] ?? 'gone'}: 1.0.0\n`).join('')}`;
    expect(source.length).toBeGreaterThan(3_000_000);
    const begun = performance.now();
    const lock = reducePnpmLock(source);
    // A parser of YAML takes seconds; the machine that runs the tests may be busy.
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect('packages' in lock && lock.packages.length).toBe(12_000);
  });
});

describe('pnpm-workspace.yaml', () => {
  it.each([
    { says: 'members', source: `packages:\n  - packages/*\n  - '!**/test/**'\n`, content: { members: ['packages/*', '!**/test/**'] } },
    {
      says: 'catalogs',
      source: `packages: [a]\ncatalog:\n  react: ^18.0.0\n  private: git+https://me:s3cret@host/a.git\ncatalogs:\n  old:\n    react: ^17.0.0\n  __proto__:\n    odd: 1.0.0\n`,
      content: { members: ['a'], catalogs: { default: { react: '^18.0.0', private: 'git+https://host/a.git' }, old: { react: '^17.0.0' }, ['__proto__']: { odd: '1.0.0' } } },
    },
    { says: 'only settings', source: 'nodeLinker: hoisted\n', content: {} },
    { says: 'nothing', source: '', content: {} },
    { says: 'a list', source: '- a\n', content: { error: 'the root is not a mapping' } },
    { says: 'broken', source: 'packages:\n  - "s3cret\n', content: { error: 'not YAML: a mistake at line 3, column 1' } },
    { says: 'aliases that grow', source: `a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c]\n`, content: { error: 'more aliases than a workspace needs' } },
  ])('$says', ({ source, content }) => {
    expect(JSON.stringify(said(pnpm, 'pnpm-workspace.yaml', source))).toEqual(JSON.stringify(content));
  });
});
