import type { EntryPoints, ModuleGraph } from '@granary/contracts';
import { checkShape } from '@granary/contracts';
import type { Extractor } from '../facts';

/** What a repository says about itself, in its root or below `.granary`. */
const PLACES: Record<string, 'module_graph.json' | 'entry_points.json'> = {
  'module_graph.json': 'module_graph.json',
  '.granary/module_graph.json': 'module_graph.json',
  'entry_points.json': 'entry_points.json',
  '.granary/entry_points.json': 'entry_points.json',
};

export interface OwnArtifactFact {
  readonly content: ModuleGraph | EntryPoints | null;
  readonly error: string | null;
}

/** A repository's own artifacts: read here, believed only where they name the content that is there. */
export const ownArtifacts: Extractor = {
  id: 'own-artifacts@1',
  kind: 'manifest',
  skipsMinified: false,
  classOf: (path) => (Object.hasOwn(PLACES, path) ? (PLACES[path] ?? null) : null),
  maxBytes: () => 10_000_000,
  extract: (source, pathClass) => ({ body: readOwnArtifact(source, pathClass), items: 0 }),
};

/** Reads one artifact; a wrong shape becomes an error, because half a graph would be a wrong one. */
export function readOwnArtifact(source: string, pathClass: string): OwnArtifactFact {
  let value: unknown;
  try {
    value = JSON.parse(source.replace(/^\ufeff/, ''));
  } catch {
    return { content: null, error: 'it is not JSON' };
  }
  const checked = pathClass === 'module_graph.json' ? checkShape('module-graph', value, 'tolerant') : checkShape('entry-points', value, 'tolerant');
  if (checked.ok) return { content: checked.value, error: null };
  return { content: null, error: `it has not the shape of ${pathClass}: ${checked.problems.slice(0, MAX_PROBLEMS).join('; ')}`.slice(0, 512) };
}

const MAX_PROBLEMS = 3;
