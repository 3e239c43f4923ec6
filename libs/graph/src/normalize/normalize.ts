import type { FactFile, FactPack, GraphCounts, GraphModule, GraphPackage, ProjectGraph } from '@granary/contracts';
import { javaScriptLinker, javaScriptSnapshot, type JavaScriptSnapshot } from '../link/javascript';
import { link, type LinkerOf, type Links } from '../link/link';
import { byCodeUnit } from '../paths';
import { repositoryPackagesOf } from '../manifests/repository-packages';
import { treeOf } from '../link/tree';
import { tsConfigsOf } from '../link/tsconfigs';
import { readManifests } from '../manifests/manifests';
import { dependenciesOf } from './dependencies';
import { locksOf } from '../manifests/locks';
import { cyclesOf } from './cycles';
import { entrypointsOf } from './entrypoints';

/**
 * The canonical graph of a fact pack. Every list is sorted, so that the same facts in any order give the same graph,
 * and `canonicalJson` of it the same bytes.
 */
export function normalize(facts: FactPack): ProjectGraph {
  const files = new Map(facts.files.map((file) => [file.path, file]));
  const manifests = readManifests(facts.manifests);
  const packages = repositoryPackagesOf(manifests.packages);
  const locks = locksOf(manifests.locks);
  const tsconfigs = tsConfigsOf(manifests.tsconfigs, (name) => packages.named(name, '')?.folder ?? null);
  const snapshot = javaScriptSnapshot({ tree: treeOf(files.keys()), tsconfigs, packages, locks });

  const links = link(facts.modules, files, linkersOf(snapshot));
  const dependencies = dependenciesOf({ manifests: manifests.packages, packages, locks });
  // The keys stand in canonical order, here and where edges and nodes are made, so that nothing has to be copied to sort them.
  return {
    commit: facts.commit,
    completeness: {
      missingLocks: dependencies.missingLocks,
      skipped: [...skippedOf(facts.files), ...manifests.failures].sort((a, b) => byCodeUnit(a.path, b.path) || byCodeUnit(a.reason, b.reason)),
      tier: facts.tier,
      tierReasons: [...new Set(facts.tierReasons)].sort(byCodeUnit),
      unresolved: links.unresolved,
    },
    cycles: cyclesOf(links.imports),
    edges: { dependsOn: dependencies.dependsOn, imports: links.imports, uses: links.uses },
    languages: [...facts.languages].sort((a, b) => byCodeUnit(a.language, b.language)),
    nodes: {
      entrypoints: entrypointsOf(snapshot, manifests.packages),
      modules: modulesOf(facts, files, links),
      packages: packagesOf(dependencies.packages, links),
    },
    repository: { id: facts.repositoryId, name: facts.name },
    version: 1,
  };
}

/** The size of a graph. `imports` counts those between modules of the repository. */
export function countsOf(graph: ProjectGraph): GraphCounts {
  return {
    modules: graph.nodes.modules.length,
    imports: graph.edges.imports.length,
    packages: graph.nodes.packages.length,
    entrypoints: graph.nodes.entrypoints.length,
    cycles: graph.cycles.length,
    unresolved: graph.completeness.unresolved.length,
  };
}

/** Who links which language; another family of languages is one more line. */
function linkersOf(snapshot: JavaScriptSnapshot): LinkerOf {
  const javaScript = javaScriptLinker(snapshot);
  const linkers = new Map([['javascript', javaScript], ['typescript', javaScript], ['vue', javaScript], ['svelte', javaScript], ['astro', javaScript]]);
  return (language) => linkers.get(language) ?? null;
}

// What a module imports is part of the graph too, also when it is not itself source: a JSON file, a style sheet.
function modulesOf(facts: FactPack, files: ReadonlyMap<string, FactFile>, links: Links): GraphModule[] {
  const paths = new Set([...facts.modules.map((module) => module.path), ...links.imports.map((edge) => edge.to)]);
  return [...paths].sort(byCodeUnit).flatMap((path) => {
    const file = files.get(path);
    return file === undefined ? [] : { blob: file.blob, bytes: file.bytes, language: file.language ?? 'other', path };
  });
}

function packagesOf(declared: ReadonlyMap<string, GraphPackage>, links: Links): GraphPackage[] {
  return [...new Map([...declared, ...links.packages]).values()].sort((a, b) => byCodeUnit(a.purl, b.purl));
}

function skippedOf(files: readonly FactFile[]): { path: string; reason: string }[] {
  return files.flatMap(({ path, skipped }) => (skipped === null ? [] : { path, reason: skipped || 'not read' }));
}
