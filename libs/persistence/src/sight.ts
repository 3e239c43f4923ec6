import { Fault } from '@granary/faults';

/**
 * Whose rows statements see and write, by the setting that the policies of row-level security read: a tenant's, or every
 * tenant's. Without the setting they see none.
 */
export type Sight = string;

/** For the few who must cross tenants; `Database.across` is the only way to it from outside this package. */
export const EVERY_TENANT: Sight = '*';

/** What connections say that are for every tenant as long as they last. */
export const EVERY_TENANT_OPTION = `-c granary.tenant=${EVERY_TENANT}`;

/** The sight of one tenant. Faults: permanent `no-tenant`. */
export function sightOf(tenant: string): Sight {
  // What has such a name cannot come from outside, where tenants are plain tokens: it is a mistake of ours.
  if (tenant === '' || tenant === EVERY_TENANT || tenant.includes('\0')) throw Fault.permanent('no-tenant', `'${tenant}' cannot be a tenant; name the one whose rows are meant`);
  return tenant;
}

/** Sets it until the transaction ends, and for nobody else on the connection. */
export function seeing(sight: Sight): string {
  return `set local granary.tenant = ${literal(sight)}`;
}

const literal = (text: string): string => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
