import { askConsumers, askReplays } from '@granary/messaging';
import { artifactShelf, createLookups } from '@granary/persistence';
import { countedLookups, type ServiceDefinition, type Wired } from '@granary/service-host';
import { startCompute } from './compute/compute.client';
import { config, type NormalizerConfig } from './config';
import { normalizerMetrics } from './metrics';
import { factsClient } from './normalize/facts.client';
import type { GraphIndex } from '@granary/graph';
import { recent } from './query/recent';
import { rpcs } from './rpcs';
import { ArtifactEntity } from './store/artifact.entity';
import { ArtifactStore, ARTIFACT_IN_USE } from './store/artifact.store';
import { GraphEntity } from './store/graph.entity';
import { GraphStore } from './store/graph.store';
import { ArtifactRepositories1785000000000 } from './store/migrations/artifact-repositories.migration';
import { Caches1790000000000 } from './store/migrations/caches.migration';
import { Graphs1750000000000 } from './store/migrations/graphs.migration';
import { Names1755000000000 } from './store/migrations/names.migration';
import { TenantRows1780000000000 } from './store/migrations/tenant-rows.migration';
import { NameStore } from './store/name.store';
import { RepositoryEntity } from './store/repository.entity';
import { subscriptions } from './subscriptions';

/** The normalizer: the one place where its parts meet. `execArgv` is for its thread; only tests that run from sources need it. */
export const normalizerService = ({ execArgv = [] }: { execArgv?: readonly string[] } = {}): ServiceDefinition<NormalizerConfig> => ({
  name: 'normalizer',
  config,
  entities: [RepositoryEntity, GraphEntity, ArtifactEntity],
  migrations: [Graphs1750000000000, Names1755000000000, TenantRows1780000000000, ArtifactRepositories1785000000000, Caches1790000000000],
  wire({ config: settings, database, rpc, metrics: registry, log, now }): Wired {
    const metrics = normalizerMetrics(registry, settings.freshnessObjectiveMs);
    const compute = startCompute({ memoryMb: settings.computeMemoryMb, deadlineMs: settings.computeDeadlineMs, idleMs: settings.computeIdleMs, execArgv });
    const graphs = new GraphStore(database);
    const { lookups, task: countLookups } = countedLookups({ lookups: createLookups(database), kinds: ['artifact'], metrics: registry, log });
    const artifacts = new ArtifactStore(database, lookups);
    const shelves = [artifactShelf({ database, inUse: ARTIFACT_IN_USE, askConsumers: askConsumers(rpc, 'granary/normalizer', ['graph.normalized.v1']), askReplays: askReplays(rpc) })];
    const names = new NameStore(database);
    const indexes = recent<GraphIndex>(settings.cachedGraphs, metrics.lookedUp);
    const fetchFacts = factsClient(rpc, settings.maxFactsBytes);
    return {
      subscriptions: subscriptions({ fetchFacts, compute, graphs, artifacts, names, metrics, log, now }),
      rpcs: rpcs({ graphs, artifacts, names, compute, indexes, shelves, lookups }),
      tasks: [countLookups, { name: 'compute', start: async () => undefined, stop: compute.stop }],
    };
  },
});
