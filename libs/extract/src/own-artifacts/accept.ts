import type { ModuleGraph } from '@granary/contracts';
import type { FactKey } from '../facts';
import type { OwnModule } from './own-module';
import { ownArtifacts, type OwnArtifactFact } from './own-artifacts';

/** Whether a fact is the repository's own module graph. */
export const isModuleGraph = ({ extractor, pathClass }: FactKey): boolean => extractor === ownArtifacts.id && pathClass.startsWith('module_graph.json/');

/** A path of the snapshot, as far as it matters here. */
type Present = { readonly path: string; readonly blob: string; readonly skipped: string | null };

export interface Accepted {
  readonly modules: ReadonlyMap<string, OwnModule>;
  /** What is to be said about it, for people. */
  readonly remarks: readonly string[];
}

/**
 * The part of a repository's own module graph that is proven to be fresh: entries whose blob is the one at their path.
 * Everything else is read as if the artifact were not there.
 */
export function acceptOwn(provenance: string, { content, error }: OwnArtifactFact, files: readonly Present[]): Accepted {
  if (error !== null) return { modules: new Map(), remarks: [`${provenance} was not used: ${error}`] };
  const present = new Map(files.filter(({ skipped }) => skipped === null).map(({ path, blob }) => [path, blob]));
  const entries = (content as ModuleGraph).modules;
  const fresh = entries.filter(({ path, blob }) => present.get(path) === blob);
  const stale = entries.length - fresh.length;
  return {
    modules: new Map(fresh.map(({ path, imports, declares }) => [path, { body: JSON.stringify({ imports, ...(declares === undefined ? {} : { declares }) }), items: imports.length, provenance }])),
    remarks: [
      ...(fresh.length > 0 ? [`${provenance} describes ${fresh.length} files as they are`] : []),
      ...(stale > 0 ? [`${stale} of the ${entries.length} entries of ${provenance} are about other content and were not used`] : []),
    ],
  };
}
