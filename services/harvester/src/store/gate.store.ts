import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import { GateEntity } from './gate.entity';

/** How the secrets gates of tenants are set. */
export class GateStore {
  constructor(private readonly database: Pick<Database, 'of'>) {}

  /** Null when it was never set. */
  async of(tenant: string, manager: EntityManager = this.database.of(tenant)): Promise<GateEntity | null> {
    return manager.findOneBy(GateEntity, { tenant });
  }

  async save(manager: EntityManager, gate: GateEntity): Promise<void> {
    await manager.upsert(GateEntity, gate, ['tenant']);
  }
}
