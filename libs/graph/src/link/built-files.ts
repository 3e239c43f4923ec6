import { findFile, scriptEnding } from './files';
import { joinPath, pathBelow } from '../paths';
import type { Tree } from './tree';
import type { OutputMapping } from './tsconfigs';

// Folders that builds usually write to, and folders that sources usually live in. A harvested tree holds only the latter.
const BUILT = new Set(['dist', 'lib', 'build', 'out', 'output', 'es', 'esm', 'cjs', 'umd', 'types', 'typings', 'dist-types', 'dist-cjs', 'dist-esm', 'dist-es']);
const SOURCES = ['src', 'source', 'lib', ''];
// Builds for several targets put a folder for each inside the output folder: dist/esm/index.js.
const TARGETS = new Set(['es', 'esm', 'cjs', 'umd', 'mjs', 'node', 'browser', 'types', 'commonjs', 'module', 'src', 'source', 'es6', 'es2015', 'prod', 'development', 'production']);
// index.esm.js, vue.esm-bundler.js, index.cjs.prod.js, main.min.js
const BUILD_MARKS = /\.(?:esm|cjs|umd|es|mjs|min|prod|production|dev|development|global|browser|node|common|module|bundle|esm-bundler|esm-browser)(?=\.)/g;

/**
 * The source of a built file that git does not have: `dist/index.js` → `src/index.ts`. First by the `outDir` and
 * `rootDir` of the configurations around it, then by the usual names of folders.
 * `folder` is the package's folder, `path` counts from the repository's root; null when no source is there.
 */
export function sourceOfBuilt(tree: Tree, folder: string, path: string, outputs: readonly OutputMapping[]): string | null {
  if (scriptEnding(path) === null && path.slice(path.lastIndexOf('/')).includes('.')) return null;
  return byConfiguration(tree, folder, path, outputs) ?? byCustom(tree, folder, path);
}

function byConfiguration(tree: Tree, folder: string, path: string, outputs: readonly OutputMapping[]): string | null {
  for (const { outDir, rootDir } of outputs) {
    const inside = outDir === folder ? null : pathBelow(outDir, path);
    if (inside === null || inside === '') continue;
    const roots = rootDir === null ? [joinPath(folder, 'src') ?? '', folder] : [rootDir];
    const found = firstFile(tree, roots.map((root) => joinPath(root, inside)));
    if (found !== null) return found;
  }
  return null;
}

function byCustom(tree: Tree, folder: string, path: string): string | null {
  const below = pathBelow(folder, path);
  if (below === null) return null;
  const [first = '', ...rest] = below.split('/');
  if (!BUILT.has(first) || rest.length === 0) return null;
  const inner = rest.findIndex((segment, index) => index === rest.length - 1 || !TARGETS.has(segment));
  const tails = [rest, rest.slice(inner)].map((segments) => segments.join('/'));
  const places = SOURCES.filter((source) => source !== first).flatMap((source) => tails.map((tail) => joinPath(folder, `${source}/${tail}`)));
  return firstFile(tree, places) ?? firstFile(tree, places.map((place) => place?.replace(BUILD_MARKS, '') ?? null));
}

function firstFile(tree: Tree, paths: readonly (string | null)[]): string | null {
  for (const path of paths) {
    const found = path === null || path === '' ? null : findFile(tree, path, 'typescript');
    if (found !== null) return found;
  }
  return null;
}
