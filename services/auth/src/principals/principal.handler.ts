import type { AuthPrincipalAddRequest, AuthPrincipalAddResponse, AuthPrincipalDisableRequest, AuthPrincipalDisableResponse, AuthPrincipalListRequest, AuthPrincipalListResponse, AuthPrincipalShowRequest, AuthPrincipalShowResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { pageOf, readPage } from '@granary/messaging';
import type { RpcContext, UnitOfWork } from '@granary/messaging';
import { isOwner, whyNotGrant, whyNotManage, whyNotPassword } from '@granary/security';
import type { AuthDeps } from '../deps';
import { checkedGrants } from '../grants/checked-grants';
import { endSessions } from '../log-in/end-sessions.handler';
import { apiKeyStore } from '../store/api-key.store';
import { principalStore } from '../store/principal.store';
import type { PrincipalEntity } from '../store/principal.entity';
import { asActor, asPrincipal, claimsOf, demand } from './as-principal';
import { findActor, findPrincipal, lockPrincipal } from './find.handler';

const NAME = /^.{1,128}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Adds a person or a service account. */
export const addPrincipal = (deps: AuthDeps) => async (request: AuthPrincipalAddRequest, context: RpcContext): Promise<AuthPrincipalAddResponse> => {
  const { kind, name, password } = request;
  const claims = claimsOf(context);
  const grants = checkedGrants(request.grants ?? []);
  refuseUnfit(request);
  const allowed = await deps.tenancy.within(context, async ({ manager }) => whyNotGrant(await findActor(manager, claims), [], grants));
  demand(allowed);
  // Outside of a transaction, because it takes its time.
  const phc = password === undefined ? null : await deps.passwords.hash(password);
  return deps.tenancy.within(context, async (unit) => {
    demand(whyNotGrant(await findActor(unit.manager, claims), [], grants));
    const principal = await insertPrincipal(deps, unit, { tenant: context.tenant, kind, name, grants, phc, by: claims.sub });
    return { principal: asPrincipal(principal) };
  });
};

export interface NewPrincipal {
  readonly tenant: string;
  readonly kind: PrincipalEntity['kind'];
  readonly name: string;
  readonly grants: PrincipalEntity['grants'];
  readonly phc: string | null;
  readonly by: string | null;
}

/** @throws Fault permanent `name-taken` */
export async function insertPrincipal({ now, newId }: Pick<AuthDeps, 'now' | 'newId'>, { manager, announce }: UnitOfWork, { tenant, kind, name, grants, phc, by }: NewPrincipal): Promise<PrincipalEntity> {
  const at = now();
  const principal: PrincipalEntity = { principalId: newId(), tenant, kind, name, state: 'active', grants, version: 1, createdAt: at, lastSeenAt: null };
  if (!(await principalStore.add(manager, principal))) throw Fault.permanent('name-taken', 'there is a principal of that name in this tenant, perhaps in other letters or disabled; take another name');
  if (phc !== null) await principalStore.savePassword(manager, { principalId: principal.principalId, tenant, phc, changedAt: at });
  announce({ type: 'auth.principal-added.v1', tenant, key: principal.principalId, data: { principalId: principal.principalId, kind, grants, by } });
  return principal;
}

/** @throws Fault permanent `name-is-id`, `not-a-person`, or why the password is not accepted */
export function refuseUnfit({ kind, name, password }: Pick<AuthPrincipalAddRequest, 'kind' | 'name' | 'password'>): void {
  if (UUID.test(name)) throw Fault.permanent('name-is-id', 'the name has the form of an id, so nobody could tell which is meant; take another one');
  if (password === undefined) return;
  if (kind !== 'person') throw Fault.permanent('not-a-person', 'a service account has no password; issue it an API key');
  demand(whyNotPassword(password, name));
}

export const listPrincipals = ({ tenancy }: Pick<AuthDeps, 'tenancy'>) => async (request: AuthPrincipalListRequest, context: RpcContext): Promise<AuthPrincipalListResponse> => {
  const { limit, after } = readPage(request, NAME);
  const rows = await tenancy.within(context, ({ manager }) => principalStore.list(manager, context.tenant, { kind: request.kind, after: after ?? '', limit: limit + 1 }));
  const page = pageOf(rows, limit, ({ name }) => name.toLowerCase());
  return { principals: page.rows.map(asPrincipal), next: page.next };
};

export const showPrincipal = ({ tenancy }: Pick<AuthDeps, 'tenancy'>) => async (request: AuthPrincipalShowRequest, context: RpcContext): Promise<AuthPrincipalShowResponse> => ({
  principal: asPrincipal(await tenancy.within(context, ({ manager }) => findPrincipal(manager, context.tenant, request.principal))),
});

/** Keeps a principal out, with all its sessions and the tokens it has. Twice is fine. */
export const disablePrincipal = (deps: AuthDeps) => async (request: AuthPrincipalDisableRequest, context: RpcContext): Promise<AuthPrincipalDisableResponse> => {
  const claims = claimsOf(context);
  const principal = await deps.tenancy.within(context, async (unit) => {
    const { manager, announce } = unit;
    await principalStore.lockTenant(manager, context.tenant);
    const found = await lockPrincipal(manager, context.tenant, request.principal);
    demand(whyNotManage(await findActor(manager, claims), asActor(found)));
    if (found.state === 'disabled') return found;
    await refuseLastOwner(unit, found);
    await principalStore.saveState(manager, found.principalId, 'disabled');
    announce({ type: 'auth.principal-disabled.v1', key: found.principalId, data: { principalId: found.principalId, by: claims.sub } });
    await endSessions(deps, unit, { principal: found, why: 'disabled', by: claims.sub });
    await deps.trust.revoke(unit, context.tenant, await keyIds(unit, found));
    return { ...found, state: 'disabled' as const };
  });
  await deps.trust.refresh();
  deps.log.info({ principalId: principal.principalId, by: claims.sub }, 'principal disabled');
  return { principal: asPrincipal(principal) };
};

/** Lets a disabled principal in again, with the API keys it had. Twice is fine. */
export const enablePrincipal = (deps: AuthDeps) => async (request: AuthPrincipalDisableRequest, context: RpcContext): Promise<AuthPrincipalDisableResponse> => {
  const claims = claimsOf(context);
  const principal = await deps.tenancy.within(context, async (unit) => {
    const { manager, announce } = unit;
    const found = await lockPrincipal(manager, context.tenant, request.principal);
    demand(whyNotManage(await findActor(manager, claims), asActor(found)));
    if (found.state === 'active') return found;
    await principalStore.saveState(manager, found.principalId, 'active');
    await deps.trust.forget(unit, await keyIds(unit, found));
    announce({ type: 'auth.principal-enabled.v1', key: found.principalId, data: { principalId: found.principalId, by: claims.sub } });
    return { ...found, state: 'active' as const };
  });
  await deps.trust.refresh();
  deps.log.info({ principalId: principal.principalId, by: claims.sub }, 'principal enabled');
  return { principal: asPrincipal(principal) };
};

/** A tenant without an owner could never be given one. The tenant is locked by whoever asks. */
export async function refuseLastOwner({ manager }: UnitOfWork, { tenant, state, grants }: PrincipalEntity): Promise<void> {
  if (state !== 'active' || !isOwner(grants)) return;
  if ((await principalStore.countActiveOwners(manager, tenant)) > 1) return;
  throw Fault.permanent('last-owner', 'this is the last owner of the tenant, and without one nobody could grant owner again; make somebody else an owner first');
}

async function keyIds({ manager }: UnitOfWork, { tenant, principalId }: PrincipalEntity): Promise<string[]> {
  return (await apiKeyStore.unrevoked(manager, tenant, principalId)).map(({ keyId }) => keyId);
}
