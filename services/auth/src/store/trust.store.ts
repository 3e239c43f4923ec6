import type { KeyLife } from '@granary/security';
import type { EntityManager } from 'typeorm';
import { MoreThan } from 'typeorm';
import { RevocationEntity } from './revocation.entity';
import { SigningKeyEntity } from './signing-key.entity';

/** Signing keys, which are of no tenant, and revocations. */
export const trustStore = {
  /** Replicas look after the signing keys one after the other. The lock ends with the transaction. */
  async lockKeys(manager: EntityManager, number: string): Promise<void> {
    await manager.query('select pg_advisory_xact_lock($1)', [number]);
  },

  async keys(manager: EntityManager): Promise<SigningKeyEntity[]> {
    return manager.find(SigningKeyEntity, { order: { since: 'ASC', kid: 'ASC' } });
  },

  async addKey(manager: EntityManager, key: SigningKeyEntity): Promise<void> {
    await manager.insert(SigningKeyEntity, key);
  },

  async saveState(manager: EntityManager, kid: string, state: Exclude<KeyLife['state'], 'retired'>, since: Date): Promise<void> {
    await manager.update(SigningKeyEntity, { kid }, { state, since });
  },

  /** It signs no more, so its private half goes. */
  async retire(manager: EntityManager, kid: string, since: Date): Promise<void> {
    await manager.update(SigningKeyEntity, { kid }, { state: 'retired', since, sealedPrivate: null });
  },

  async removeKey(manager: EntityManager, kid: string): Promise<void> {
    await manager.delete(SigningKeyEntity, { kid });
  },

  /** Those that still matter, the longest first. */
  async revocations(manager: EntityManager, now: Date, limit: number): Promise<RevocationEntity[]> {
    return manager.find(RevocationEntity, { where: { until: MoreThan(now) }, order: { until: 'DESC' }, take: limit });
  },

  async revoke(manager: EntityManager, revocation: RevocationEntity): Promise<void> {
    await manager.upsert(RevocationEntity, revocation, ['sid']);
  },

  async forget(manager: EntityManager, sids: readonly string[]): Promise<void> {
    await manager.query('delete from revocations where sid = any($1)', [sids]);
  },

  async prune(manager: EntityManager, now: Date): Promise<void> {
    await manager.query('delete from revocations where until <= $1', [now]);
  },
};
