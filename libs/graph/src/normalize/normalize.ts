import type { FactFile, FactPack, GraphAiCall, GraphCounts, GraphModule, GraphPackage, GraphSubmodule, ProjectGraph } from '@granary/contracts';
import { linkersOf } from '../link/families';
import { javaScriptSnapshot } from '../link/javascript';
import { link, type Links } from '../link/link';
import { byCodeUnit } from '../paths';
import { repositoryPackagesOf } from '../manifests/repository-packages';
import { treeOf } from '../link/tree';
import { tsConfigsOf } from '../link/tsconfigs';
import { declaredPackagesOf } from '../manifests/declared';
import { readManifests } from '../manifests/manifests';
import { dependenciesOf } from './dependencies';
import { locksOf } from '../manifests/locks';
import { cyclesOf } from './cycles';
import { entrypointsOf } from './entrypoints';
import { publicationsOf } from './publications';

/**
 * The canonical graph of a fact pack. Every list is sorted, so that the same facts in any order give the same graph,
 * and `canonicalJson` of it the same bytes.
 */
export function normalize(facts: FactPack): ProjectGraph {
  const files = new Map(facts.files.map((file) => [file.path, file]));
  const manifests = readManifests(facts.manifests);
  const packages = repositoryPackagesOf(manifests.packages);
  const declared = declaredPackagesOf(manifests.declared, manifests.resolved);
  const locks = locksOf({ npm: manifests.locks, others: declared.locks.filter(({ lock }) => lock.content.ecosystem === 'npm'), manifests: manifests.packages });
  const tsconfigs = tsConfigsOf(manifests.tsconfigs, (name) => packages.named(name, '')?.folder ?? null);
  const tree = treeOf(files.keys());
  const snapshot = javaScriptSnapshot({ tree, tsconfigs, packages, locks });
  const modules = [...facts.modules].sort((a, b) => byCodeUnit(a.path, b.path));
  const world = { tree, files, modules, declared, javascript: snapshot };

  const links = link(modules, files, linkersOf(world));
  const callsAI = aiCallsOf(facts);
  const dependencies = dependenciesOf({ manifests: manifests.packages, packages, locks, declared });
  // The keys stand in canonical order, here and where edges and nodes are made, so that nothing has to be copied to sort them.
  return {
    commit: facts.commit,
    committedAt: facts.committedAt,
    completeness: {
      light: facts.files.filter(({ tier }) => tier === 3).map(({ path }) => path).sort(byCodeUnit),
      missingLocks: dependencies.missingLocks,
      skipped: [...skippedOf(facts.files), ...manifests.failures].sort((a, b) => byCodeUnit(a.path, b.path) || byCodeUnit(a.reason, b.reason)),
      tier: facts.tier,
      tierReasons: [...new Set(facts.tierReasons)].sort(byCodeUnit),
      unresolved: links.unresolved,
    },
    cycles: cyclesOf(links.imports),
    edges: { callsAI, dependsOn: dependencies.dependsOn, imports: links.imports, uses: links.uses },
    languages: [...facts.languages].sort((a, b) => byCodeUnit(a.language, b.language)),
    nodes: {
      aiProviders: [...new Set(callsAI.map(({ to }) => to))].sort(byCodeUnit),
      entrypoints: entrypointsOf({ ...world, packages: manifests.packages, ownEntries: manifests.ownEntries }),
      findings: [...facts.findings].sort((a, b) => byCodeUnit(a.path, b.path) || a.line - b.line || byCodeUnit(a.rule, b.rule) || byCodeUnit(a.id, b.id)),
      modules: modulesOf(facts, files, links),
      packages: packagesOf(dependencies.packages, links),
      publishes: publicationsOf(manifests.packages, manifests.declared),
      submodules: submodulesOf(facts.files, manifests.submodules),
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

// What a module imports is part of the graph too, also when it is not itself source: a JSON file, a style sheet.
function modulesOf(facts: FactPack, files: ReadonlyMap<string, FactFile>, links: Links): GraphModule[] {
  const provenances = new Map(facts.modules.flatMap(({ path, provenance }) => (provenance === undefined ? [] : [[path, provenance] as const])));
  const paths = new Set([...facts.modules.map((module) => module.path), ...links.imports.map((edge) => edge.to)]);
  return [...paths].sort(byCodeUnit).flatMap((path) => {
    const file = files.get(path);
    if (file === undefined) return [];
    const provenance = provenances.get(path);
    return { blob: file.blob, bytes: file.bytes, language: file.language ?? 'other', path, ...(provenance === undefined ? {} : { provenance }) };
  });
}

function packagesOf(declared: ReadonlyMap<string, GraphPackage>, links: Links): GraphPackage[] {
  return [...new Map([...declared, ...links.packages]).values()].sort((a, b) => byCodeUnit(a.purl, b.purl));
}

function skippedOf(files: readonly FactFile[]): { path: string; reason: string }[] {
  return files.flatMap(({ path, skipped }) => (skipped === null ? [] : { path, reason: skipped || 'not read' }));
}

function aiCallsOf({ aiUsage }: FactPack): GraphAiCall[] {
  return aiUsage
    .flatMap(({ path, calls }) => calls.map(({ provider, sdk, operation, line, column, model, guarded, evidence }) => ({ column, evidence, from: path, guarded, line, model, operation, sdk, to: provider })))
    .sort((a, b) => byCodeUnit(a.from, b.from) || a.line - b.line || a.column - b.column || byCodeUnit(a.to, b.to));
}

// A submodule is a path of the tree whose object is a commit; `.gitmodules` only says where that comes from.
function submodulesOf(files: readonly FactFile[], addresses: ReadonlyMap<string, string | null>): GraphSubmodule[] {
  return files
    .filter(({ skipped }) => skipped === 'submodule')
    .map(({ path, blob }) => ({ commit: blob, path, url: addresses.get(path) ?? null }))
    .sort((a, b) => byCodeUnit(a.path, b.path));
}
