import type { Fact } from '../facts';
import { withOwn, type ScannedFile } from '../scan';
import { acceptOwn, isModuleGraph } from './accept';
import type { OwnArtifactFact } from './own-artifacts';

/** The files of a snapshot with what the repository itself says about them, and what is to be said about that, for people. */
export interface WithOwnGraph {
  readonly files: readonly ScannedFile[];
  readonly remarks: readonly string[];
}

/** The file that is the repository's own module graph; of two the one that comes first. */
export const ownGraphIn = (files: readonly ScannedFile[]): ScannedFile | undefined => files.find(({ wants }) => wants !== null && isModuleGraph(wants.key));

/**
 * Takes from the repository's own module graph what is proven to be fresh; the rest is to be read as if it were not there.
 * @param facts what is known; that of the graph itself has to be among them
 */
export function withOwnGraph(files: readonly ScannedFile[], facts: ReadonlyMap<string, Fact>, ruleSet: string): WithOwnGraph {
  const graph = ownGraphIn(files);
  if (graph?.wants == null) return { files, remarks: [] };
  const fact = facts.get(graph.wants.text);
  if (fact?.state !== 'analysed') return { files, remarks: [`${graph.path} could not be read`] };
  const { modules, remarks } = acceptOwn(graph.path, JSON.parse(fact.body) as OwnArtifactFact, files);
  const taken = files.map((file) => {
    const own = modules.get(file.path);
    return own === undefined ? file : withOwn(file, own, ruleSet);
  });
  return { files: taken, remarks };
}
