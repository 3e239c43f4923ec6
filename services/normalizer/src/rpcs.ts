import { cacheRpcs, serve, type Lookups, type RpcHandler, type Shelf } from '@granary/messaging';
import { readArtifactHandler } from './artifact/read.handler';
import { linksHandler, searchHandler, usersHandler, type AcrossDeps } from './query/across.handler';
import { cyclesHandler, dependentsHandler, impactHandler, summaryHandler, whyHandler, type QueryDeps } from './query/query.handler';

/** Everything the normalizer answers. What concerns held events is served by its host. */
export const rpcs = (deps: QueryDeps & AcrossDeps & { shelves: readonly Shelf[]; lookups: Lookups }): RpcHandler[] => [
  serve('normalizer.graph.summary', summaryHandler(deps)),
  serve('normalizer.graph.dependents', dependentsHandler(deps)),
  serve('normalizer.graph.cycles', cyclesHandler(deps)),
  serve('normalizer.graph.why', whyHandler(deps)),
  serve('normalizer.graph.impact', impactHandler(deps)),
  serve('normalizer.graph.search', searchHandler(deps)),
  serve('normalizer.package.users', usersHandler(deps)),
  serve('normalizer.repository.links', linksHandler(deps)),
  serve('normalizer.artifact.read', readArtifactHandler(deps)),
  serve('normalizer.artifact.check', async ({ digests }, { tenant }) => ({ gone: await deps.artifacts.gone(tenant, digests) })),
  ...cacheRpcs('normalizer', deps.shelves, deps.lookups),
];
