import type { EntityManager } from 'typeorm';
import { IsNull } from 'typeorm';
import { ApiKeyEntity } from './api-key.entity';

/** API keys. Every call runs in a unit of work that says whose rows it sees. */
export const apiKeyStore = {
  async add(manager: EntityManager, key: ApiKeyEntity): Promise<void> {
    await manager.insert(ApiKeyEntity, key);
  },

  async find(manager: EntityManager, keyId: string): Promise<ApiKeyEntity | null> {
    return manager.findOneBy(ApiKeyEntity, { keyId });
  },

  /** The key, which nobody else changes before the transaction ends. */
  async lock(manager: EntityManager, keyId: string): Promise<ApiKeyEntity | null> {
    return manager.findOne(ApiKeyEntity, { where: { keyId }, lock: { mode: 'for_no_key_update' } });
  },

  async saveUse(manager: EntityManager, { keyId, lastUsedAt, useToldAt }: Pick<ApiKeyEntity, 'keyId' | 'lastUsedAt' | 'useToldAt'>): Promise<void> {
    await manager.update(ApiKeyEntity, { keyId }, { lastUsedAt, useToldAt });
  },

  async saveRevoked(manager: EntityManager, keyId: string, revokedAt: Date): Promise<void> {
    await manager.update(ApiKeyEntity, { keyId }, { revokedAt });
  },

  /** Those of a principal that are not revoked. */
  async unrevoked(manager: EntityManager, tenant: string, principalId: string): Promise<ApiKeyEntity[]> {
    return manager.findBy(ApiKeyEntity, { tenant, principalId, revokedAt: IsNull() });
  },

  /** The newest first, after the one named. */
  async list(manager: EntityManager, tenant: string, { principalId, after, limit }: { principalId: string | undefined; after: { createdAt: Date; keyId: string } | null; limit: number }): Promise<ApiKeyEntity[]> {
    const query = manager.createQueryBuilder(ApiKeyEntity, 'k').where('k.tenant = :tenant', { tenant });
    if (principalId !== undefined) query.andWhere('k.principal_id = :principalId', { principalId });
    if (after !== null) query.andWhere('(k.created_at, k.key_id) < (:createdAt, :keyId)', after);
    return query.orderBy('k.created_at', 'DESC').addOrderBy('k.key_id', 'DESC').limit(limit).getMany();
  },
};
