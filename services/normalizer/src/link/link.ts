import type { FactFile, FactModule, GraphImport, GraphUse } from '@granary/contracts';
import { npmPurl } from '../purl';
import { byCodeUnit } from '../paths';
import type { Linker, Resolution } from './resolution';

/** What the imports of a snapshot lead to; every list sorted, an edge once for each kind with the first line that says so. */
export interface Links {
  imports: GraphImport[];
  uses: GraphUse[];
  unresolved: { from: string; specifier: string; line: number }[];
  /** The external packages used, by purl. */
  packages: ReadonlyMap<string, { name: string; version: string | null }>;
}

/** Chooses who links the modules of a language; null for a language that nobody links. */
export type LinkerOf = (language: string) => Linker | null;

/** Links every import of a snapshot. Imports of a language without a linker count as unresolved. */
export function link(modules: readonly FactModule[], files: ReadonlyMap<string, FactFile>, linkerOf: LinkerOf): Links {
  const imports = new Map<string, GraphImport>();
  const uses = new Map<string, GraphUse>();
  const unresolved = new Map<string, Links['unresolved'][number]>();
  const packages = new Map<string, { name: string; version: string | null }>();
  for (const { path: from, imports: written } of modules) {
    const linker = linkerOf(files.get(from)?.language ?? '');
    for (const { specifier, kind, line } of written) {
      const resolution = linker?.resolve(from, specifier, kind) ?? { to: 'nothing' };
      if (resolution.to === 'nothing') {
        unresolved.set(`${from}\n${specifier}\n${line}`, { from, specifier, line });
      } else if (resolution.to === 'module') {
        keepFirst(imports, { from, kind, line, to: resolution.path });
      } else {
        keepFirst(uses, { from, kind, line, to: nameOf(resolution) });
        if (resolution.to === 'package') packages.set(nameOf(resolution), { name: resolution.name, version: resolution.version });
      }
    }
  }
  return {
    imports: [...imports.values()].sort(byEdge),
    uses: [...uses.values()].sort(byEdge),
    unresolved: [...unresolved.values()].sort((a, b) => byCodeUnit(a.from, b.from) || a.line - b.line || byCodeUnit(a.specifier, b.specifier)),
    packages,
  };
}

type Edge = GraphImport | GraphUse;

function keepFirst<E extends Edge>(edges: Map<string, E>, edge: E): void {
  const key = `${edge.from}\n${edge.to}\n${edge.kind}`;
  const known = edges.get(key);
  if (known === undefined || edge.line < known.line) edges.set(key, edge);
}

function nameOf(resolution: Extract<Resolution, { to: 'package' | 'builtin' }>): string {
  return resolution.to === 'builtin' ? resolution.name : npmPurl(resolution.name, resolution.version);
}

function byEdge(a: Edge, b: Edge): number {
  return byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to) || byCodeUnit(a.kind, b.kind);
}
