import type { Tsconfig } from '@granary/contracts';
import { folderOf } from '../paths';

/** A tsconfig.json or jsconfig.json; every path as written in the file. */
export interface TsConfig {
  path: string;
  folder: string;
  extends: readonly string[];
  baseUrl: string | null;
  paths: readonly (readonly [pattern: string, targets: readonly string[]])[] | null;
  rootDir: string | null;
  outDir: string | null;
  references: readonly string[];
}

/** Arranges the content of a TypeScript or JavaScript configuration. */
export function readTsConfig(path: string, content: Tsconfig): TsConfig {
  const { baseUrl, paths, rootDir, outDir } = content.compilerOptions ?? {};
  return {
    path,
    folder: folderOf(path),
    extends: [content.extends ?? []].flat(),
    baseUrl: baseUrl ?? null,
    paths: paths === undefined ? null : Object.entries(paths),
    rootDir: rootDir ?? null,
    outDir: outDir ?? null,
    references: (content.references ?? []).map((reference) => reference.path),
  };
}
