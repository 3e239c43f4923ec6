import type { ServiceDefinition } from '@granary/service-host';
import { config, type RegistryConfig } from './config';

/** The registry: the one place where its parts meet. */
export const registry: ServiceDefinition<RegistryConfig> = {
  name: 'registry',
  config,
  wire: () => ({}),
};
