import type { FactFile, FactManifest, FactModule, FactPack, GraphModule, ProjectGraph } from '@granary/contracts';
import { finder } from '../finder';
import { joined, type Links } from '../link/link';
import { createRecorder, type Recorder } from '../link/notes';
import { linkAll, relink, type Linked } from '../link/relink';
import { treeOf } from '../link/tree';
import type { ModuleTurn } from '../link/turn';
import type { World } from '../link/world';
import { manifestTurnOf, type ManifestTurn } from '../manifests/manifest-turn';
import { cyclesOf } from './cycles';
import { graphText, type Texts } from './graph-text';
import { graphOf, modulesOf, nodeOf, nodesOf, packagesOf, sortedModules, type Parts } from './normalize';
import { isSame } from '../same';
import { entrypointsIn, settingOf, worldOf, type Setting } from './setting';

/**
 * The graph of a snapshot, and what is known of how it came about, so that the graph of the next snapshot costs little
 * more than what differs. It holds the facts it was made of, and is never changed.
 */
export interface GraphState {
  readonly graph: ProjectGraph;
  /** `canonicalJson(graph)`. */
  readonly text: string;
  readonly known: Known;
}

interface Known {
  manifests: readonly FactManifest[];
  setting: Setting;
  world: World;
  linked: readonly Linked[];
  links: Links;
  nodes: Nodes;
  texts: Texts;
  recorder: Recorder;
}

/** The node of each file, so that the same file is the same node. */
type Nodes = WeakMap<FactFile, GraphModule>;

/** Makes the graph of a fact pack, the same as `normalize`, from which others can go on. */
export function createGraphState(facts: FactPack): GraphState {
  const recorder = createRecorder();
  const setting = settingOf(facts.manifests);
  const files = new Map(facts.files.map((file) => [file.path, file]));
  const world = worldOf(setting, { files, modules: sortedModules(facts), tree: treeOf(files.keys()), notes: recorder });
  const linked = linkAll(world, recorder);
  const links = joined(linked.map((one) => one.links));
  const known: Known = { manifests: facts.manifests, setting, world, linked, links, nodes: new WeakMap(), texts: new WeakMap(), recorder };
  return stateOf(facts, known, {
    cycles: cyclesOf(links.imports),
    entrypoints: entrypointsIn(world, setting),
    modules: modulesOf(world, links, remembering(known.nodes)),
    packages: packagesOf(setting.dependencies.packages, links),
  });
}

/**
 * Makes the graph of another fact pack, usually of a later commit of the same repository: exactly the one that `normalize`
 * makes of it. What both packs say alike is neither linked nor written again, as far as that is sure to come out the same.
 */
export function advance(before: GraphState, facts: FactPack): GraphState {
  const { known, graph } = before;
  const { recorder, nodes, texts } = known;
  const manifests = nextManifests(known.manifests, facts.manifests);
  const setting = manifests === known.manifests ? known.setting : nextSetting(known.setting, manifests);
  const { files, paths, isTreeSame } = nextFiles(known.world.files, facts.files);
  const { modules, turns } = nextModules(known.world.modules, sortedModules(facts));
  const world = worldOf(setting, { files, modules, tree: isTreeSame ? known.world.tree : treeOf(files.keys()), notes: recorder });

  const linked = relink({ before: known.world, after: world, paths, modules: turns, manifests: setting === known.setting ? UNCHANGED : manifestTurnOf(known.setting.manifests, setting.manifests) }, known.linked, recorder);
  const isLinkedSame = linked.length === known.linked.length && linked.every(({ links }, place) => links === known.linked[place]?.links);
  const links = isLinkedSame ? known.links : joined(linked.map((one) => one.links));
  const next: Known = { manifests, setting, world, linked, links, nodes, texts, recorder };

  const areEntriesSame = setting === known.setting && paths.length === 0 && setting.manifests.ownEntries.length === 0 && !turns.some(mayBeEntered);
  const areTargetsSame = isLinkedSame || isEachEdgeSame(known.links, links);
  return stateOf(facts, next, {
    cycles: areTargetsSame ? graph.cycles : cyclesOf(links.imports),
    entrypoints: areEntriesSame ? graph.nodes.entrypoints : kept(graph.nodes.entrypoints, entrypointsIn(world, setting)),
    modules: areTargetsSame && paths.length === 0 && !turns.some(isOneSided) ? nodesOf(graph.nodes.modules.map(({ path }) => path), world, remembering(nodes)) : modulesOf(world, links, remembering(nodes)),
    packages: isLinkedSame && setting === known.setting ? graph.nodes.packages : kept(graph.nodes.packages, packagesOf(setting.dependencies.packages, links)),
  });
}

/** The manifests of the next snapshot, those that say the same as the objects they were; the list as it was when all do. */
function nextManifests(before: readonly FactManifest[], found: readonly FactManifest[]): readonly FactManifest[] {
  const find = finder(before, ({ path }) => path);
  const manifests = found.map((manifest) => {
    const old = find(manifest.path);
    return old !== undefined && isSame(old, manifest) ? old : manifest;
  });
  return manifests.length === before.length && manifests.every((manifest, place) => manifest === before[place]) ? before : manifests;
}

function nextSetting(before: Setting, manifests: readonly FactManifest[]): Setting {
  const setting = settingOf(manifests);
  return { ...setting, dependencies: { ...setting.dependencies, dependsOn: kept(before.dependencies.dependsOn, setting.dependencies.dependsOn) } };
}

const UNCHANGED: ManifestTurn = { npm: new Set(), ecosystems: new Set() };

function stateOf(facts: FactPack, known: Known, parts: Parts): GraphState {
  const graph = graphOf(facts, known.setting, known.links, parts);
  return { graph, text: graphText(graph, known.linked.map(({ links }) => links), known.texts), known };
}

/** The files of the next snapshot, those that are the same as the objects they were, and the paths that only one of both has or that are of another language. */
function nextFiles(before: ReadonlyMap<string, FactFile>, found: readonly FactFile[]): { files: ReadonlyMap<string, FactFile>; paths: string[]; isTreeSame: boolean } {
  const files = new Map<string, FactFile>();
  const paths: string[] = [];
  let added = 0;
  for (const file of found) {
    const old = before.get(file.path);
    files.set(file.path, old !== undefined && isFileSame(old, file) ? old : file);
    if (old === undefined) added += 1;
    if (old === undefined || old.language !== file.language) paths.push(file.path);
  }
  const removed = before.size + added === files.size ? [] : [...before.keys()].filter((path) => !files.has(path));
  return { files, paths: [...paths, ...removed], isTreeSame: added === 0 && removed.length === 0 };
}

const isFileSame = (a: FactFile, b: FactFile): boolean => a.blob === b.blob && a.bytes === b.bytes && a.language === b.language && a.skipped === b.skipped && a.tier === b.tier;

/** The modules of the next snapshot, those that say the same as the objects they were, and the others with what they were. */
function nextModules(before: readonly FactModule[], found: readonly FactModule[]): { modules: FactModule[]; turns: ModuleTurn[] } {
  const find = finder(before, ({ path }) => path);
  const turns: ModuleTurn[] = [];
  let stayed = 0;
  const modules = found.map((module) => {
    const old = find(module.path);
    if (old !== undefined) stayed += 1;
    if (old !== undefined && isModuleSame(old, module)) return old;
    turns.push({ before: old ?? null, after: module });
    return module;
  });
  const gone = stayed === before.length ? [] : without(before, found);
  return { modules, turns: [...turns, ...gone.map((module) => ({ before: module, after: null }))] };
}

function without(before: readonly FactModule[], found: readonly FactModule[]): FactModule[] {
  const paths = new Set(found.map(({ path }) => path));
  return before.filter(({ path }) => !paths.has(path));
}

function isModuleSame(a: FactModule, b: FactModule): boolean {
  return FIELDS.every((field) => isSame(a[field], b[field])) && areImportsSame(a, b);
}

// Written out so that a field nobody thinks of here does not compile.
const COMPARED: Readonly<Record<Exclude<keyof FactModule, 'imports'>, true>> = { path: true, blob: true, declares: true, entry: true, provenance: true };
const FIELDS = Object.keys(COMPARED) as (keyof typeof COMPARED)[];

// By far the most of what is compared.
function areImportsSame({ imports: a }: FactModule, { imports: b }: FactModule): boolean {
  return a.length === b.length && a.every(({ specifier, kind, line }, place) => {
    const same = b[place];
    return same !== undefined && same.specifier === specifier && same.kind === kind && same.line === line;
  });
}

const isOneSided = ({ before, after }: ModuleTurn): boolean => before === null || after === null;

const remembering = (nodes: Nodes): typeof nodeOf => (file, provenance) => {
  const found = nodes.get(file);
  if (found !== undefined && found.provenance === provenance) return found;
  const node = nodeOf(file, provenance);
  nodes.set(file, node);
  return node;
};

/** Whether a module may have become an entry point, or one of another name, by what it says. */
function mayBeEntered({ before, after }: ModuleTurn): boolean {
  return before === null || after === null || before.entry !== after.entry || !isSame(before.declares, after.declares);
}

// Lines do not matter to cycles.
function isEachEdgeSame({ imports: before }: Links, { imports: after }: Links): boolean {
  return before.length === after.length && after.every(({ from, to, kind }, place) => {
    const old = before[place];
    return old !== undefined && old.to === to && old.kind === kind && old.from === from;
  });
}

/** The list as it was when it still says the same: then its text is known. */
const kept = <T>(before: T[], after: T[]): T[] => (isSame(before, after) ? before : after);
