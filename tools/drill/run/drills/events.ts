import { lockNumber } from '@granary/persistence';
import { waitFor } from '@granary/testing';
import { v7 } from 'uuid';
import type { Drill } from '../drill.ts';
import { change, freeze, handIn, harvestsRest, lockTable, pidOf, poison, thaw, tooLarge } from '../faults.ts';

/** Events that cannot be handled, published or taken in. */
export const eventDrills: readonly Drill[] = [
  {
    name: 'EventsDead',
    fault: 'a harvest is announced whose facts are nowhere (a poisoned event)',
    begin: (world) => poison(world),
    sees: [/dead +harvest\.completed\.v1/],
    reads: { consumer: /^(\S+) +\d+ +dead/m, position: /^\S+ +(\d+) +dead/m },
  },
  {
    name: 'EventDeliveryBudgetBurnsFast',
    fault: 'harvests of many repositories are announced whose facts are nowhere (poisoned events)',
    async begin(world) {
      for (let times = 0; times < 24; times++) await poison(world, v7());
    },
    sees: [/dead +harvest\.completed\.v1/],
  },
  {
    name: 'EventsHeld',
    fault: 'the harvester hangs (SIGSTOP) while the normalizer needs facts of it',
    async begin(world) {
      const normalizer = pidOf(world, 'normalizer');
      process.kill(normalizer, 'SIGSTOP');
      await change(world);
      await waitFor(async () => (await world.granary<{ repositories: { freshness?: unknown; harvestedCommit?: string; head?: string }[] }>('repos', 'list')).repositories.length > 0, { what: 'the harvester to answer' });
      await harvestsRest(world);
      const frozen = freeze(world, 'harvester');
      thaw(normalizer);
      return frozen;
    },
    sees: [/held +harvest\.completed\.v1/],
    reads: { consumer: /^(\S+) +\d+ +held/m, service: /^(\S+)\s+away/m },
  },
  {
    name: 'OutboxDeadRows',
    fault: 'the harvester announces what is larger than the stream takes',
    begin: (world) => tooLarge(world),
    reads: { service: /^(\S+) +\d+ /m, id: /^\S+ +(\d+) /m },
  },
  {
    name: 'OutboxOld',
    fault: 'a session that nobody knows has the lock of the harvester’s relay, and a repository changes',
    async begin(world) {
      const session = await world.database();
      const lock = lockNumber('relay', 'harvester');
      // Its owner's connection is ended, as by a network that breaks; then who asks first has it.
      const waiting = session.query('select pg_advisory_lock($1)', [lock]);
      const helper = await world.database();
      await helper.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'harvester relay'`);
      await helper.end();
      await waiting;
      await change(world);
      return { clear: () => session.end().catch(() => undefined) };
    },
    reads: { pid: /^ *(\d+) \| drill/m },
  },
  {
    name: 'PartitionWithoutOwner',
    fault: 'a session keeps others from renewing leases, and they run out',
    begin: (world) => lockTable(world, 'normalizer.partition_leases', 'share'),
    reads: { pid: /^ *(\d+) \| drill/m },
  },
  {
    name: 'AdmissionRefusing',
    fault: 'a program hands in events that break their contract',
    async begin(world) {
      const stop = new AbortController();
      const running = (async () => {
        while (!stop.signal.aborted) {
          await handIn(world, { specversion: '1.0', id: String(performance.now()), source: 'urn:agents:local-operator', type: 'task.created.v1', data: { nothing: true } }).catch(() => 0);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      })();
      const end = async () => {
        stop.abort();
        await running;
      };
      // Its owner mends the program.
      return { mended: end, clear: end };
    },
  },
];
