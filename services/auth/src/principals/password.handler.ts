import type { AuthPasswordSetRequest, AuthPasswordSetResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import { whyNotManage, whyNotPassword } from '@granary/security';
import type { AccessClaims } from '@granary/security';
import type { AuthDeps } from '../deps';
import { checkPassword } from '../log-in/attempt.handler';
import { endSessions } from '../log-in/end-sessions.handler';
import type { PrincipalEntity } from '../store/principal.entity';
import { principalStore } from '../store/principal.store';
import { asActor, claimsOf, demand } from './as-principal';
import { findActor, findPrincipal, lockPrincipal } from './find.handler';

/** Sets the own password, for which the old one is asked, or that of somebody else. Other sessions of that person end. */
export const setPassword = (deps: AuthDeps) => async (request: AuthPasswordSetRequest, context: RpcContext): Promise<AuthPasswordSetResponse> => {
  const claims = claimsOf(context);
  const selector = request.principal ?? claims.sub;
  const principal = await deps.tenancy.within(context, ({ manager }) => mayChange(manager, context.tenant, selector, claims));
  demand(whyNotPassword(request.new, principal.name));
  if (principal.principalId === claims.sub) await proveOld(deps, context, principal, request.old);
  const phc = await deps.passwords.hash(request.new);
  const changedAt = deps.now();
  await deps.tenancy.within(context, async (unit) => {
    await mayChange(unit.manager, context.tenant, principal.principalId, claims);
    const { principalId, tenant } = await lockPrincipal(unit.manager, context.tenant, principal.principalId);
    await principalStore.savePassword(unit.manager, { principalId, tenant, phc, changedAt });
    unit.announce({ type: 'auth.password-changed.v1', key: principalId, data: { principalId, by: claims.sub } });
    await endSessions(deps, unit, { principal, why: 'password-changed', by: claims.sub, except: claims.sid });
  });
  await deps.trust.refresh();
  deps.log.info({ principalId: principal.principalId, by: claims.sub }, 'password set');
  return { principalId: principal.principalId, changedAt: changedAt.toISOString() };
};

async function mayChange(manager: Parameters<typeof findActor>[0], tenant: string, selector: string, claims: AccessClaims): Promise<PrincipalEntity> {
  const principal = await findPrincipal(manager, tenant, selector);
  const actor = await findActor(manager, claims);
  if (principal.principalId !== actor.sub) demand(whyNotManage(actor, asActor(principal)));
  if (principal.kind !== 'person') throw Fault.permanent('not-a-person', 'a service account has no password; issue it an API key');
  return principal;
}

/** Whoever found an open session must not be able to take it over for good. */
async function proveOld(deps: AuthDeps, context: RpcContext, principal: PrincipalEntity, old: string | undefined): Promise<void> {
  if (old === undefined) throw Fault.permanent('old-password-missing', 'to set your own password the old one is asked; send it as `old`');
  const checked = await checkPassword(deps, context, { tenant: principal.tenant, name: principal.name, password: old });
  if (checked.state === 'right') return deps.tenancy.within(context, (unit) => checked.settle(unit));
  throw checked.fault;
}
