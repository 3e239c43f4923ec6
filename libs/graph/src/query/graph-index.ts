import type { GraphPackage, ProjectGraph } from '@granary/contracts';
import { adjacencyOf, type Adjacency } from '../normalize/adjacency';

/** A graph arranged for questions about what depends on what. Modules are nodes 0 to n - 1, packages follow them. */
export interface GraphIndex {
  /** Sorted, so that sorted node numbers are sorted paths. */
  modules: readonly string[];
  packages: readonly GraphPackage[];
  /** For each node those that import, use or ask for it. */
  dependents: Adjacency;
  cycles: readonly (readonly string[])[];
}

/** Arranges a graph for questions. */
export function indexOf(graph: ProjectGraph): GraphIndex {
  const { modules, packages } = graph.nodes;
  const nodes = new Map<string, number>();
  for (const { path } of modules) nodes.set(path, nodes.size);
  for (const { purl } of packages) nodes.set(purl, nodes.size);
  const reversed = [...graph.edges.imports, ...graph.edges.uses, ...graph.edges.dependsOn].flatMap(({ from, to }): [number, number][] => {
    const [source, target] = [nodes.get(from), nodes.get(to)];
    return source === undefined || target === undefined ? [] : [[target, source]];
  });
  return { modules: modules.map((module) => module.path), packages, dependents: adjacencyOf(nodes.size, reversed), cycles: graph.cycles };
}
