import type { Across, Database } from '@granary/persistence';

/** Transactions in which row-level security shows the rows of one tenant, or of all. */
export interface Tenancy {
  /** Sees and writes only what belongs to the tenant of the cause. */
  within: Database['transact'];
  /**
   * Sees and writes what belongs to any tenant. Only for what has to find out which tenant something belongs to (an API key by
   * its id, a session by its refresh token), and for what concerns all of them: trust, upkeep, the list of tenants.
   */
  across: Across['transact'];
}

export const createTenancy = ({ transact, across }: Pick<Database, 'transact' | 'across'>): Tenancy => ({ within: transact, across: across.transact });
