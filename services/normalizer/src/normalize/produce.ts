import type { FactPack, GraphCounts, LanguageShare, ProjectGraph } from '@granary/contracts';
import { openArtifact, sealArtifact, type Artifact } from '../artifact/artifact';
import { CHANGES_MEDIA_TYPE, publicationOf } from '@granary/graph';
import { compare, type Change } from '@granary/graph';
import { canonicalJson } from '@granary/graph';
import { countsOf, normalize } from '@granary/graph';

export const GRAPH_MEDIA_TYPE = 'application/vnd.granary.graph+json;version=1';

/** The fact pack of a harvest, and the graph before it; null when there is none to compare with. */
export interface ProduceInput { facts: Artifact; previous: Artifact | null }

/** A graph ready to be stored, and how it differs from the one before; `first` when there is nothing to differ from. */
export interface Produced {
  graph: Artifact;
  counts: GraphCounts;
  completeness: { unresolved: number; skipped: number; missingLocks: string[] };
  languages: LanguageShare[];
  changes: { as: 'first' } | { as: 'events'; changes: readonly Change[] } | { as: 'artifact'; count: number; artifact: Artifact };
}

/** From the bytes of a fact pack to the bytes of its graph. Faults: permanent `artifact-damaged`. */
export function produce({ facts, previous }: ProduceInput): Produced {
  const graph = normalize(parse<FactPack>(facts));
  const artifact = sealArtifact(Buffer.from(canonicalJson(graph)), GRAPH_MEDIA_TYPE);
  const { unresolved, skipped, missingLocks } = graph.completeness;
  return {
    graph: artifact,
    counts: countsOf(graph),
    completeness: { unresolved: unresolved.length, skipped: skipped.length, missingLocks },
    languages: graph.languages,
    changes: changesOf(previous, graph, artifact.digest),
  };
}

function changesOf(previous: Artifact | null, graph: ProjectGraph, hash: string): Produced['changes'] {
  if (previous === null) return { as: 'first' };
  if (previous.digest === hash) return { as: 'events', changes: [] };
  const publication = publicationOf(compare(parse<ProjectGraph>(previous), graph), { from: previous.digest, to: hash });
  if (publication.as === 'events') return publication;
  return { as: 'artifact', count: publication.count, artifact: sealArtifact(publication.bytes, CHANGES_MEDIA_TYPE) };
}

function parse<T>(artifact: Artifact): T {
  return JSON.parse(openArtifact(artifact).toString('utf8')) as T;
}
