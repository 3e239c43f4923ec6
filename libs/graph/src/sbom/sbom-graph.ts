import type { GraphDependency, ProjectGraph } from '@granary/contracts';
import { dependenciesIn } from '../compare/dependency-states';
import { byCodeUnit } from '../paths';

/** A package as bills of material write it. */
export interface Component {
  purl: string;
  /** What stands before the last part of the name: an npm scope, a Maven group; null without one. */
  group: string | null;
  name: string;
  version: string | null;
  scope: GraphDependency['scope'];
  direct: boolean;
}

/** The packages of a graph, sorted, and what each depends on; the repository itself stands for all its manifests. */
export interface SbomGraph { components: Component[]; dependsOn: ReadonlyMap<string, string[]> }

/** @param root the reference of the repository itself */
export function dependenciesOfGraph(graph: ProjectGraph, root: string): SbomGraph {
  const components = [...dependenciesIn(graph).values()]
    .map(({ purl, name, version, scope, direct }): Component => ({ purl, version, scope, direct, ...parts(purl, name) }))
    .sort((a, b) => byCodeUnit(a.purl, b.purl));
  const targets = new Map<string, Set<string>>([[root, new Set()], ...components.map(({ purl }) => [purl, new Set<string>()] as const)]);
  for (const { from, to } of graph.edges.dependsOn) targets.get(from.startsWith('pkg:') ? from : root)?.add(to);
  // What is used without being asked for is a dependency of the repository all the same.
  const askedFor = new Set(graph.edges.dependsOn.map(({ to }) => to));
  for (const { to } of graph.edges.uses) if (targets.has(to) && !askedFor.has(to)) targets.get(root)?.add(to);
  return { components, dependsOn: new Map([...targets].map(([ref, of]) => [ref, [...of].sort(byCodeUnit)])) };
}

function parts(purl: string, name: string): { group: string | null; name: string } {
  const separator = purl.startsWith('pkg:maven/') ? name.indexOf(':') : name.startsWith('@') ? name.indexOf('/') : -1;
  return separator < 0 ? { group: null, name } : { group: name.slice(0, separator), name: name.slice(separator + 1) };
}
