import type { Drill } from '../drill.ts';
import { askedMeanwhile, endAgainAndAgain, freeze, lockTable, pidOf } from '../faults.ts';
import type { World } from '../world.ts';

/** Whoever asks for repositories waits for the harvester in vain. */
const harvesterHangs = {
  fault: 'the harvester hangs (SIGSTOP), and clients ask for repositories',
  begin: async (world: World) => askedMeanwhile(world, freeze(world, 'harvester'), '/v1/repositories', 15),
  sees: [/route=\/v1\/repositories/],
  reads: { service: /^(\S+)\s+away/m },
};

/** Who counts for which objective. */
const NOT_MEASURED = [['AvailabilityNotMeasured', 'gateway'], ['EventDeliveryNotMeasured', 'normalizer'], ['FreshnessNotMeasured', 'normalizer'], ['PollingNotMeasured', 'harvester']] as const;

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
    name: 'RestartLoop',
    fault: 'the registry ends (SIGKILL) each time it is up again',
    // Three starts, each later than the one before, take longer than 10 s.
    timeScale: 15,
    async begin(world) {
      const { stop } = endAgainAndAgain(world, 'registry');
      // Whoever changed it last takes that back.
      return { mended: stop, clear: stop };
    },
    sees: [/"signal":"SIGKILL"/],
    reads: { service: /"process":"([^"]+)"/ },
  },
  { name: 'ErrorsHigh', ...harvesterHangs },
  { name: 'ErrorsVeryHigh', ...harvesterHangs },
  { name: 'AvailabilityBudgetBurnsFast', ...harvesterHangs },
  // Its windows are hours and days.
  { name: 'AvailabilityBudgetBurns', ...harvesterHangs, timeScale: 600 },
  ...NOT_MEASURED.map(([name, service]): Drill => ({ name, fault: `the ${service} hangs (SIGSTOP), which counts what the objective is made of`, begin: async (world) => freeze(world, service), sees: [new RegExp(`${service} +away`)] })),
];
