import type { Drill } from '../drill.ts';

/** A record that was tampered with. */
export const recordDrills: readonly Drill[] = [
  {
    name: 'LogDiffersFromStream',
    fault: 'somebody who may do everything in the database removes an event from the log',
    async begin(world) {
      const session = await world.database();
      await session.query('begin');
      await session.query('set local session_replication_role = replica');
      await session.query(`create temporary table removed as select * from audit.event_log where type = 'harvest.started.v1' order by epoch desc, sequence desc limit 1`);
      await session.query('delete from audit.event_log where (epoch, sequence) in (select epoch, sequence from removed)');
      // The comparison has been there already; a new one begins at the start.
      await session.query('delete from audit.comparison');
      await session.query('commit');
      return {
        async mended() {
          await session.query('begin');
          await session.query('insert into audit.event_log select * from removed');
          await session.query('commit');
        },
        clear: () => session.end(),
      };
    },
  },
];
