import type { ServiceDefinition } from '@granary/service-host';
import { settings, type Settings } from './config';

/** Where the parts of this service meet; so far it has none of its own. */
export const registry: ServiceDefinition<Settings> = {
  name: 'registry',
  config: settings,
  wire: () => ({}),
};
