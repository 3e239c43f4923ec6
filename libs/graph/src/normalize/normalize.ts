import type { FactFile, FactModule, FactPack, GraphAiCall, GraphCounts, GraphModule, GraphPackage, GraphSubmodule, ProjectGraph } from '@granary/contracts';
import { linkersOf } from '../link/families';
import { link, type Links } from '../link/link';
import { NO_NOTES } from '../link/notes';
import { treeOf } from '../link/tree';
import type { World } from '../link/world';
import { byCodeUnit } from '../paths';
import { cyclesOf } from './cycles';
import { entrypointsIn, settingOf, worldOf, type Setting } from './setting';

/**
 * The canonical graph of a fact pack. Every list is sorted, so that the same facts in any order give the same graph,
 * and `canonicalJson` of it the same bytes.
 */
export function normalize(facts: FactPack): ProjectGraph {
  const setting = settingOf(facts.manifests);
  const files = new Map(facts.files.map((file) => [file.path, file]));
  const modules = sortedModules(facts);
  const world = worldOf(setting, { files, modules, tree: treeOf(files.keys()), notes: NO_NOTES });
  const links = link(modules, files, linkersOf(world));
  const { dependencies } = setting;
  return graphOf(facts, setting, links, {
    cycles: cyclesOf(links.imports),
    entrypoints: entrypointsIn(world, setting),
    modules: modulesOf(world, links, nodeOf),
    packages: packagesOf(dependencies.packages, links),
  });
}

/** The parts of a graph that are made of more than facts and links alone. */
export interface Parts extends Pick<ProjectGraph, 'cycles'>, Pick<ProjectGraph['nodes'], 'entrypoints' | 'modules' | 'packages'> {}

/** Puts a graph together. The keys stand in canonical order, here and where edges and nodes are made, so that nothing has to be copied to sort them. */
export function graphOf(facts: FactPack, { manifests, dependencies, publishes }: Setting, links: Links, { cycles, entrypoints, modules, packages }: Parts): ProjectGraph {
  const callsAI = aiCallsOf(facts);
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
    cycles,
    edges: { callsAI, dependsOn: dependencies.dependsOn, imports: links.imports, uses: links.uses },
    languages: [...facts.languages].sort((a, b) => byCodeUnit(a.language, b.language)),
    nodes: {
      aiProviders: [...new Set(callsAI.map(({ to }) => to))].sort(byCodeUnit),
      entrypoints,
      findings: [...facts.findings].sort((a, b) => byCodeUnit(a.path, b.path) || a.line - b.line || byCodeUnit(a.rule, b.rule) || byCodeUnit(a.id, b.id)),
      modules,
      packages,
      publishes,
      submodules: submodulesOf(facts.files, manifests.submodules),
    },
    repository: { id: facts.repositoryId, name: facts.name },
    version: 1,
  };
}

/** In the order in which linkers see them. */
export const sortedModules = (facts: FactPack): FactModule[] => [...facts.modules].sort((a, b) => byCodeUnit(a.path, b.path));

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

/** The modules of a graph. What a module imports is part of it too, also when it is not itself source: a JSON file, a style sheet. */
export function modulesOf({ files, modules }: Pick<World, 'files' | 'modules'>, { imports }: Links, node: typeof nodeOf): GraphModule[] {
  const own = new Set(modules.map((module) => module.path));
  const others = new Set<string>();
  for (const { to } of imports) if (!own.has(to)) others.add(to);
  // Modules are in order already.
  const paths = others.size === 0 ? [...own] : [...own, ...others].sort(byCodeUnit);
  return nodesOf(paths, { files, modules }, node);
}

/** The nodes of paths, without those that no file lies at. */
export function nodesOf(paths: readonly string[], { files, modules }: Pick<World, 'files' | 'modules'>, node: typeof nodeOf): GraphModule[] {
  const provenances = new Map(modules.flatMap(({ path, provenance }) => (provenance === undefined ? [] : [[path, provenance] as const])));
  return paths.flatMap((path) => {
    const file = files.get(path);
    return file === undefined ? [] : node(file, provenances.get(path));
  });
}

/** The node of a file. */
export function nodeOf({ path, blob, bytes, language }: FactFile, provenance: string | undefined): GraphModule {
  return { blob, bytes, language: language ?? 'other', path, ...(provenance === undefined ? {} : { provenance }) };
}

/** The packages of a graph: those that manifests and lock files name, and those that modules use. */
export function packagesOf(declared: ReadonlyMap<string, GraphPackage>, links: Links): GraphPackage[] {
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
