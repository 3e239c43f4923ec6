import type { Servers } from '../../support/servers.ts';
import type { FirstCredentials, ServiceProcess } from '../../support/services.ts';

/** What runs while examples of the event log do. */
export interface LogWorld {
  readonly servers: Servers;
  readonly services: Readonly<Record<'auth' | 'audit' | 'normalizer' | 'gateway', ServiceProcess>>;
  readonly first: FirstCredentials;
}
