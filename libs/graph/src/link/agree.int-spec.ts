import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { factsOf, type Entry } from '../../test/facts';
import { normalize } from '../normalize/normalize';

// The sources of this package, under the same rules as for anybody's: nothing is excluded, nothing is configured.
const root = join(__dirname, '..', '..');

interface Cruised { modules: { source: string; dependencies: { resolved: string; couldNotResolve: boolean; coreModule: boolean }[] }[] }

it('finds every edge between our own modules that dependency-cruiser finds', async () => {
  const paths = globSync('{src,test}/**/*.ts', { cwd: root });
  const entries = paths.map((path): [string, Entry] => [path, ts.preProcessFile(readFileSync(join(root, path), 'utf8'), true, true).importedFiles.map((file) => file.fileName)]);
  const ours = new Set(normalize(factsOf(Object.fromEntries(entries))).edges.imports.map((edge) => `${edge.from} → ${edge.to}`));

  // What the packages of others import is nothing of ours, and takes longer than all the rest.
  const cruiser = join(root, '../../node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [cruiser, '--no-config', '--ts-pre-compilation-deps', '--do-not-follow', '^\\.\\./', '--output-type', 'json', 'src', 'test'], { cwd: root, maxBuffer: 50_000_000 });
  const { modules } = JSON.parse(stdout) as Cruised;
  const own = new Set(paths);
  const theirs = modules.flatMap(({ source, dependencies }) => dependencies.filter(({ resolved }) => own.has(source) && own.has(resolved)).map(({ resolved }) => `${source} → ${resolved}`));

  expect(theirs.length).toBeGreaterThan(100);
  expect(theirs.filter((edge) => !ours.has(edge))).toEqual([]);
  expect([...ours].filter((edge) => !theirs.includes(edge))).toEqual([]);
});
