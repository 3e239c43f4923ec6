import type { Drill } from '../drill.ts';
import { freeze, lockTable, pidOf, requestsTo } from '../faults.ts';

/** Services and servers that hang, crash or are kept from starting. */
export const serviceDrills: readonly Drill[] = [
  {
    name: 'ServiceDown',
    fault: 'the registry hangs (SIGSTOP)',
    begin: async (world) => freeze(world, 'registry'),
    sees: [/registry\s+away/],
    reads: { service: /^(\S+)\s+away/m },
  },
  {
    name: 'ServiceNotReady',
    fault: 'a session keeps the table of migrations to itself while the registry starts',
    async begin(world) {
      const locked = await lockTable(world, 'registry.migrations');
      process.kill(pidOf(world, 'registry'), 'SIGKILL');
      return locked;
    },
    reads: { service: /^(\S+)\s+starting/m, pid: /^ *(\d+) \|/m },
  },
  {
    name: 'BrokerDown',
    fault: 'nats-server hangs (SIGSTOP)',
    begin: async (world) => freeze(world, 'nats'),
  },
  {
    name: 'DatabaseDown',
    fault: 'the database takes no connections any more',
    async begin(world) {
      const admin = await world.database('postgres');
      await admin.query('alter database granary allow_connections false');
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'granary'`);
      await admin.end();
    },
  },
  {
    name: 'ErrorsVeryHigh',
    fault: 'the harvester hangs (SIGSTOP), and clients ask for repositories',
    async begin(world) {
      const frozen = freeze(world, 'harvester');
      const clients = requestsTo(world, '/v1/repositories', 15);
      return {
        clear: async () => {
          await frozen.clear?.();
          await clients.stop();
        },
      };
    },
    reads: { service: /^(\S+)\s+away/m },
  },
];
