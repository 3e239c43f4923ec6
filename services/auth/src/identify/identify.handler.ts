import type { AuthIdentityShowResponse } from '@granary/contracts';
import type { RpcContext } from '@granary/messaging';
import { permissionsOf } from '@granary/security';
import type { AccessClaims } from '@granary/security';
import { claimsOf } from '../principals/as-principal';

/** Who the token stands for, and what follows from it. */
export const showIdentity = () => async (_request: object, context: RpcContext): Promise<AuthIdentityShowResponse> => identityOf(claimsOf(context));

export function identityOf(claims: AccessClaims): AuthIdentityShowResponse {
  const { sub, tid, kind, name, grants, scope, sid, exp } = claims;
  return {
    principal: { principalId: sub, tenant: tid, kind, name },
    grants: grants.map(({ role, repositories }) => ({ role, repositories: repositories === 'all' ? repositories : [...repositories] })),
    permissions: permissionsOf(claims).toSorted(),
    scope: scope ? [...scope] : null,
    credential: kind === 'service' ? 'service' : isKeyId(sid) ? 'api-key' : 'session',
    sid,
    expiresAt: new Date(exp * 1_000).toISOString(),
  };
}

function isKeyId(sid: string): boolean {
  return /^[0-9A-Za-z]{16}$/.test(sid);
}
