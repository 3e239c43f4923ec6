import type { FactPack, GraphCounts, LanguageShare, ProjectGraph } from '@granary/contracts';
import { isFault } from '@granary/faults';
import { openArtifact, sealArtifact, type Artifact } from '../artifact/artifact';
import { advance, canonicalJson, CHANGES_MEDIA_TYPE, compare, countsOf, createGraphState, nameChanges, normalize, publicationOf, type Change, type GraphState, type NameChanges } from '@granary/graph';
import { NO_STATES, type States } from './states';

export const GRAPH_MEDIA_TYPE = 'application/vnd.granary.graph+json;version=1';

/** The fact pack of a harvest, and the graph before it; null when there is none to compare with. One that is damaged is none. */
export interface ProduceInput {
  facts: Artifact;
  previous: Artifact | null;
  /** Whether the names of the graph before are stored; without, all are to be written. */
  namesKnown: boolean;
}

/** A graph ready to be stored, and how it differs from the one before; `first` when there is nothing to differ from. */
export interface Produced {
  graph: Artifact;
  counts: GraphCounts;
  completeness: { unresolved: number; skipped: number; missingLocks: string[] };
  languages: LanguageShare[];
  names: NameChanges;
  changes: { as: 'first' } | { as: 'events'; changes: readonly Change[] } | { as: 'artifact'; count: number; artifact: Artifact };
}

/**
 * From the bytes of a fact pack to the bytes of its graph: from the state of an earlier graph of the repository where that
 * is kept, which only saves time. Faults: permanent `artifact-damaged` when the fact pack is.
 */
export function produce({ facts, previous, namesKnown }: ProduceInput, states: States = NO_STATES): Produced {
  const pack = parse<FactPack>(facts);
  const known = states.take(pack.repositoryId);
  const state = known !== null ? advance(known.state, pack) : states.fits(facts.bytes) ? createGraphState(pack) : null;
  const { graph, text } = state ?? anew(pack);
  const artifact = sealArtifact(Buffer.from(text), GRAPH_MEDIA_TYPE);
  if (state !== null) states.keep(pack.repositoryId, facts.bytes, { digest: artifact.digest, state });
  const before = previous === null ? null : previous.digest === known?.digest ? known.state.graph : undamaged(previous);
  const { unresolved, skipped, missingLocks } = graph.completeness;
  return {
    graph: artifact,
    counts: countsOf(graph),
    completeness: { unresolved: unresolved.length, skipped: skipped.length, missingLocks },
    languages: graph.languages,
    changes: changesOf(previous, before, graph, artifact.digest),
    names: nameChanges(namesKnown ? before : null, graph),
  };
}

function anew(pack: FactPack): Pick<GraphState, 'graph' | 'text'> {
  const graph = normalize(pack);
  return { graph, text: canonicalJson(graph) };
}

function changesOf(previous: Artifact | null, before: ProjectGraph | null, graph: ProjectGraph, hash: string): Produced['changes'] {
  if (previous?.digest === hash) return { as: 'events', changes: [] };
  if (previous === null || before === null) return { as: 'first' };
  const publication = publicationOf(compare(before, graph), { from: previous.digest, to: hash });
  if (publication.as === 'events') return publication;
  return { as: 'artifact', count: publication.count, artifact: sealArtifact(publication.bytes, CHANGES_MEDIA_TYPE) };
}

/** The graph before, or null when its bytes are not what they were: only the comparison is lost, and the same graph would mend it. */
function undamaged(previous: Artifact): ProjectGraph | null {
  try {
    return parse<ProjectGraph>(previous);
  } catch (error) {
    if (isFault(error) && error.code === 'artifact-damaged') return null;
    throw error;
  }
}

function parse<T>(artifact: Artifact): T {
  return JSON.parse(openArtifact(artifact).toString('utf8')) as T;
}
