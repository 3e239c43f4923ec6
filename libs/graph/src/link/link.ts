import type { FactFile, FactModule, GraphImport, GraphPackage, GraphUse } from '@granary/contracts';
import { byCodeUnit } from '../paths';
import { NOTHING, type Linker } from './resolution';

/** What the imports of a snapshot lead to; every list sorted, an edge once for each kind with the first line that says so. */
export interface Links {
  imports: GraphImport[];
  uses: GraphUse[];
  unresolved: { from: string; specifier: string; line: number }[];
  /** The external packages used, by purl. */
  packages: ReadonlyMap<string, GraphPackage>;
}

/** Chooses who links the modules of a language; null for a language that nobody links. */
export type LinkerOf = (language: string) => Linker | null;

type Unresolved = Links['unresolved'][number];

/** What the imports of one module lead to. */
export interface ModuleLinks {
  imports: readonly GraphImport[];
  uses: readonly GraphUse[];
  unresolved: readonly Unresolved[];
  packages: readonly GraphPackage[];
}

/** Links every import of a snapshot. Imports of a language without a linker count as unresolved. */
export function link(modules: readonly FactModule[], files: ReadonlyMap<string, FactFile>, linkerOf: LinkerOf): Links {
  const sorted = [...modules].sort((a, b) => byCodeUnit(a.path, b.path));
  return joined(sorted.map((module) => linkModule(module, linkerOf(files.get(module.path)?.language ?? ''))));
}

/** The links of modules that are ordered by path. */
export function joined(modules: readonly ModuleLinks[]): Links {
  const links = { imports: [] as GraphImport[], uses: [] as GraphUse[], unresolved: [] as Unresolved[], packages: new Map<string, GraphPackage>() };
  for (const { imports, uses, unresolved, packages } of modules) {
    for (const edge of imports) links.imports.push(edge);
    for (const use of uses) links.uses.push(use);
    for (const one of unresolved) links.unresolved.push(one);
    for (const one of packages) links.packages.set(one.purl, one);
  }
  return links;
}

const NO_LINKS: ModuleLinks = { imports: [], uses: [], unresolved: [], packages: [] };

/** Links one module; without a linker its imports count as unresolved. Only what one module imports has to be sorted and made unique. */
export function linkModule({ path: from, imports }: FactModule, linker: Linker | null): ModuleLinks {
  if (imports.length === 0 && linker?.standsFor === undefined) return NO_LINKS;
  const resolve = linker?.(from) ?? (() => NOTHING);
  const [modules, others, unresolved, packages] = [new Map<string, GraphImport[]>(), new Map<string, GraphUse[]>(), [] as Unresolved[], new Map<string, GraphPackage>()];
  for (const { specifier, kind, line } of imports) {
    const resolution = resolve(specifier, kind);
    if (resolution.to === 'nothing') {
      unresolved.push({ from, line, specifier });
    } else if (resolution.to === 'module') {
      keepFirst(modules, { from, kind, line, to: resolution.path });
    } else if (resolution.to === 'modules') {
      for (const to of resolution.paths) keepFirst(modules, { from, kind, line, to });
    } else {
      const { name } = resolution;
      const to = resolution.to === 'package' ? resolution.purl : name;
      keepFirst(others, { from, kind, line, to });
      if (resolution.to === 'package') packages.set(to, { name, purl: to, version: resolution.version });
    }
  }
  for (const to of linker?.standsFor?.(from) ?? []) keepFirst(modules, { from, kind: 'reexport', line: 1, to });
  return { imports: sortedEdges(modules), uses: sortedEdges(others), unresolved: uniqueUnresolved(unresolved), packages: [...packages.values()] };
}

function sortedEdges<E extends Edge>(edges: ReadonlyMap<string, E[]>): E[] {
  return [...edges.keys()].sort(byCodeUnit).flatMap((to) => (edges.get(to) ?? []).sort(byKind));
}

type Edge = GraphImport | GraphUse;

const byKind = (a: Edge, b: Edge): number => byCodeUnit(a.kind, b.kind);

function keepFirst<E extends Edge>(edges: Map<string, E[]>, edge: E): void {
  const known = edges.get(edge.to);
  if (known === undefined) {
    edges.set(edge.to, [edge]);
    return;
  }
  const same = known.findIndex((candidate) => candidate.kind === edge.kind);
  if (same < 0) known.push(edge);
  else if (edge.line < (known[same]?.line ?? 0)) known[same] = edge;
}

function uniqueUnresolved(unresolved: readonly Unresolved[]): Unresolved[] {
  const sorted = [...unresolved].sort((a, b) => a.line - b.line || byCodeUnit(a.specifier, b.specifier));
  return sorted.filter(({ line, specifier }, place) => line !== sorted[place - 1]?.line || specifier !== sorted[place - 1]?.specifier);
}
