import { join } from 'node:path';
import { Fault } from '@granary/faults';

/** The services of a platform, each in its folder below `services/`; first the one that the others wait for. */
export const SERVICES = ['auth', 'harvester', 'normalizer', 'audit', 'cache-janitor', 'registry', 'gateway'] as const;

/** Where the HTTP API is, unless somebody says otherwise or the port is taken. */
const API_PORT = 4680;

export interface ServiceEntry {
  readonly name: string;
  readonly entry: string;
  readonly port?: number;
}

/** Where the compiled main files of the services are, given the root of the workspace, and where the API is to listen. */
export function serviceEntries(root: string, env: Readonly<Record<string, string | undefined>>): ServiceEntry[] {
  return SERVICES.map((name) => ({ name, entry: join(root, 'services', name, 'dist', 'main.js'), ...(name === 'gateway' && { port: apiPort(env['GRANARY_GATEWAY_PORT']) }) }));
}

function apiPort(text: string | undefined): number {
  if (text === undefined || text.trim() === '') return API_PORT;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw Fault.permanent('invalid-config', `GRANARY_GATEWAY_PORT is '${text}': it must be a port from 0 to 65535 (0: any free one)`);
}
