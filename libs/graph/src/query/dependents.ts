import type { GraphPackage, NormalizerGraphDependentsResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { byCodeUnit } from '../paths';
import { withoutVersion } from '../purl';
import type { GraphIndex } from './graph-index';

/**
 * The modules that depend on a target: a module's path, a package's name (any version) or a purl (that version, or any
 * without one). `depth` 1 imports it; transitively also those that reach it through other modules or packages.
 * Faults: permanent `not-found`, with what may have been meant.
 */
export function dependentsOf(index: GraphIndex, target: string, transitive: boolean): NormalizerGraphDependentsResponse {
  const { name, kind, nodes } = targetOf(index, target);
  return { target: name, kind, dependents: reach(index, nodes, transitive) };
}

/** What somebody means by a target: its nodes, and its name as the graph writes it. */
export interface Target { name: string; kind: 'module' | 'package'; nodes: readonly number[] }

/** Finds a module by its path, or packages by name or purl. Faults: permanent `not-found`, with what may have been meant. */
export function targetOf(index: GraphIndex, target: string): Target {
  const path = target.replace(/^\.\//, '');
  const module = moduleNumber(index, path);
  if (module !== null) return { name: path, kind: 'module', nodes: [module] };
  const packages = packageNumbers(index, target);
  const [first] = packages;
  if (first === undefined) throw unknownTarget(index, target);
  const purl = index.packages[first - index.modules.length]?.purl ?? target;
  return { name: packages.length === 1 ? purl : withoutVersion(purl), kind: 'package', nodes: packages };
}

/** The modules that depend on these nodes. Breadth first, so that a module's depth is that of the shortest way. */
export function reach({ modules, dependents: { offsets, neighbours } }: GraphIndex, targets: readonly number[], transitive: boolean): { path: string; depth: number }[] {
  const seen = new Uint8Array(offsets.length);
  const found: { path: string; depth: number }[] = [];
  let frontier: readonly number[] = targets;
  for (const node of targets) seen[node] = 1;
  for (let depth = 1; frontier.length > 0; depth++) {
    const next: number[] = [];
    for (const node of frontier) {
      for (const dependent of neighbours.subarray(offsets[node], offsets[node + 1])) {
        if (seen[dependent] === 1) continue;
        seen[dependent] = 1;
        next.push(dependent);
      }
    }
    next.sort((a, b) => a - b);
    for (const node of next) {
      const path = modules[node];
      if (path !== undefined) found.push({ path, depth });
    }
    frontier = transitive ? next : [];
  }
  return found;
}

function moduleNumber({ modules }: GraphIndex, path: string): number | null {
  let [low, high] = [0, modules.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = byCodeUnit(modules[middle] ?? '', path);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}

// A bare name may be that of a package of any ecosystem.
function packageNumbers({ modules, packages }: GraphIndex, target: string): number[] {
  const matches = target.startsWith('pkg:') ? matchesPurl(target) : ({ name }: GraphPackage): boolean => name === target;
  return packages.flatMap((candidate, place) => (matches(candidate) ? modules.length + place : []));
}

function matchesPurl(purl: string): (candidate: GraphPackage) => boolean {
  const anyVersion = withoutVersion(purl) === purl;
  return (candidate) => (anyVersion ? withoutVersion(candidate.purl) : candidate.purl) === purl;
}

function unknownTarget({ modules, packages }: GraphIndex, target: string): Fault {
  const wanted = target.toLowerCase();
  const name = wanted.slice(wanted.lastIndexOf('/') + 1);
  const near = [...modules, ...packages.map((candidate) => candidate.name)].filter((candidate) => name !== '' && candidate.toLowerCase().includes(name));
  const meant = [...new Set(near)].sort((a, b) => a.length - b.length || byCodeUnit(a, b)).slice(0, 3);
  const help = meant.length > 0 ? `did you mean ${meant.join(', ')}?` : 'give a path as it stands in the repository, the name of a package, or a purl';
  return Fault.permanent('not-found', `the graph has no module and no package '${target}'; ${help}`);
}
