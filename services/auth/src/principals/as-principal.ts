import type { Bearer, Principal } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import type { AccessClaims, Actor, Refusal } from '@granary/security';
import type { PrincipalEntity } from '../store/principal.entity';

export function asPrincipal({ principalId, tenant, kind, name, state, grants, version, createdAt, lastSeenAt }: PrincipalEntity): Principal {
  return { principalId, tenant, kind, name, state, grants, version, createdAt: createdAt.toISOString(), lastSeenAt: lastSeenAt?.toISOString() ?? null };
}

export function asBearer({ principalId, tenant, kind, name }: PrincipalEntity): Bearer {
  return { principalId, tenant, kind, name };
}

/** A principal as the rules see it. */
export function asActor({ principalId, tenant, grants }: PrincipalEntity): Actor {
  return { sub: principalId, tid: tenant, grants };
}

/** What the guard found out about the caller; the operations that ask for it are never admitted without. */
export function claimsOf({ access }: RpcContext): AccessClaims {
  if (access === null) throw Fault.permanent('token-missing', 'this needs an access token, and none was sent; log in, or use an API key');
  return access;
}

/** @throws Fault permanent with the refusal's code, when there is one */
export function demand(refusal: Refusal | null): void {
  if (refusal) throw Fault.permanent(refusal.code, refusal.message);
}
