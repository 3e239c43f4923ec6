import type { ServiceDefinition } from '@granary/service-host';
import { config, type AuthConfig } from './config';

/** The auth service: the one place where its parts meet. */
export const auth: ServiceDefinition<AuthConfig> = {
  name: 'auth',
  config,
  wire: () => ({}),
};
