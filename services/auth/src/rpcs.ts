import type { RpcOperation, RpcShapes } from '@granary/contracts';
import type { RpcContext, RpcHandler } from '@granary/messaging';
import type { Refusals } from '@granary/service-host';
import type { AuthDeps } from './deps';
import { exchangeKey } from './exchange/exchange.handler';
import { issueServiceToken } from './exchange/service-token.handler';
import { setGrants } from './grants/grant.handler';
import { reportRefusals, serveTold } from './guard/refusals.handler';
import { showIdentity } from './identify/identify.handler';
import { issueKey, listKeys, revokeKey } from './keys/key.handler';
import { createSession, endOneSession, listSessions, refreshSession } from './log-in/session.handler';
import { setPassword } from './principals/password.handler';
import { addPrincipal, disablePrincipal, enablePrincipal, listPrincipals, showPrincipal } from './principals/principal.handler';
import { addTenant, listTenants } from './tenants/tenant.handler';
import { readTrust } from './trust/trust.handler';

/** Everything that auth answers, as a table. */
export const rpcs = (deps: AuthDeps, refusals: Refusals): RpcHandler[] => {
  const serve = <O extends RpcOperation>(operation: O, handler: (request: RpcShapes[O]['request'], context: RpcContext) => Promise<RpcShapes[O]['response']>): RpcHandler => serveTold(refusals, operation, handler);
  return [
    serve('auth.session.create', createSession(deps)),
    serve('auth.session.refresh', refreshSession(deps)),
    serve('auth.session.end', endOneSession(deps)),
    serve('auth.session.list', listSessions(deps)),
    serve('auth.key.exchange', exchangeKey(deps)),
    serve('auth.key.issue', issueKey(deps)),
    serve('auth.key.list', listKeys(deps)),
    serve('auth.key.revoke', revokeKey(deps)),
    serve('auth.service-token.issue', issueServiceToken(deps)),
    serve('auth.trust.read', readTrust(deps)),
    serve('auth.refusal.report', reportRefusals(refusals)),
    serve('auth.identity.show', showIdentity()),
    serve('auth.principal.add', addPrincipal(deps)),
    serve('auth.principal.list', listPrincipals(deps)),
    serve('auth.principal.show', showPrincipal(deps)),
    serve('auth.principal.disable', disablePrincipal(deps)),
    serve('auth.principal.enable', enablePrincipal(deps)),
    serve('auth.password.set', setPassword(deps)),
    serve('auth.grant.set', setGrants(deps)),
    serve('auth.tenant.add', addTenant(deps)),
    serve('auth.tenant.list', listTenants(deps)),
  ];
};
