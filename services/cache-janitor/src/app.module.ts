import type { ServiceDefinition } from '@granary/service-host';
import { config, type CacheJanitorConfig } from './config';

/** The cache janitor: the one place where its parts meet. */
export const cacheJanitor: ServiceDefinition<CacheJanitorConfig> = {
  name: 'cache-janitor',
  config,
  wire: () => ({}),
};
