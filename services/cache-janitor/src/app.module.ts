import type { ServiceDefinition } from '@granary/service-host';
import { wireBackups } from './backup/backups.module';
import { config, type CacheJanitorConfig } from './config';
import { rpcs } from './rpcs';
import { BackupRuns1791000000000 } from './store/migrations/backup-runs.migration';
import { Cycles1790000000000 } from './store/migrations/cycles.migration';

/** The cache janitor: the one place where its parts meet. */
export const cacheJanitor: ServiceDefinition<CacheJanitorConfig> = {
  name: 'cache-janitor',
  config,
  migrations: [Cycles1790000000000, BackupRuns1791000000000],
  wire(host) {
    const backups = wireBackups(host);
    return { rpcs: [...rpcs(), ...backups.rpcs], tasks: [...backups.tasks], checks: [...backups.checks] };
  },
};
