import { RPC_PERMISSIONS } from '@granary/contracts';
import type { RpcOperation, RpcPermission } from '@granary/contracts';
import type { Repositories } from '@granary/messaging';
import { PLATFORM_TENANT, mayCall, repositoriesFor } from '@granary/security';
import type { AccessClaims, Permission, Refusal } from '@granary/security';

/** What a call turns out to be, once it is known whose token it carries. */
export type Judgement =
  | { readonly state: 'allowed'; readonly tenant: string; readonly repositories: Repositories }
  | { readonly state: 'refused'; readonly refusal: Refusal; readonly permission: Permission | null };

/** Codes that come from here; the others are those of tokens. */
export const CALL_REFUSALS = ['token-missing', 'tenant-foreign', 'permission-missing', 'call-not-granted'] as const;

/**
 * Whether the bearer of good claims may call an operation. Services may call what their access document says, for any tenant;
 * everybody else acts in the own tenant alone, and needs the operation's permission there: on the whole tenant, or on some
 * repositories where the contract says that the operation is about repositories. Then the handler keeps to those.
 * @param tenant that the caller named, null when it named none
 */
export function judge(operation: RpcOperation, claims: AccessClaims, tenant: string | null): Judgement {
  if (claims.kind === 'service') return judgeService(operation, claims, tenant);
  if (tenant !== null && tenant !== claims.tid) return refused('tenant-foreign', 'the token belongs to another tenant than the one that was asked for; log in to that tenant');
  const { permission, repository } = RPC_PERMISSIONS[operation];
  if (permission === 'service') return refused('call-not-granted', 'only services of the platform may call this');
  if (!isPermissionOf(permission)) return { state: 'allowed', tenant: claims.tid, repositories: 'all' };
  const repositories = repositoriesFor(claims, permission);
  if (repositories === 'all' || (repository !== null && repositories.size > 0)) return { state: 'allowed', tenant: claims.tid, repositories };
  const where = repositories.size > 0 ? ', which you have on some repositories only' : ', which you do not have';
  return refused('permission-missing', `this needs ${permission} on the whole tenant${where}; ask an owner or admin of the tenant for a role that has it`, permission);
}

/** Nothing is believed of who shows no token, except where none is asked for. */
export function needsToken(operation: RpcOperation): boolean {
  return RPC_PERMISSIONS[operation].permission !== 'none';
}

export const TOKEN_MISSING: Refusal = { code: 'token-missing', message: 'this needs an access token, and none was sent; log in, or use an API key' };

function judgeService(operation: RpcOperation, claims: AccessClaims, tenant: string | null): Judgement {
  if (mayCall(claims, operation)) return { state: 'allowed', tenant: tenant ?? PLATFORM_TENANT, repositories: 'all' };
  return refused('call-not-granted', `the access document of ${claims.name} does not name ${operation} under its calls; add it there`);
}

function isPermissionOf(permission: Exclude<RpcPermission['permission'], 'service'>): permission is Permission {
  return permission !== 'none' && permission !== 'any';
}

function refused(code: (typeof CALL_REFUSALS)[number], message: string, permission: Permission | null = null): Judgement {
  return { state: 'refused', refusal: { code, message }, permission };
}
