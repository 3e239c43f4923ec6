import { join, resolve } from 'node:path';
import type { Host, ServiceDefinition } from '@granary/service-host';
import { wireBackups } from './backup/backups.module';
import { config, type CacheJanitorConfig } from './config';
import { BackupRuns1791000000000 } from './store/migrations/backup-runs.migration';
import { Cycles1790000000000 } from './store/migrations/cycles.migration';
import { wireSweeps } from './sweep/sweeps.module';

/** The cache janitor: the one place where its parts meet. */
export const cacheJanitor: ServiceDefinition<CacheJanitorConfig> = {
  name: 'cache-janitor',
  config,
  migrations: [Cycles1790000000000, BackupRuns1791000000000],
  wire(host) {
    const parts = [wireSweeps(host), wireBackups(host)];
    return { rpcs: parts.flatMap(({ rpcs }) => rpcs), tasks: parts.flatMap(({ tasks }) => tasks), checks: parts.flatMap(({ checks }) => checks), disks: disksOf(host.config) };
  },
};

/** Where backups lie, and where they are tried out. */
function disksOf({ dataDir, backupFolder }: Host<CacheJanitorConfig>['config']): Record<string, string> {
  return { data: resolve(dataDir), backups: resolve(backupFolder ?? join(dataDir, 'backups')) };
}
