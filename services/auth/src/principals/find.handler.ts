import { Fault } from '@granary/faults';
import type { AccessClaims, Actor } from '@granary/security';
import type { EntityManager } from 'typeorm';
import type { PrincipalEntity } from '../store/principal.entity';
import { principalStore } from '../store/principal.store';
import { asActor } from './as-principal';

/** A principal of the tenant by its id or name. Whoever may not see it is told the same as when there is none. */
export async function findPrincipal(manager: EntityManager, tenant: string, selector: string): Promise<PrincipalEntity> {
  return (await principalStore.find(manager, tenant, selector)) ?? notFound();
}

/** The same, and nobody else changes it before the transaction ends. */
export async function lockPrincipal(manager: EntityManager, tenant: string, selector: string): Promise<PrincipalEntity> {
  const { principalId } = await findPrincipal(manager, tenant, selector);
  return (await principalStore.lock(manager, tenant, principalId)) ?? notFound();
}

/**
 * Who acts, with the grants of this moment: a token is up to ten minutes old, and what was taken away since must not be used to
 * get it back. Services are what their token says.
 * @throws Fault permanent `disabled`
 */
export async function findActor(manager: EntityManager, claims: AccessClaims): Promise<Actor> {
  const scope = claims.scope && { scope: claims.scope };
  if (claims.kind === 'service') return { sub: claims.sub, tid: claims.tid, grants: claims.grants, ...scope };
  const principal = await principalStore.get(manager, claims.sub);
  if (principal.state !== 'active') throw Fault.permanent('disabled', 'this principal was disabled; ask an owner or admin of the tenant');
  return { ...asActor(principal), ...scope };
}

function notFound(): never {
  throw Fault.permanent('principal-not-found', "there is no such principal in this tenant: 'granary users list' shows all of them");
}
