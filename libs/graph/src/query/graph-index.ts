import type { GraphImport, GraphPackage, ProjectGraph } from '@granary/contracts';
import { adjacencyOf, type Adjacency } from '../normalize/adjacency';

/** A graph arranged for questions about what depends on what. Modules are nodes 0 to n - 1, packages follow them. */
export interface GraphIndex {
  /** Sorted, so that sorted node numbers are sorted paths. */
  modules: readonly string[];
  packages: readonly GraphPackage[];
  /** For each node those that import, use or ask for it. */
  dependents: Adjacency;
  /** By the edges of `dependents`: how the dependent names what it depends on, and in which line (0 where there is none). */
  by: readonly DependencyKind[];
  lines: Uint32Array;
  cycles: readonly (readonly string[])[];
}

/** `depends-on` is between packages, or between a manifest and a package. */
export type DependencyKind = GraphImport['kind'] | 'depends-on';

/** Arranges a graph for questions. */
export function indexOf(graph: ProjectGraph): GraphIndex {
  const { modules, packages } = graph.nodes;
  const nodes = new Map<string, number>();
  for (const { path } of modules) nodes.set(path, nodes.size);
  for (const { purl } of packages) nodes.set(purl, nodes.size);
  const reversed: [number, number][] = [];
  const by: DependencyKind[] = [];
  const lines: number[] = [];
  const add = (from: string, to: string, kind: DependencyKind, line: number): void => {
    const [source, target] = [nodes.get(from), nodes.get(to)];
    if (source === undefined || target === undefined) return;
    reversed.push([target, source]);
    by.push(kind);
    lines.push(line);
  };
  for (const { from, to, kind, line } of graph.edges.imports) add(from, to, kind, line);
  for (const { from, to, kind, line } of graph.edges.uses) add(from, to, kind, line);
  for (const { from, to } of graph.edges.dependsOn) add(from, to, 'depends-on', 0);
  return { modules: modules.map((module) => module.path), packages, dependents: adjacencyOf(nodes.size, reversed), by, lines: Uint32Array.from(lines), cycles: graph.cycles };
}
