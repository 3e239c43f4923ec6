import type { DependencyState, EventData, GraphEntrypoint, GraphModule, ImportEdge, ProjectGraph } from '@granary/contracts';
import { byCodeUnit } from '../paths';
import { withoutVersion } from '../purl';
import { dependenciesIn, type Dependency } from './dependency-states';

type ChangeType =
  | 'module.added.v1' | 'module.removed.v1' | 'module.changed.v1'
  | 'dependency.added.v1' | 'dependency.removed.v1' | 'dependency.changed.v1'
  | 'entrypoint.added.v1' | 'entrypoint.removed.v1'
  | 'cycle.appeared.v1' | 'cycle.resolved.v1';

/** One difference between two graphs, in the words of the event that announces it. */
export type Change = { [T in ChangeType]: { type: T; data: EventData[T] } }[ChangeType];

/**
 * Everything by which the graph after differs from the graph before, each difference once, in a fixed order.
 *
 * A module has changed when it imports something else; lines and blobs alone are not differences of the graph.
 * Packages count without their version there, so that an update is one difference and not one for each module.
 */
export function compare(before: ProjectGraph, after: ProjectGraph): Change[] {
  const at = { repositoryId: after.repository.id, commit: after.commit };
  return [...modules(before, after, at), ...dependencies(before, after, at), ...entrypoints(before, after, at), ...cycles(before, after, at)];
}

/** What every difference carries. */
interface At { repositoryId: string; commit: string }

function modules(before: ProjectGraph, after: ProjectGraph, at: At): Change[] {
  const [old, now] = [byPath(before), byPath(after)];
  const [importsBefore, importsAfter] = [importsByModule(before), importsByModule(after)];
  const removed = missingFrom(now, old).map(({ path, language }): Change => ({ type: 'module.removed.v1', data: { ...at, path, language } }));
  const added = missingFrom(old, now).map(({ path, language }): Change => ({ type: 'module.added.v1', data: { ...at, path, language } }));
  const changed: Change[] = [];
  for (const { path, language } of after.nodes.modules) {
    if (!old.has(path)) continue;
    const importsAdded = missingFrom(importsBefore.get(path), importsAfter.get(path));
    const importsRemoved = missingFrom(importsAfter.get(path), importsBefore.get(path));
    if (importsAdded.length + importsRemoved.length > 0) changed.push({ type: 'module.changed.v1', data: { ...at, path, language, importsAdded, importsRemoved } });
  }
  return [...removed, ...added, ...changed];
}

const byPath = (graph: ProjectGraph): Map<string, GraphModule> => new Map(graph.nodes.modules.map((module) => [module.path, module]));

/** What each module imports, as announcements tell it: paths, built-ins, and packages without their version. */
export function importsByModule(graph: ProjectGraph): Map<string, Map<string, ImportEdge>> {
  const imports = new Map<string, Map<string, ImportEdge>>();
  const add = (from: string, to: string, kind: ImportEdge['kind']): void => {
    const ofModule = imports.get(from) ?? new Map<string, ImportEdge>();
    imports.set(from, ofModule.set(`${to}\n${kind}`, { to, kind }));
  };
  for (const { from, to, kind } of graph.edges.imports) add(from, to, kind);
  for (const { from, to, kind } of graph.edges.uses) add(from, to.startsWith('pkg:') ? withoutVersion(to) : to, kind);
  return imports;
}

function dependencies(before: ProjectGraph, after: ProjectGraph, at: At): Change[] {
  const [old, now] = [dependenciesIn(before), dependenciesIn(after)];
  const changed: [Dependency, Dependency][] = [];
  for (const [purl, dependency] of now) {
    const previous = old.get(purl);
    if (previous !== undefined && (previous.scope !== dependency.scope || previous.direct !== dependency.direct)) changed.push([previous, dependency]);
  }
  const { pairs, gone, come } = paired(missingFrom(now, old), missingFrom(old, now));
  return [
    ...gone.map((dependency): Change => ({ type: 'dependency.removed.v1', data: { ...at, ...dependency } })),
    ...come.map((dependency): Change => ({ type: 'dependency.added.v1', data: { ...at, ...dependency } })),
    ...[...changed, ...pairs]
      .sort((a, b) => byCodeUnit(a[1].purl, b[1].purl))
      .map(([previous, { purl, name, ...state }]): Change => ({ type: 'dependency.changed.v1', data: { ...at, purl, name, before: stateOf(previous), after: state } })),
  ];
}

const stateOf = ({ version, scope, direct }: Dependency): DependencyState => ({ version, scope, direct });

/** A version that went and one that came of the same package are one update: direct ones first, then in order of their purl. */
function paired(gone: readonly Dependency[], come: readonly Dependency[]): { pairs: [Dependency, Dependency][]; gone: Dependency[]; come: Dependency[] } {
  const goneByName = Map.groupBy([...gone].sort(directFirst), (dependency) => withoutVersion(dependency.purl));
  const pairs: [Dependency, Dependency][] = [];
  const unpaired: Dependency[] = [];
  for (const dependency of [...come].sort(directFirst)) {
    const previous = goneByName.get(withoutVersion(dependency.purl))?.shift();
    if (previous === undefined) unpaired.push(dependency);
    else pairs.push([previous, dependency]);
  }
  const byPurl = (a: Dependency, b: Dependency): number => byCodeUnit(a.purl, b.purl);
  return { pairs, gone: [...goneByName.values()].flat().sort(byPurl), come: unpaired.sort(byPurl) };
}

const directFirst = (a: Dependency, b: Dependency): number => Number(b.direct) - Number(a.direct) || byCodeUnit(a.purl, b.purl);

function entrypoints(before: ProjectGraph, after: ProjectGraph, at: At): Change[] {
  const keyed = (graph: ProjectGraph): Map<string, GraphEntrypoint> => new Map(graph.nodes.entrypoints.map((entry) => [`${entry.kind}\n${entry.name}\n${entry.path}`, entry]));
  const [old, now] = [keyed(before), keyed(after)];
  return [
    ...missingFrom(now, old).map((entry): Change => ({ type: 'entrypoint.removed.v1', data: { ...at, ...entry } })),
    ...missingFrom(old, now).map((entry): Change => ({ type: 'entrypoint.added.v1', data: { ...at, ...entry } })),
  ];
}

function cycles(before: ProjectGraph, after: ProjectGraph, at: At): Change[] {
  const keyed = (graph: ProjectGraph): Map<string, string[]> => new Map(graph.cycles.map((cycle) => [cycle.join('\n'), cycle]));
  const [old, now] = [keyed(before), keyed(after)];
  return [
    ...missingFrom(now, old).map((cycle): Change => ({ type: 'cycle.resolved.v1', data: { ...at, modules: cycle } })),
    ...missingFrom(old, now).map((cycle): Change => ({ type: 'cycle.appeared.v1', data: { ...at, modules: cycle } })),
  ];
}

/** The values of one map whose keys another one does not have, in the order of the first. */
function missingFrom<V>(known: ReadonlyMap<string, unknown> | undefined, candidates: ReadonlyMap<string, V> | undefined): V[] {
  const missing: V[] = [];
  for (const [key, value] of candidates ?? []) if (known?.has(key) !== true) missing.push(value);
  return missing;
}
