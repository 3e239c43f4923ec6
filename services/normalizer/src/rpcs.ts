import { serve, type RpcHandler } from '@granary/messaging';
import { readArtifactHandler } from './artifact/read.handler';
import { cyclesHandler, dependentsHandler, summaryHandler, type QueryDeps } from './query/query.handler';

/** Everything the normalizer answers. What concerns held events is served by its host. */
export const rpcs = (deps: QueryDeps): RpcHandler[] => [
  serve('normalizer.graph.summary', summaryHandler(deps)),
  serve('normalizer.graph.dependents', dependentsHandler(deps)),
  serve('normalizer.graph.cycles', cyclesHandler(deps)),
  serve('normalizer.artifact.read', readArtifactHandler(deps)),
];
