import type { ProjectGraph } from '@granary/contracts';
import { impactOf, indexOf, type GraphIndex, type Impact } from '@granary/graph';
import { openArtifact, type Artifact } from '../artifact/artifact';
import { produce, type ProduceInput, type Produced } from '../normalize/produce';
import type { States } from '../normalize/states';

/** The work that takes long enough to hold up an event loop, by name. What each gives depends on its input alone; kept states only make it faster. */
export const jobsWith = (states: States) => ({
  produce: (input: ProduceInput): Produced => produce(input, states),
  index: indexOfArtifact,
  impact: impactOfArtifacts,
}) as const;

/** Arranges a stored graph for questions. Faults: permanent `artifact-damaged`. */
function indexOfArtifact(graph: Artifact): GraphIndex {
  return indexOf(graphIn(graph));
}

/** What a change between two stored graphs touches. Faults: permanent `artifact-damaged`. */
function impactOfArtifacts({ before, after }: { before: Artifact; after: Artifact }): Impact {
  return impactOf(graphIn(before), graphIn(after));
}

const graphIn = (artifact: Artifact): ProjectGraph => JSON.parse(openArtifact(artifact).toString('utf8')) as ProjectGraph;

export type Jobs = ReturnType<typeof jobsWith>;
export type JobName = keyof Jobs;
export type JobInput<N extends JobName> = Parameters<Jobs[N]>[0];
export type JobOutput<N extends JobName> = ReturnType<Jobs[N]>;

/** What travels to the thread and back. */
export interface Question { id: number; name: JobName; input: unknown }
export type Answer = { id: number; ok: true; output: unknown } | { id: number; ok: false; fault: unknown };
