import type { Drill } from '../drill.ts';
import { freeze } from '../faults.ts';

/** Caches and backups. */
export const cacheDrills: readonly Drill[] = [
  {
    name: 'CleanupFailed',
    fault: 'the normalizer hangs (SIGSTOP) while the caches are gone over',
    async begin(world) {
      const frozen = freeze(world, 'normalizer');
      await world.granary('cache', 'sweep').catch(() => undefined);
      return frozen;
    },
    sees: [/failed/],
    reads: { service: /^(\S+)\s+away/m },
  },
  {
    name: 'BackupNotVerified',
    fault: 'no backup was ever proven',
    isThere: true,
    begin: async () => undefined,
  },
];
