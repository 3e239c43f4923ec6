// Real source trees, pinned: packages from the registry, each committed into a temporary git repository.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '@granary/embedded';

export interface Tree {
  readonly name: string;
  /** A git repository with one commit and a work tree. */
  readonly path: string;
  /** JavaScript and TypeScript files. */
  readonly files: number;
  readonly megabytes: number;
}

/** Bundles are left out: they are made of the files that are here anyway. */
const PACKAGES = [
  { spec: 'rxjs@7.8.2', without: ['dist/bundles'] },
  { spec: 'core-js@3.51.0', without: [] },
  { spec: 'antd@6.6.8', without: ['dist'] },
] as const;

export const SOURCE = /\.[cm]?[jt]sx?$/;

/** Makes the trees; each is removed by `remove`. Packages are downloaded once and kept in the cache folder. */
export function makeTrees(limit: number = PACKAGES.length): { trees: Tree[]; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'granary-trees-'));
  const trees = PACKAGES.slice(0, limit).map(({ spec, without }) => treeOf(spec, without, folder));
  return { trees, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Copies of a tree side by side in one repository: the same files so many times. */
export function multiply(tree: Tree, times: number): { tree: Tree; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'granary-trees-'));
  for (let copy = 0; copy < times; copy += 1) cpSync(tree.path, join(path, `copy-${copy}`), { recursive: true, filter: (source) => !source.endsWith('/.git') });
  commit(path);
  pack(path);
  return { tree: { ...tree, name: `${tree.name} ${times}×`, path, files: tree.files * times, megabytes: tree.megabytes * times }, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function treeOf(spec: string, without: readonly string[], folder: string): Tree {
  const name = spec.slice(0, spec.lastIndexOf('@'));
  const path = join(folder, name);
  mkdirSync(path);
  execFileSync('tar', ['-xzf', download(spec), '--strip-components=1', '-C', path]);
  for (const unwanted of without) rmSync(join(path, unwanted), { recursive: true, force: true });
  commit(path);
  pack(path);
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.parentPath.includes('/.git'));
  const kilobytes = Number(execFileSync('du', ['-sk', '--exclude=.git', path]).toString().split('\t')[0]);
  return { name: spec, path, files: files.filter(({ name: file }) => SOURCE.test(file)).length, megabytes: Math.round(kilobytes / 1_024) };
}

function download(spec: string): string {
  const cache = join(cacheFolder(process.env), 'bench');
  const target = join(cache, `${spec}.tgz`);
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true });
  const [packed] = JSON.parse(execFileSync('npm', ['pack', spec, '--json', '--pack-destination', cache], { stdio: ['ignore', 'pipe', 'ignore'] }).toString()) as [{ filename: string }];
  renameSync(join(cache, packed.filename), target);
  return target;
}

const IDENTITY = { GIT_AUTHOR_NAME: 'bench', GIT_AUTHOR_EMAIL: 'bench@example.org', GIT_COMMITTER_NAME: 'bench', GIT_COMMITTER_EMAIL: 'bench@example.org', GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z' };

export function git(path: string, ...args: string[]): string {
  return execFileSync('git', ['-C', path, ...args], { env: { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', ...IDENTITY }, maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

export function commit(path: string): void {
  if (!existsSync(join(path, '.git'))) git(path, 'init', '--quiet', '--initial-branch=main');
  git(path, 'add', '--all', '--force');
  git(path, 'commit', '--quiet', '--message', 'bench');
}

/** Objects as a clone has them, which is how repositories are met. */
function pack(path: string): void {
  git(path, 'repack', '-a', '-d', '--quiet');
}
