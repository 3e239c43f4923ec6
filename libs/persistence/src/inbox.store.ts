import { AsyncLocalStorage } from 'node:async_hooks';
import { Fault } from '@granary/faults';
import type { Cause, DeliveryKey, Inbox, UnitOfWork } from '@granary/messaging';
import type { DatabaseCore } from './database-core';
import { leaseLost } from './fence.store';
import { INSIDE } from './transaction.client';
import { EVERY_TENANT, sightOf } from './sight';
import type { Sight } from './sight';
import { runUnit } from './unit-of-work.store';
import type { Transaction } from './unit-of-work.store';

/** Transactions side by side. While they run, what arrives is collected for the next one. */
const TRANSACTIONS = 2;
/** Deliveries in one transaction at most. */
const BATCH = 128;

/** A savepoint in a shared transaction would take back what others wrote meanwhile. */
const WITHOUT_SAVEPOINTS = { savepoints: false };

interface Call {
  delivery: DeliveryKey;
  cause: Cause;
  signal: AbortSignal;
  work: (unit: UnitOfWork) => Promise<unknown>;
  /** Runs in the context in which the call was made: a transaction has many of them. */
  within: <R>(work: () => R) => R;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * Applies effects once. Deliveries of different lanes that wait at the same time share a transaction (a key has one
 * delivery at a time, so a batch holds it once); when one of them fails, all are rolled back and run one by one. What each
 * of them does sees its own tenant alone, also where they are of several.
 */
export function createInbox(core: DatabaseCore): Inbox {
  const batcher = new Batcher(core);
  return {
    once: <R>(delivery: DeliveryKey, cause: Cause, signal: AbortSignal, work: (unit: UnitOfWork) => Promise<R>) =>
      new Promise<R | 'already-handled'>((resolve, reject) => batcher.add({ delivery, cause, signal, work, within: AsyncLocalStorage.snapshot(), resolve: resolve as (result: unknown) => void, reject })),
    async beginSuspect({ consumer, group }, position) {
      const [row] = await core.dataSource.query<{ begun: number }[]>(
        `insert into crash_suspects as suspect (consumer, partition_group, position, begun) values ($1, $2, $3, 1)
         on conflict (consumer, partition_group, position) do update set begun = suspect.begun + 1 returning begun`,
        [consumer, group, position],
      );
      return row?.begun ?? 1;
    },
    async forgetSuspects({ consumer, group }) {
      await core.dataSource.query('delete from crash_suspects where consumer = $1 and partition_group = $2', [consumer, group]);
    },
  };
}

class Batcher {
  private readonly waiting: Call[] = [];
  private running = 0;
  private scheduled = false;

  constructor(private readonly core: DatabaseCore) {}

  add(call: Call): void {
    this.waiting.push(call);
    this.schedule();
  }

  /** Begins after the callbacks of this turn, so that messages which arrived together share a transaction. */
  private schedule(): void {
    if (this.scheduled || this.running >= TRANSACTIONS || this.waiting.length === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.run(this.waiting.splice(0, BATCH));
      this.schedule();
    });
  }

  private async run(calls: Call[]): Promise<void> {
    this.running += 1;
    try {
      if (calls.length > 1 && (await this.together(calls))) return;
      for (const call of calls) await this.alone(call);
    } finally {
      this.running -= 1;
      this.schedule();
    }
  }

  private async together(calls: Call[]): Promise<boolean> {
    try {
      const results = await runUnit(this.core, sightFor(calls), (transaction) => applyOnce(transaction, calls), WITHOUT_SAVEPOINTS);
      calls.forEach((call, place) => call.resolve(results[place]));
      return true;
    } catch {
      // Which of them failed is found out one by one; each then gets its own error.
      return false;
    }
  }

  private async alone(call: Call): Promise<void> {
    try {
      const [result] = await runUnit(this.core, sightFor([call]), (transaction) => applyOnce(transaction, [call]), WITHOUT_SAVEPOINTS);
      call.resolve(result);
    } catch (error) {
      call.reject(error);
    }
  }
}

/** What the event path itself writes for a batch belongs to all of its tenants. */
function sightFor(calls: readonly Call[]): Sight {
  const tenants = new Set(calls.flatMap(({ delivery, cause }) => [delivery.tenant, cause.tenant]));
  const [only] = tenants;
  return tenants.size === 1 && only !== undefined ? sightOf(only) : EVERY_TENANT;
}

async function applyOnce(transaction: Transaction, calls: readonly Call[]): Promise<unknown[]> {
  for (const { signal } of calls) if (signal.aborted) throw signal.reason instanceof Error ? signal.reason : Fault.transient('lease-lost', 'the partition group was given away');
  const held = calls.flatMap(({ delivery }) => delivery.heldId ?? []);
  if (held.length > 0) await transaction.begun;
  // Sent side by side, run in this order, which is also the order of locks in the held store: lease, held event, inbox.
  const [, , , fresh] = await Promise.all([transaction.begun, fenceAll(transaction, calls), leaveHeld(transaction, held), enter(transaction, calls)]);
  return allSettledOrThrow(calls.map(async (call) => (fresh.delete(identity(call.delivery)) ? call.within(() => call.work(transaction.within(call.cause))) : 'already-handled')));
}

/** Waits for every part before failing: a transaction must not be rolled back under a running part. */
async function allSettledOrThrow(parts: readonly unknown[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(parts);
  return settled.map((part) => {
    if (part.status === 'rejected') throw part.reason;
    return part.value;
  });
}

/** Refuses when a lease has gone to somebody else, and keeps it from going until the commit. */
async function fenceAll(transaction: Transaction, calls: readonly Call[]): Promise<void> {
  const leases = [...new Map(calls.map(({ delivery: { lease } }) => [`${lease.consumer}/${lease.group}/${lease.epoch}`, lease])).values()];
  const rows = await transaction.query({
    name: 'inbox-fence',
    text: `select 1 from partition_leases join unnest($1::text[], $2::int[], $3::bigint[], $4::text[]) as held (consumer, partition_group, epoch, owner)
             using (consumer, partition_group, epoch, owner) for key share of partition_leases`,
    values: [leases.map((l) => l.consumer), leases.map((l) => l.group), leases.map((l) => l.epoch), leases.map((l) => l.owner)],
  });
  if (rows.length !== leases.length) throw leaseLost();
}

/** Inserts the inbox rows and answers those that are new. Outside its transaction it inserts nothing. */
async function enter(transaction: Transaction, calls: readonly Call[]): Promise<Set<string>> {
  const rows = await transaction.query<{ consumer: string; run: string; tenant: string; source: string; event_id: string }>({
    name: 'inbox-enter',
    text: `insert into inbox (consumer, run, tenant, source, event_id)
           select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
           where ${INSIDE} order by 1, 2, 3, 4, 5
           on conflict do nothing returning consumer, run, tenant, source, event_id`,
    values: [
      calls.map(({ delivery }) => delivery.lease.consumer),
      calls.map(({ delivery }) => delivery.run),
      calls.map(({ delivery }) => delivery.tenant),
      calls.map(({ delivery }) => delivery.source),
      calls.map(({ delivery }) => delivery.eventId),
    ],
  });
  return new Set(rows.map((row) => [row.consumer, row.run, row.tenant, row.source, row.event_id].join('\n')));
}

function identity({ lease, run, tenant, source, eventId }: DeliveryKey): string {
  return [lease.consumer, run, tenant, source, eventId].join('\n');
}

async function leaveHeld(transaction: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await transaction.query({ text: 'delete from held_events where held_id in (select held_id from held_events where held_id = any($1::bigint[]) order by held_id for update)', values: [ids] });
}
