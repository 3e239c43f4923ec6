import type { Drill } from '../drill.ts';

/** Caches and backups. */
export const cacheDrills: readonly Drill[] = [
  {
    name: 'BackupNotVerified',
    fault: 'no backup was ever proven',
    isThere: true,
    begin: async () => undefined,
  },
];
