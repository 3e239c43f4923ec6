import type { Drill } from '../drill.ts';
import { askedMeanwhile, change, lockTable } from '../faults.ts';
import type { World } from '../world.ts';

/** The session that has been open longest, in the table that the runbooks have psql print. */
const pid = /^ *(\d+) \|/m;

/** Whoever asks for repositories waits for a session. */
const repositoriesLocked = {
  fault: 'a session keeps the table of repositories to itself, and clients ask for repositories',
  begin: async (world: World) => askedMeanwhile(world, await lockTable(world, 'harvester.repositories'), '/v1/repositories', 15),
  reads: { pid },
};

/** Sessions that keep others waiting. */
export const databaseDrills: readonly Drill[] = [
  {
    name: 'LongTransaction',
    fault: 'a session opens a transaction and goes to lunch',
    async begin(world) {
      const session = await world.database();
      await session.query('begin');
      await session.query('select txid_current()');
      return { clear: () => session.end().catch(() => undefined) };
    },
    sees: [/idle in transaction/],
    reads: { pid },
  },
  { name: 'RequestsSlow', ...repositoriesLocked },
  { name: 'RequestsVerySlow', ...repositoriesLocked },
  { name: 'SlowOperation', ...repositoriesLocked, reads: { pid, service: /service=(\S+)/ } },
  {
    name: 'PoolNearExhaustion',
    fault: 'a session keeps the table of repositories to itself, and more requests wait for it than the pool has connections',
    begin: async (world) => askedMeanwhile(world, await lockTable(world, 'harvester.repositories'), '/v1/repositories', 10),
    reads: { pid },
  },
  {
    name: 'LogWriterBehind',
    fault: 'a session keeps others from writing to the event log, as by making an index, while events come',
    async begin(world) {
      const locked = await lockTable(world, 'audit.event_log', 'share');
      await change(world);
      return locked;
    },
    reads: { pid },
  },
  {
    name: 'ConsumerLagging',
    fault: 'a session keeps the graphs to itself, and repositories change',
    async begin(world) {
      const locked = await lockTable(world, 'normalizer.inbox');
      await change(world);
      return locked;
    },
    sees: [/normalizer/],
    reads: { pid },
  },
];
