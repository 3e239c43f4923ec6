import type { EntityManager } from 'typeorm';
import { IsNull, MoreThan } from 'typeorm';
import { SessionEntity } from './session.entity';

/** Sessions. Every call runs in a unit of work that says whose rows it sees. */
export const sessionStore = {
  async add(manager: EntityManager, session: SessionEntity): Promise<void> {
    await manager.insert(SessionEntity, session);
  },

  /** The session, which nobody else changes before the transaction ends. */
  async lock(manager: EntityManager, sid: string): Promise<SessionEntity | null> {
    return manager.findOne(SessionEntity, { where: { sid }, lock: { mode: 'for_no_key_update' } });
  },

  async saveRefresh(manager: EntityManager, { sid, currentHash, lastUsedAt }: Pick<SessionEntity, 'sid' | 'currentHash' | 'lastUsedAt'>): Promise<void> {
    await manager.update(SessionEntity, { sid }, { currentHash, lastUsedAt });
  },

  async saveEnd(manager: EntityManager, sid: string, endedAt: Date): Promise<void> {
    await manager.update(SessionEntity, { sid }, { endedAt });
  },

  /** Those of a principal that go on, the oldest first, which nobody else changes before the transaction ends. */
  async lockOpen(manager: EntityManager, tenant: string, principalId: string): Promise<SessionEntity[]> {
    return manager.find(SessionEntity, { where: { tenant, principalId, endedAt: IsNull() }, order: { sid: 'ASC' }, lock: { mode: 'for_no_key_update' } });
  },

  /** Those that go on, the newest first, after the one named. */
  async list(manager: EntityManager, tenant: string, { principalId, after, now, limit }: { principalId: string | undefined; after: string | null; now: Date; limit: number }): Promise<SessionEntity[]> {
    const query = manager.createQueryBuilder(SessionEntity, 's').where('s.tenant = :tenant and s.ended_at is null and s.refresh_until > :now', { tenant, now });
    if (principalId !== undefined) query.andWhere('s.principal_id = :principalId', { principalId });
    if (after !== null) query.andWhere('s.sid < :after', { after });
    return query.orderBy('s.sid', 'DESC').limit(limit).getMany();
  },

  /** How many go on, of all tenants. */
  async countOpen(manager: EntityManager, now: Date): Promise<number> {
    return manager.countBy(SessionEntity, { endedAt: IsNull(), refreshUntil: MoreThan(now) });
  },

  /** Forgets those that ended, one way or the other, before a moment. */
  async prune(manager: EntityManager, before: Date): Promise<void> {
    await manager.query('delete from sessions where coalesce(ended_at, refresh_until) < $1', [before]);
  },
};
