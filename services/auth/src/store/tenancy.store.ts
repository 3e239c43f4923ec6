import type { Cause, UnitOfWork } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';

/** Transactions in which row-level security shows the rows of one tenant. Without one nobody sees any. */
export interface Tenancy {
  /** Sees and writes only what belongs to the tenant of the cause. */
  within<R>(cause: Cause, work: (unit: UnitOfWork) => Promise<R>): Promise<R>;
  /**
   * Sees and writes what belongs to any tenant. Only for what has to find out which tenant something belongs to (an API key by
   * its id, a session by its refresh token), and for what concerns all of them: trust, upkeep, the list of tenants.
   */
  across<R>(cause: Cause, work: (unit: UnitOfWork) => Promise<R>): Promise<R>;
}

const EVERY_TENANT = '*';

export function createTenancy({ transact }: Pick<Database, 'transact'>): Tenancy {
  const as = <R>(tenant: string, cause: Cause, work: (unit: UnitOfWork) => Promise<R>): Promise<R> =>
    transact(cause, async (unit) => {
      await see(unit.manager, tenant);
      return work(unit);
    });
  return {
    within: async (cause, work) => {
      if (cause.tenant === EVERY_TENANT) throw new Error('a tenant cannot be named *');
      return as(cause.tenant, cause, work);
    },
    across: (cause, work) => as(EVERY_TENANT, cause, work),
  };
}

/** Until the end of the transaction, and for nobody else on this connection. */
async function see(manager: EntityManager, tenant: string): Promise<void> {
  await manager.query("select set_config('granary.tenant', $1, true)", [tenant]);
}
