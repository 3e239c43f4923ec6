import { Fault } from '@granary/faults';
import type { Lease } from '@granary/messaging';

type Query = (sql: string, values: unknown[]) => Promise<unknown[]>;

/**
 * Fails the transaction unless the lease is still ours, and keeps it ours until the commit: a takeover waits for this
 * lock, a renewal passes it.
 */
export async function fence(query: Query, lease: Lease): Promise<void> {
  const rows = await query(`select 1 from partition_leases where consumer = $1 and partition_group = $2 and owner = $3 and epoch = $4 for key share`, [lease.consumer, lease.group, lease.owner, lease.epoch]);
  if (rows.length === 0) throw Fault.transient('lease-lost', 'another process writes the event log now; what this one had in hand is left to it');
}
