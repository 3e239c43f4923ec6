import { join } from 'node:path';

/** The services of a platform, each in its folder below `services/`. */
export const SERVICES = ['harvester', 'normalizer', 'audit', 'cache-janitor', 'auth', 'registry', 'gateway'] as const;

/** Where the compiled main files of the services are, given the root of the workspace. */
export function serviceEntries(root: string): { name: string; entry: string }[] {
  return SERVICES.map((name) => ({ name, entry: join(root, 'services', name, 'dist', 'main.js') }));
}
