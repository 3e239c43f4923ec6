import type { AuthGrantSetRequest, AuthGrantSetResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import { isOwner, whyNotGrant } from '@granary/security';
import type { AuthDeps } from '../deps';
import { asPrincipal, claimsOf, demand } from '../principals/as-principal';
import { findActor, lockPrincipal } from '../principals/find.handler';
import { refuseLastOwner } from '../principals/principal.handler';
import { principalStore } from '../store/principal.store';
import { checkedGrants } from './checked-grants';

/** Replaces all grants of a principal, when they are still those that the caller saw. */
export const setGrants = ({ tenancy, log }: AuthDeps) => async (request: AuthGrantSetRequest, context: RpcContext): Promise<AuthGrantSetResponse> => {
  const claims = claimsOf(context);
  const after = checkedGrants(request.grants);
  const principal = await tenancy.within(context, async (unit) => {
    const { manager, announce } = unit;
    await principalStore.lockTenant(manager, context.tenant);
    const found = await lockPrincipal(manager, context.tenant, request.principal);
    demand(whyNotGrant(await findActor(manager, claims), found.grants, after));
    if (found.version !== request.version) throw Fault.permanent('changed-meanwhile', `somebody else changed this principal: it has version ${found.version} now, and the change was based on ${request.version}; look at it again, and send the version you saw`);
    if (!isOwner(after)) await refuseLastOwner(unit, found);
    await principalStore.saveGrants(manager, found.principalId, after, found.version + 1);
    announce({ type: 'auth.grant-changed.v1', key: found.principalId, data: { principalId: found.principalId, before: found.grants, after, by: claims.sub } });
    return { ...found, grants: after, version: found.version + 1 };
  });
  log.info({ principalId: principal.principalId, by: claims.sub }, 'grants set');
  return { principal: asPrincipal(principal) };
};
