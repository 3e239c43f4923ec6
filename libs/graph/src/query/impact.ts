import type { NormalizerGraphImpactResponse, ProjectGraph } from '@granary/contracts';
import { byCodeUnit } from '../paths';
import { withoutVersion } from '../purl';
import { reach } from './dependents';
import { indexOf, type GraphIndex } from './graph-index';

/** What a change touches, without the words about which repository and which commits. */
export type Impact = Pick<NormalizerGraphImpactResponse, 'changed' | 'packages' | 'impacted' | 'entrypoints'>;

/**
 * What may behave differently after a change: modules whose content, or packages whose version, differs between two
 * graphs, and everything that depends on them. What was removed counts for those who depended on it before.
 */
export function impactOf(before: ProjectGraph, after: ProjectGraph): Impact {
  const changed = changedModules(before, after);
  const packages = changedPackages(before, after);
  const touched = new Set(changed.map(({ path }) => path));
  const names = new Set(packages.map(({ name }) => name));
  const depths = new Map<string, number>();
  for (const graph of [after, before]) {
    const index = indexOf(graph);
    for (const { path, depth } of reach(index, nodesOf(index, touched, names), true)) depths.set(path, Math.min(depth, depths.get(path) ?? depth));
  }
  const present = new Set(after.nodes.modules.map(({ path }) => path));
  const impacted = [...depths].flatMap(([path, depth]) => (touched.has(path) || !present.has(path) ? [] : [{ path, depth }])).sort((a, b) => a.depth - b.depth || byCodeUnit(a.path, b.path));
  const concerned = new Set([...touched, ...impacted.map(({ path }) => path)]);
  const entrypoints = after.nodes.entrypoints.filter(({ path }) => concerned.has(path)).map(({ kind, name, path }) => ({ kind, name, path }));
  return { changed, packages, impacted, entrypoints };
}

function nodesOf(index: GraphIndex, paths: ReadonlySet<string>, packages: ReadonlySet<string>): number[] {
  return [
    ...index.modules.flatMap((path, node) => (paths.has(path) ? node : [])),
    ...index.packages.flatMap(({ purl }, place) => (packages.has(withoutVersion(purl)) ? index.modules.length + place : [])),
  ];
}

function changedModules(before: ProjectGraph, after: ProjectGraph): Impact['changed'] {
  const [old, now] = [blobsOf(before), blobsOf(after)];
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort(byCodeUnit);
  return paths.flatMap((path): Impact['changed'] => {
    if (old.get(path) === now.get(path)) return [];
    return [{ path, change: old.has(path) ? (now.has(path) ? 'modified' : 'removed') : 'added' }];
  });
}

const blobsOf = ({ nodes }: ProjectGraph): Map<string, string> => new Map(nodes.modules.map(({ path, blob }) => [path, blob]));

// A package in several versions is one entry for each version that came, went, or took the place of another.
function changedPackages(before: ProjectGraph, after: ProjectGraph): Impact['packages'] {
  const [old, now] = [versionsOf(before), versionsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort(byCodeUnit).flatMap((name) => {
    const gone = missing(now.get(name), old.get(name));
    const come = missing(old.get(name), now.get(name));
    return Array.from({ length: Math.max(gone.length, come.length) }, (_, n) => ({ name, before: gone[n] ?? null, after: come[n] ?? null }));
  });
}

function versionsOf({ nodes }: ProjectGraph): Map<string, (string | null)[]> {
  const versions = new Map<string, (string | null)[]>();
  for (const { purl, version } of nodes.packages) {
    const name = withoutVersion(purl);
    versions.set(name, [...(versions.get(name) ?? []), version]);
  }
  return versions;
}

const missing = (from: readonly (string | null)[] = [], candidates: readonly (string | null)[] = []): (string | null)[] => candidates.filter((version) => !from.includes(version));
