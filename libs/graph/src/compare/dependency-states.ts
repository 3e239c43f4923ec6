import type { DependencyState, GraphDependency, ProjectGraph } from '@granary/contracts';

/** A package that a repository depends on, as announcements tell it. */
export interface Dependency extends DependencyState { purl: string; name: string }

type Scope = GraphDependency['scope'];

// What is needed at run time outweighs everything else; a chain is only as strong as its weakest link.
const STRENGTH: readonly Scope[] = ['runtime', 'optional', 'peer', 'dev'];

/**
 * Every package of a graph with the strongest scope in which something asks for it, and whether a manifest does so
 * itself. A package that modules use without anybody asking for it counts as needed at run time.
 */
export function dependenciesIn(graph: ProjectGraph): Map<string, Dependency> {
  const direct = new Set(graph.edges.dependsOn.filter((edge) => edge.direct).map((edge) => edge.to));
  const scopes = scopesOf(graph.edges.dependsOn);
  return new Map(graph.nodes.packages.map(({ purl, name, version }) => [purl, { purl, name, version, scope: scopes.get(purl) ?? 'runtime', direct: direct.has(purl) }]));
}

/** Spreads scopes from the manifests along the edges, strongest first, so that each package is reached once. */
function scopesOf(edges: readonly GraphDependency[]): Map<string, Scope> {
  const outgoing = Map.groupBy(edges.filter((edge) => !edge.direct), (edge) => edge.from);
  const scopes = new Map<string, Scope>();
  for (const [level, scope] of STRENGTH.entries()) {
    const strongEnough = (edge: GraphDependency): boolean => STRENGTH.indexOf(edge.scope) <= level;
    const reached = edges.filter((edge) => edge.direct && strongEnough(edge)).map((edge) => edge.to);
    // What a stronger scope has reached may have weaker edges that count only from this level on.
    reached.push(...[...scopes.keys()].flatMap((purl) => (outgoing.get(purl) ?? []).filter(strongEnough).map((edge) => edge.to)));
    for (let purl = reached.pop(); purl !== undefined; purl = reached.pop()) {
      if (scopes.has(purl)) continue;
      scopes.set(purl, scope);
      reached.push(...(outgoing.get(purl) ?? []).filter(strongEnough).map((edge) => edge.to));
    }
  }
  return scopes;
}
