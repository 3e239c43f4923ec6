import type { FactManifest, ResolvedLock } from '@granary/contracts';
import { manifestTurnOf } from './manifest-turn';
import { readManifests } from './manifests';

type Locked = ResolvedLock['packages'][number];

const entry = (key: string, more: Partial<Locked> = {}): Locked => ({ key, name: key.replace(/@[^@]*$/, ''), version: key.replace(/^.*@/, ''), link: null, requirements: [], ...more });
const pnpm = (packages: readonly Locked[], got: Readonly<Record<string, string>> = {}, folder = '.'): FactManifest => ({
  path: 'pnpm-lock.yaml',
  kind: 'pnpm-lock.yaml',
  error: null,
  content: { ecosystem: 'npm', importers: [{ folder, requirements: Object.entries(got).map(([name, to]) => ({ name, range: '*', scope: 'runtime' as const, to })) }], packages: [...packages] },
});
const npm = (packages: Readonly<Record<string, { version?: string }>>): FactManifest => ({ path: 'package-lock.json', kind: 'package-lock.json', error: null, content: { lockfileVersion: 3, packages } });
const manifest = (content: object): FactManifest => ({ path: 'package.json', kind: 'package.json', error: null, content });

it.each<{ says: string; before: FactManifest; after: FactManifest; npm: 'shape' | string[] }>([
  { says: 'nothing', before: pnpm([entry('a@1')]), after: pnpm([entry('a@1')]), npm: [] },
  { says: 'another version', before: pnpm([entry('a@1'), entry('b@1')]), after: pnpm([entry('a@2'), entry('b@1')]), npm: ['a'] },
  { says: 'what a package needs in turn', before: pnpm([entry('a@1')]), after: pnpm([entry('a@1', { requirements: [{ name: 'b', range: '1', scope: 'runtime', to: null }] })]), npm: [] },
  { says: 'an entry that a manifest got under another name', before: pnpm([entry('a@1')], { alias: 'a@1' }), after: pnpm([entry('a@1', { link: 'packages/a' })], { alias: 'a@1' }), npm: ['a', 'alias'] },
  { says: 'an entry that is asked for under another name', before: pnpm([entry('a@1', { descriptors: ['alias@npm:a@1'] })]), after: pnpm([entry('a@1', { version: '1.1', descriptors: ['alias@npm:a@1'] })]), npm: ['a', 'alias'] },
  { says: 'the order of entries of one name', before: pnpm([entry('a@1'), entry('a@2')]), after: pnpm([entry('a@2'), entry('a@1')]), npm: ['a'] },
  { says: 'what a manifest got', before: pnpm([entry('a@1'), entry('a@2')], { a: 'a@1' }), after: pnpm([entry('a@1'), entry('a@2')], { a: 'a@2' }), npm: ['a'] },
  { says: 'which manifests a lock is for', before: pnpm([]), after: pnpm([], {}, 'packages/a'), npm: 'shape' },
  { says: 'a version that npm locks, also below another package', before: npm({ 'node_modules/b/node_modules/@s/a': { version: '1' } }), after: npm({ 'node_modules/b/node_modules/@s/a': { version: '2' } }), npm: ['@s/a'] },
  { says: 'a folder that the lock of npm knows', before: npm({}), after: npm({ 'packages/a': {} }), npm: 'shape' },
  { says: 'what is asked for', before: manifest({ dependencies: { a: '1', b: '1' } }), after: manifest({ dependencies: { b: '1' }, devDependencies: { c: '1' } }), npm: ['a', 'c'] },
  { says: 'the version of the package itself', before: manifest({ name: 'x', version: '1.0.0' }), after: manifest({ name: 'x', version: '1.0.1' }), npm: [] },
  { says: 'what the package exports', before: manifest({ exports: './a.js' }), after: manifest({ exports: './b.js' }), npm: 'shape' },
  { says: 'the order of conditions', before: manifest({ exports: { import: './a.js', default: './b.js' } }), after: manifest({ exports: { default: './b.js', import: './a.js' } }), npm: 'shape' },
])('tells $says', ({ before, after, npm: expected }) => {
  const turn = manifestTurnOf(readManifests([before]), readManifests([after]));
  expect(turn.npm === 'shape' ? turn.npm : [...turn.npm].sort()).toEqual(expected);
  expect([...turn.ecosystems]).toEqual([]);
});
