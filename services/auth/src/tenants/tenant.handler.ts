import type { AuthTenantAddRequest, AuthTenantAddResponse, AuthTenantListRequest, AuthTenantListResponse, Tenant } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { pageOf, readPage } from '@granary/messaging';
import type { RpcContext, UnitOfWork } from '@granary/messaging';
import { may } from '@granary/security';
import type { AuthDeps } from '../deps';
import { asPrincipal, claimsOf, demand } from '../principals/as-principal';
import { findActor } from '../principals/find.handler';
import { insertPrincipal, refuseUnfit } from '../principals/principal.handler';
import type { PrincipalEntity } from '../store/principal.entity';
import { principalStore } from '../store/principal.store';
import type { TenantEntity } from '../store/tenant.entity';

const TENANT = /^[\w-]{1,64}$/;

/** Creates a tenant with its first owner. */
export const addTenant = (deps: AuthDeps) => async ({ tenant, name, administrator }: AuthTenantAddRequest, context: RpcContext): Promise<AuthTenantAddResponse> => {
  const claims = claimsOf(context);
  refuseUnfit({ kind: 'person', ...administrator });
  const actor = await deps.tenancy.within(context, ({ manager }) => findActor(manager, claims));
  if (!may(actor, 'tenant:write')) demand({ code: 'permission-missing', message: 'this needs tenant:write, which only owners of the tenant _platform have; ask one' });
  const phc = await deps.passwords.hash(administrator.password);
  const added = await deps.tenancy.within({ ...context, tenant }, (unit) => insertTenant(deps, unit, { tenant, name, administrator: administrator.name, phc, by: claims.sub }));
  deps.log.info({ newTenant: tenant, by: claims.sub }, 'tenant created');
  return { tenant: asTenant(added.tenant), administrator: asPrincipal(added.administrator) };
};

export interface NewTenant {
  readonly tenant: string;
  readonly name: string;
  /** The name of its first owner. */
  readonly administrator: string;
  readonly phc: string;
  readonly by: string | null;
}

/** @throws Fault permanent `tenant-taken` */
export async function insertTenant(deps: Pick<AuthDeps, 'now' | 'newId'>, unit: UnitOfWork, { tenant: id, name, administrator: owner, phc, by }: NewTenant): Promise<{ tenant: TenantEntity; administrator: PrincipalEntity }> {
  const tenant: TenantEntity = { tenant: id, name, createdAt: deps.now() };
  if (!(await principalStore.addTenant(unit.manager, tenant))) throw Fault.permanent('tenant-taken', `there is a tenant ${id} already; take another id`);
  const administrator = await insertPrincipal(deps, unit, { tenant: id, kind: 'person', name: owner, grants: [{ role: 'owner', repositories: 'all' }], phc, by });
  unit.announce({ type: 'auth.tenant-created.v1', tenant: id, key: id, data: { tenant: id, administrator: administrator.principalId, by } });
  return { tenant, administrator };
}

export const listTenants = ({ tenancy }: Pick<AuthDeps, 'tenancy'>) => async (request: AuthTenantListRequest, context: RpcContext): Promise<AuthTenantListResponse> => {
  const { limit, after } = readPage(request, TENANT);
  const rows = await tenancy.across(context, ({ manager }) => principalStore.tenants(manager, after ?? '', limit + 1));
  const page = pageOf(rows, limit, ({ tenant }) => tenant);
  return { tenants: page.rows.map(asTenant), next: page.next };
};

function asTenant({ tenant, name, createdAt }: TenantEntity): Tenant {
  return { tenant, name, createdAt: createdAt.toISOString() };
}
