import type { Lease, Leases } from '@granary/messaging';
import type { DatabaseCore } from './database-core';

/**
 * Leases of partition groups. A transaction that applies effects holds its lease row `FOR KEY SHARE`: a renewal does
 * not disturb that, a takeover (`FOR UPDATE`) waits for it. So after a takeover no effect of the former owner can
 * still commit.
 */
export function createLeases({ dataSource }: DatabaseCore): Leases {
  return {
    async acquire({ consumer, group }, owner, ttlMs) {
      await dataSource.query(`insert into partition_leases (consumer, partition_group, expires_at) values ($1, $2, '-infinity') on conflict do nothing`, [consumer, group]);
      return dataSource.transaction(async (manager) => {
        const [row] = await manager.query<{ owner: string | null; epoch: string; free: boolean }[]>(
          `select owner, epoch, owner is null or owner = $3 or expires_at < clock_timestamp() as free
           from partition_leases where consumer = $1 and partition_group = $2 for update skip locked`,
          [consumer, group, owner],
        );
        if (!row?.free) return null;
        const epoch = Number(row.epoch) + 1;
        await manager.query(`update partition_leases set owner = $3, epoch = $4, expires_at = clock_timestamp() + $5 * interval '1 millisecond' where consumer = $1 and partition_group = $2`, [consumer, group, owner, epoch, ttlMs]);
        return { consumer, group, owner, epoch, unclean: row.owner !== null && row.owner !== owner };
      });
    },
    async renew(lease, ttlMs) {
      return affected(
        await dataSource.query(
          `update partition_leases set expires_at = clock_timestamp() + $5 * interval '1 millisecond'
           where consumer = $1 and partition_group = $2 and owner = $3 and epoch = $4 and expires_at > clock_timestamp()`,
          [...idOf(lease), ttlMs],
        ),
      );
    },
    async release(lease) {
      await dataSource.query(`update partition_leases set owner = null, expires_at = '-infinity' where consumer = $1 and partition_group = $2 and owner = $3 and epoch = $4`, idOf(lease));
    },
    async attend(consumer, owner, ttlMs) {
      await dataSource.query('delete from consumer_replicas where consumer = $1 and expires_at < clock_timestamp()', [consumer]);
      await dataSource.query(
        `insert into consumer_replicas (consumer, owner, expires_at) values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
         on conflict (consumer, owner) do update set expires_at = excluded.expires_at`,
        [consumer, owner, ttlMs],
      );
      const [row] = await dataSource.query<{ alive: string }[]>('select count(*) as alive from consumer_replicas where consumer = $1', [consumer]);
      return Number(row?.alive ?? 1);
    },
    async leave(consumer, owner) {
      await dataSource.query('delete from consumer_replicas where consumer = $1 and owner = $2', [consumer, owner]);
    },
  };
}

function idOf(lease: Lease): unknown[] {
  return [lease.consumer, lease.group, lease.owner, lease.epoch];
}

/** TypeORM answers an update with `[rows, count]`. */
function affected(result: unknown): boolean {
  return Array.isArray(result) && result[1] === 1;
}
