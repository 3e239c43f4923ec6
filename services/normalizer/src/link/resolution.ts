import type { FactImport } from '@granary/contracts';

/** What an import leads to. */
export type Resolution =
  | { to: 'module'; path: string }
  | { to: 'package'; name: string; version: string | null }
  | { to: 'builtin'; name: string }
  | { to: 'nothing' };

export type ImportKind = FactImport['kind'];

/** Finds what the imports of one family of languages lead to, within one snapshot. */
export interface Linker {
  resolve(from: string, specifier: string, kind: ImportKind): Resolution;
}

export const NOTHING: Resolution = { to: 'nothing' };
