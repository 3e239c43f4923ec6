import type { EventData } from '@granary/contracts';
import type { UnitOfWork } from '@granary/messaging';
import type { AuthDeps } from '../deps';
import type { PrincipalEntity } from '../store/principal.entity';
import type { SessionEntity } from '../store/session.entity';
import { sessionStore } from '../store/session.store';
import { TOKEN_LIFE_MS } from '../trust/trust.worker';

type Why = EventData['auth.session-ended.v1']['why'];

/** Ends a session that is locked and goes on, and revokes its tokens. */
export async function endSession({ trust, now }: Pick<AuthDeps, 'trust' | 'now'>, unit: UnitOfWork, session: SessionEntity, why: Why, by: string | null): Promise<Date> {
  const endedAt = now();
  const { sid, tenant, principalId, lastUsedAt } = session;
  await sessionStore.saveEnd(unit.manager, sid, endedAt);
  // The tokens of one that rested have expired by themselves.
  if (endedAt.getTime() - lastUsedAt.getTime() < TOKEN_LIFE_MS) await trust.revoke(unit, tenant, [sid]);
  unit.announce({ type: 'auth.session-ended.v1', tenant, key: principalId, data: { principalId, sid, why, by } });
  return endedAt;
}

/** Ends all sessions of a principal, but for the one named. */
export async function endSessions(deps: Pick<AuthDeps, 'trust' | 'now'>, unit: UnitOfWork, { principal, why, by, except }: { principal: PrincipalEntity; why: Why; by: string | null; except?: string }): Promise<void> {
  for (const session of await sessionStore.lockOpen(unit.manager, principal.tenant, principal.principalId)) {
    if (session.sid !== except) await endSession(deps, unit, session, why, by);
  }
}
