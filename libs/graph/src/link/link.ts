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
  const [modules, others, unresolved, packages] = [[] as GraphImport[], [] as GraphUse[], [] as Unresolved[], [] as GraphPackage[]];
  for (const { specifier, kind, line } of imports) {
    const resolution = resolve(specifier, kind);
    if (resolution.to === 'nothing') {
      unresolved.push({ from, line, specifier });
    } else if (resolution.to === 'module') {
      modules.push({ from, kind, line, to: resolution.path });
    } else if (resolution.to === 'modules') {
      for (const to of resolution.paths) modules.push({ from, kind, line, to });
    } else if (resolution.to === 'package') {
      const { name, purl, version } = resolution;
      others.push({ from, kind, line, to: purl });
      if (packages.every((known) => known.purl !== purl)) packages.push({ name, purl, version });
    } else {
      others.push({ from, kind, line, to: resolution.name });
    }
  }
  for (const to of linker?.standsFor?.(from) ?? []) modules.push({ from, kind: 'reexport', line: 1, to });
  return { imports: unique(modules), uses: unique(others), unresolved: uniqueUnresolved(unresolved), packages };
}

type Edge = GraphImport | GraphUse;

/** One edge of each kind to each target, the first in the file; sorted by target and kind. */
function unique<E extends Edge>(edges: E[]): E[] {
  if (edges.length < 2) return edges;
  edges.sort(byTarget);
  return edges.filter(({ to, kind }, place) => to !== edges[place - 1]?.to || kind !== edges[place - 1]?.kind);
}

const byTarget = (a: Edge, b: Edge): number => byCodeUnit(a.to, b.to) || byCodeUnit(a.kind, b.kind) || a.line - b.line;

function uniqueUnresolved(unresolved: readonly Unresolved[]): readonly Unresolved[] {
  if (unresolved.length < 2) return unresolved;
  const sorted = [...unresolved].sort((a, b) => a.line - b.line || byCodeUnit(a.specifier, b.specifier));
  return sorted.filter(({ line, specifier }, place) => line !== sorted[place - 1]?.line || specifier !== sorted[place - 1]?.specifier);
}
