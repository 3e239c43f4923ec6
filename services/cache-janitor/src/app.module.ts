import type { ServiceDefinition } from '@granary/service-host';
import { config, type CacheJanitorConfig } from './config';
import { rpcs } from './rpcs';
import { Cycles1790000000000 } from './store/migrations/cycles.migration';

/** The cache janitor: the one place where its parts meet. */
export const cacheJanitor: ServiceDefinition<CacheJanitorConfig> = {
  name: 'cache-janitor',
  config,
  migrations: [Cycles1790000000000],
  wire: () => ({ rpcs: rpcs(), tasks: [] }),
};
