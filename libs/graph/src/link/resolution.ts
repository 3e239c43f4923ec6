import type { FactImport } from '@granary/contracts';

/** What an import leads to. */
export type Resolution =
  | { to: 'module'; path: string }
  /** Several modules at once: a package or namespace. None at all when the import is understood and leads to no other module. */
  | { to: 'modules'; paths: readonly string[] }
  | { to: 'package'; purl: string; name: string; version: string | null }
  | { to: 'builtin'; name: string }
  | { to: 'nothing' };

export type ImportKind = FactImport['kind'];

/** Finds what an import of one module leads to. */
export type Resolve = (specifier: string, kind: ImportKind) => Resolution;

/** Finds what the imports of one family of languages lead to, within one snapshot: first who imports, then what. */
export interface Linker {
  (from: string): Resolve;
  /** The modules that a module stands for besides itself: whoever imports it gets them too, and no import says so. */
  readonly standsFor?: (from: string) => readonly string[];
}

export const NOTHING: Resolution = { to: 'nothing' };
