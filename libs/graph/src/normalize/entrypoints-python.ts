import type { GraphEntrypoint } from '@granary/contracts';
import { pythonTreeOf, type PythonTree } from '../link/python-tree';
import type { Declared } from '../manifests/declared';
import { folderOf, joinPath } from '../paths';
import type { EntrypointInput } from './entrypoint-input';

/**
 * What manifests declare (`app.cli:main`), what `python -m` starts, servers' `wsgi.py` and `asgi.py`, scripts with a
 * `__main__` guard, and the package by which a distribution is imported. Tests start themselves too and are left out.
 */
export function pythonEntrypoints({ files, modules, declared }: EntrypointInput): GraphEntrypoint[] {
  const manifests = declared.all('pypi');
  const python = modules.filter(({ path }) => files.get(path)?.language === 'python' && !isTest(path));
  if (python.length === 0 && manifests.length === 0) return [];
  const tree = pythonTreeOf(files.keys(), declared);
  return [
    ...manifests.flatMap((manifest) => [...declaredBy(tree, manifest), ...mainOf(tree, manifest)]),
    ...python.flatMap(({ path, entry }) => startedAs(path, entry === true)),
  ];
}

function declaredBy(tree: PythonTree, { folder, content }: Declared): GraphEntrypoint[] {
  return content.entries.flatMap(({ kind, name, target }) => {
    const path = fileOf(tree, folder, target.split(':', 1)[0]?.trim() ?? '');
    return path === null ? [] : [{ kind, name, path }];
  });
}

// The name of a distribution and that of its package mostly differ in `-` and `_` only.
function mainOf(tree: PythonTree, { folder, content: { name } }: Declared): GraphEntrypoint[] {
  if (name === null) return [];
  const path = [name.replace(/[-.]/g, '_'), name.replace(/-/g, '/'), name].map((candidate) => fileIn(tree, folder, candidate)).find((found) => found !== null);
  return path === undefined || path === null ? [] : [{ kind: 'main', name, path }];
}

const fileOf = (tree: PythonTree, folder: string, module: string): string | null => (module === '' ? null : fileIn(tree, folder, module.replaceAll('.', '/')));

function fileIn(tree: PythonTree, folder: string, place: string): string | null {
  for (const root of tree.rootsFor(folder)) {
    const path = joinPath(root, place);
    const found = path === null ? null : tree.moduleAt(path, false);
    if (found !== null) return found;
  }
  return null;
}

function startedAs(path: string, guarded: boolean): GraphEntrypoint[] {
  const folder = folderOf(path);
  const name = path.slice(folder === '' ? 0 : folder.length + 1);
  if (name === '__main__.py' && folder !== '') return [entry('bin', folder.slice(folder.lastIndexOf('/') + 1), path)];
  return guarded || name === 'wsgi.py' || name === 'asgi.py' || name === '__main__.py' ? [entry('script', path, path)] : [];
}

const entry = (kind: GraphEntrypoint['kind'], name: string, path: string): GraphEntrypoint => ({ kind, name: name.slice(-MAX_NAME), path });

const MAX_NAME = 512;

const isTest = (path: string): boolean => /(?:^|\/)(?:tests?|testing)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$/.test(path);
