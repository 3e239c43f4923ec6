import type { FactModule } from '@granary/contracts';
import { byCodeUnit, folderOf } from '../paths';

/** The files of the package in each folder: those that an import of it compiles, on whatever system. */
export type GoPackages = ReadonlyMap<string, GoPackage>;

export interface GoPackage {
  /** Sorted. */
  files: readonly string[];
  /** The file that says what the package is: named like its folder, or `doc.go`, or the first. */
  representative: string;
}

/**
 * Arranges Go files by package. Tests are no part of what others import, and neither are files that say so
 * (`//go:build ignore`: they declare nothing) or that have another package name than the rest of their folder.
 */
export function goPackagesOf(modules: readonly FactModule[]): GoPackages {
  const importable = modules.filter(({ path, declares }) => path.endsWith('.go') && !path.endsWith('_test.go') && declares !== undefined);
  const byFolder = Map.groupBy(importable, ({ path }) => folderOf(path));
  return new Map([...byFolder].flatMap(([folder, files]) => {
    const paths = mainPackage(files);
    const wanted = [`${folder.slice(folder.lastIndexOf('/') + 1)}.go`, 'doc.go'].map((name) => (folder === '' ? name : `${folder}/${name}`));
    const representative = wanted.find((path) => paths.includes(path)) ?? paths[0];
    return representative === undefined ? [] : [[folder, { files: paths, representative }] as const];
  }));
}

// Programs and pages of documentation that lie beside a package, by custom under these names.
const BESIDE = new Set(['main', 'documentation']);

function mainPackage(files: readonly FactModule[]): readonly string[] {
  const byName = Map.groupBy(files, ({ declares }) => declares?.[0] ?? '');
  const [first] = [...byName].sort(([a, x], [b, y]) => Number(BESIDE.has(a)) - Number(BESIDE.has(b)) || y.length - x.length || byCodeUnit(a, b));
  return (first?.[1] ?? []).map(({ path }) => path).sort(byCodeUnit);
}
