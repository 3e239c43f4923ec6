import { joinPath } from '../paths';
import { ENDINGS, preferenceOf, type Preference, type Tree } from './tree';

/** Whose habits decide between two files that differ only by their ending. */
export type Flavour = 'typescript' | 'javascript';

const TYPESCRIPT = preferenceOf(ENDINGS);
const JAVASCRIPT = preferenceOf(['.js', '.jsx', '.mjs', '.cjs', ...ENDINGS]);

// What TypeScript's own emit turns into the ending that an import names. Sources come before declarations,
// because an edge should lead to what runs.
const WRITTEN_AS: Readonly<Record<string, Preference>> = {
  '.js': preferenceOf(['.ts', '.tsx', '.jsx', '.d.ts']),
  '.jsx': preferenceOf(['.tsx', '.ts', '.d.ts']),
  '.mjs': preferenceOf(['.mts', '.ts', '.d.mts']),
  '.cjs': preferenceOf(['.cts', '.ts', '.d.cts']),
  '.d.ts': preferenceOf(['.ts', '.tsx', '.js', '.jsx']),
  '.d.mts': preferenceOf(['.mts', '.ts', '.mjs']),
  '.d.cts': preferenceOf(['.cts', '.ts', '.cjs']),
};

/** TypeScript's habits for `.ts`, `.tsx`, `.mts`, `.cts` and component files; JavaScript's for the rest. */
export function flavourOf(path: string): Flavour {
  return /\.(?:[cm]?ts|tsx|vue|svelte|astro)$/.test(path) ? 'typescript' : 'javascript';
}

/** The file that a path names as written, under another ending, or without its ending; folders are not considered. */
export function findFile(tree: Tree, path: string, flavour: Flavour): string | null {
  if (tree.has(path)) return path;
  return findRewritten(tree, path) ?? tree.pick(path, flavour === 'typescript' ? TYPESCRIPT : JAVASCRIPT);
}

/** The index file of a folder. */
export function findIndex(tree: Tree, folder: string, flavour: Flavour): string | null {
  return tree.pick(folder === '' ? 'index' : `${folder}/index`, flavour === 'typescript' ? TYPESCRIPT : JAVASCRIPT);
}

/** Like findFile, for a target written relative to a folder (`./dist/index.js`). */
export function findFileBelow(tree: Tree, folder: string, relative: string, flavour: Flavour): string | null {
  const path = joinPath(folder, relative);
  return path === null || path === '' ? null : findFile(tree, path, flavour);
}

function findRewritten(tree: Tree, path: string): string | null {
  const ending = scriptEnding(path);
  const sources = ending === null ? undefined : WRITTEN_AS[ending];
  return ending === null || sources === undefined ? null : tree.pick(path.slice(0, -ending.length), sources);
}

/** `.js`, `.mjs`, `.d.ts` …: the ending of a path that a compiler may have written; null for any other. */
export function scriptEnding(path: string): string | null {
  return /(?:\.d)?\.(?:[cm]?[jt]s|[jt]sx)$/.exec(path)?.[0] ?? null;
}
