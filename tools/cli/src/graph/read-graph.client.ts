import { readArtifact } from '@granary/client';
import { checkShape, type ProjectGraph } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { requireRepository } from '../repos/find-repository.client';
import type { Call } from '../shell/command';

/** A graph as the normalizer keeps it: its canonical bytes, and the hash of them. */
export interface StoredGraph {
  readonly bytes: Buffer;
  /** `sha256:…` */
  readonly graphHash: string;
}

// Less than this is read before anybody could wonder.
const LONG_READ_BYTES = 2_000_000;

/** The graph of the repository that `<repo>` names: the newest, or that of --commit. Faults: permanent `repository-not-found`, `not-found`, `artifact-damaged`. */
export async function readGraph({ client, input, progress, shell, signal }: Call): Promise<StoredGraph> {
  const { repositoryId: repository } = await requireRepository({ client, shell }, input.arg('repo'));
  const [rpc, commit] = [await client(), input.text('commit')];
  const { graph, graphHash } = await rpc.call('normalizer.graph.summary', { repository, ...(commit === undefined ? {} : { commit }) });
  const onProgress = (done: number, total: number): void => {
    if (total > LONG_READ_BYTES) progress.show({ label: 'reading the graph: KB', done: Math.ceil(done / 1000), total: Math.ceil(total / 1000) });
  };
  return { bytes: await readArtifact(rpc, 'normalizer', graph, { signal, onProgress }), graphHash };
}

/** The graph in its bytes. Faults: permanent `unknown-graph`, when another version of Granary made it. */
export function graphIn({ bytes }: Pick<StoredGraph, 'bytes'>): ProjectGraph {
  const checked = checkShape('project-graph', JSON.parse(bytes.toString('utf8')), 'tolerant');
  if (checked.ok) return checked.value;
  throw Fault.permanent('unknown-graph', `This graph was made by another version of Granary: ${checked.problems[0]}. Harvest the repository again with \`granary harvest <repo> --wait\`, or see it as it is with \`granary graph show <repo>\`.`);
}
