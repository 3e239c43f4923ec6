import type { ServiceDefinition } from '@granary/service-host';
import { config, type GatewayConfig } from './config';

/** The gateway: the one place where its parts meet. */
export const gateway: ServiceDefinition<GatewayConfig> = {
  name: 'gateway',
  config,
  database: 'none',
  wire: () => ({}),
};
