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

// The names by which manifests and lock files are recognised, and the endings of those that have no fixed name.
const MANIFEST =
  /(?:^|\/)(?:package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.ya?ml|yarn\.lock|pyproject\.toml|setup\.cfg|Pipfile(?:\.lock)?|poetry\.lock|uv\.lock|[^/]*(?:requirements|constraints)[^/]*\.(?:txt|in)|requirements\/[^/]+\.(?:txt|in)|go\.(?:mod|work)|Cargo\.(?:toml|lock)|pom\.xml|packages\.lock\.json|[^/]+\.(?:cs|fs|vb)proj|Directory\.(?:Packages|Build)\.props)$/;

/** Manifests and lock files that could not be read: what they ask for is in no bill of material. Vendored ones are not meant to be, and links lead to what is read where it lies. */
export function unreadManifests({ completeness }: ProjectGraph): string[] {
  return [...new Set(completeness.skipped.filter(({ path, reason }) => reason !== 'vendored' && reason !== 'symlink' && MANIFEST.test(path)).map(({ path }) => path))];
}

function parts(purl: string, name: string): { group: string | null; name: string } {
  const separator = purl.startsWith('pkg:maven/') ? name.indexOf(':') : name.startsWith('@') ? name.indexOf('/') : -1;
  return separator < 0 ? { group: null, name } : { group: name.slice(0, separator), name: name.slice(separator + 1) };
}
