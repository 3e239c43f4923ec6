import { Fault } from '@granary/faults';
import type { Lease } from '@granary/messaging';

/** A statement in a transaction of the caller's, by whatever connection it has; answers the rows. */
export type Query = (sql: string, values: unknown[]) => Promise<readonly unknown[]>;

/**
 * Fails the caller's transaction unless the lease is still ours, and keeps it ours until the transaction ends: a
 * takeover waits for this lock, a renewal passes it. Outside a transaction it keeps nothing. Faults: transient
 * `lease-lost`.
 */
export async function fence(query: Query, { consumer, group, owner, epoch }: Lease): Promise<void> {
  const owned = await query('select 1 from partition_leases where consumer = $1 and partition_group = $2 and owner = $3 and epoch = $4 for key share', [consumer, group, owner, epoch]);
  if (owned.length === 0) throw leaseLost();
}

export const leaseLost = (): Fault => Fault.transient('lease-lost', 'the partition group was taken over');
