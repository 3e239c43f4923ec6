import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { DatabaseMeters, PoolState } from './database-meters';

type Connected = (error: Error | undefined, client: PoolClient | undefined, release: (destroy?: boolean) => void) => void;

/** Tells how long everybody waited for a connection of the pool. Of what TypeORM does with a pool, only this passes through `connect`. */
export function timePool(dataSource: DataSource, { connection }: Pick<DatabaseMeters, 'connection'>): void {
  const pool = poolOf(dataSource);
  const connect = pool.connect.bind(pool) as (connected: Connected) => void;
  const timed = (connected: Connected): void => {
    const begun = performance.now();
    connect((error, client, release) => {
      connection(performance.now() - begun);
      connected(error, client, release);
    });
  };
  Object.assign(pool, { connect: timed });
}

export function poolState(dataSource: DataSource): PoolState {
  const { totalCount: open, idleCount: idle, waitingCount: waiting } = poolOf(dataSource);
  return { open, idle, waiting };
}

const poolOf = ({ driver }: DataSource): Pool => (driver as unknown as { master: Pool }).master;
