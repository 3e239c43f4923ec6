import type { ServiceDefinition } from '@granary/service-host';
import { settings, type Settings } from './config';

/** Where the parts of this service meet; so far it has none of its own. */
export const cacheJanitor: ServiceDefinition<Settings> = {
  name: 'cache-janitor',
  config: settings,
  wire: () => ({}),
};
