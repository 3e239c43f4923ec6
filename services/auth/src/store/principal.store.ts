import type { Principal } from '@granary/contracts';
import type { EntityManager } from 'typeorm';
import { PasswordEntity } from './password.entity';
import { PrincipalEntity } from './principal.entity';
import { TenantEntity } from './tenant.entity';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What a name can consist of. Other text, which PostgreSQL may not even be able to take, names nobody. */
const NAME = /^[A-Za-z0-9._@+-]{1,128}$/;

/** Tenants, their principals, and their passwords. Every call runs in a unit of work that says whose rows it sees. */
export const principalStore = {
  async tenant(manager: EntityManager, tenant: string): Promise<TenantEntity | null> {
    return manager.findOneBy(TenantEntity, { tenant });
  },

  /** Whoever changes who owns a tenant does so one after the other. */
  async lockTenant(manager: EntityManager, tenant: string): Promise<void> {
    await manager.query('select 1 from tenants where tenant = $1 for no key update', [tenant]);
  },

  /** False when there is one of that id. */
  async addTenant(manager: EntityManager, tenant: TenantEntity): Promise<boolean> {
    const added = await manager.createQueryBuilder().insert().into(TenantEntity).values(tenant).orIgnore().returning('tenant').execute();
    return (added.raw as unknown[]).length > 0;
  },

  async countTenants(manager: EntityManager): Promise<number> {
    return manager.count(TenantEntity);
  },

  /** By id, after the one named. */
  async tenants(manager: EntityManager, after: string, limit: number): Promise<TenantEntity[]> {
    return manager.createQueryBuilder(TenantEntity, 't').where('t.tenant collate "C" > :after', { after }).addSelect('t.tenant collate "C"', 'sorted_tenant').orderBy('sorted_tenant').limit(limit).getMany();
  },

  /** By its id or its name. */
  async find(manager: EntityManager, tenant: string, selector: string): Promise<PrincipalEntity | null> {
    if (UUID.test(selector)) return manager.findOneBy(PrincipalEntity, { tenant, principalId: selector });
    if (!NAME.test(selector)) return null;
    return manager.createQueryBuilder(PrincipalEntity, 'p').where('p.tenant = :tenant and p.folded_name = lower(:selector)', { tenant, selector }).getOne();
  },

  async get(manager: EntityManager, principalId: string): Promise<PrincipalEntity> {
    return manager.findOneByOrFail(PrincipalEntity, { principalId });
  },

  /** The principal, which nobody else changes before the transaction ends. */
  async lock(manager: EntityManager, tenant: string, principalId: string): Promise<PrincipalEntity | null> {
    return manager.findOne(PrincipalEntity, { where: { tenant, principalId }, lock: { mode: 'for_no_key_update' } });
  },

  /** By name, after the one named. */
  async list(manager: EntityManager, tenant: string, { kind, after, limit }: { kind: Principal['kind'] | undefined; after: string; limit: number }): Promise<PrincipalEntity[]> {
    const query = manager.createQueryBuilder(PrincipalEntity, 'p').where('p.tenant = :tenant and p.folded_name > :after', { tenant, after });
    if (kind !== undefined) query.andWhere('p.kind = :kind', { kind });
    return query.addSelect('p.folded_name', 'sorted_name').orderBy('sorted_name').limit(limit).getMany();
  },

  /** False when the name is taken. */
  async add(manager: EntityManager, principal: PrincipalEntity): Promise<boolean> {
    const added = await manager.createQueryBuilder().insert().into(PrincipalEntity).values(principal).orIgnore().returning('principal_id').execute();
    return (added.raw as unknown[]).length > 0;
  },

  async saveState(manager: EntityManager, principalId: string, state: Principal['state']): Promise<void> {
    await manager.update(PrincipalEntity, { principalId }, { state });
  },

  async saveGrants(manager: EntityManager, principalId: string, grants: Principal['grants'], version: number): Promise<void> {
    await manager.update(PrincipalEntity, { principalId }, { grants, version });
  },

  async saveSeen(manager: EntityManager, principalId: string, lastSeenAt: Date): Promise<void> {
    await manager.update(PrincipalEntity, { principalId }, { lastSeenAt });
  },

  /** How many owners a tenant has that can act. */
  async countActiveOwners(manager: EntityManager, tenant: string): Promise<number> {
    const [row] = (await manager.query(`select count(*)::int as owners from principals where tenant = $1 and state = 'active' and grants @> '[{"role":"owner"}]'`, [tenant])) as { owners: number }[];
    return row?.owners ?? 0;
  },

  /** The PHC string, or null for those who have no password. */
  async phc(manager: EntityManager, principalId: string): Promise<string | null> {
    return (await manager.findOneBy(PasswordEntity, { principalId }))?.phc ?? null;
  },

  async savePassword(manager: EntityManager, password: PasswordEntity): Promise<void> {
    await manager.upsert(PasswordEntity, password, ['principalId']);
  },
};
