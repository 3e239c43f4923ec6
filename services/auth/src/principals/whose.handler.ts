import { may } from '@granary/security';
import type { AccessClaims } from '@granary/security';
import type { EntityManager } from 'typeorm';
import { principalStore } from '../store/principal.store';
import { demand } from './as-principal';
import { findPrincipal } from './find.handler';

/**
 * Whose sessions or keys are listed: with identity:read those of the principal asked for, or of all (undefined); else the own ones.
 * @throws Fault permanent `permission-missing` when somebody else's are asked for without it
 */
export async function whoseToList(manager: EntityManager, tenant: string, claims: AccessClaims, selector: string | undefined): Promise<string | undefined> {
  // A service may see what its access document lets it ask for.
  if (claims.kind === 'service' || may(claims, 'identity:read')) return selector === undefined ? undefined : (await findPrincipal(manager, tenant, selector)).principalId;
  const isOwn = selector === undefined || (await principalStore.find(manager, tenant, selector))?.principalId === claims.sub;
  if (!isOwn) demand({ code: 'permission-missing', message: 'to see what belongs to somebody else needs identity:read; ask an owner or admin of the tenant' });
  return claims.sub;
}
