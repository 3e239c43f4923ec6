import type { AiBudget, BudgetState } from '@granary/contracts';
import type { Database } from '@granary/persistence';
import type { EntityManager } from 'typeorm';
import { asBudget, BUDGET_COLUMNS, type BudgetRow } from './budget-row';
import { markDirty } from './ai-write.store';

const MOST_BUDGETS = 200;

/** The budgets of tenants. */
export class BudgetStore {
  constructor(private readonly database: Pick<Database, 'of'>) {}

  /** By name. */
  async list(tenant: string): Promise<AiBudget[]> {
    const rows = await this.database.of(tenant).query<BudgetRow[]>(`select ${BUDGET_COLUMNS} from ai_budget where tenant = $1 order by name limit ${MOST_BUDGETS}`, [tenant]);
    return rows.map(asBudget);
  }

  /** The thresholds of a budget that were passed in the period that begins on a day. */
  async passed(tenant: string, name: string, from: string): Promise<BudgetState['passed']> {
    const rows = await this.database.of(tenant).query<{ threshold: number; spent: string; passed_at: Date }[]>('select threshold, spent, passed_at from ai_budget_passed where tenant = $1 and name = $2 and from_day = $3 order by threshold', [tenant, name, from]);
    return rows.map(({ threshold, spent, passed_at }) => ({ threshold, spentNanoDollars: spent, at: passed_at.toISOString() }));
  }

  /** Makes or replaces a budget, has it looked at, and forgets which thresholds the one before it passed in periods that are not over. False when there are too many. */
  async set(manager: EntityManager, tenant: string, budget: AiBudget, today: string): Promise<boolean> {
    const [row] = await manager.query<{ known: boolean; many: boolean }[]>(`select exists (select 1 from ai_budget where tenant = $1 and name = $2) as known, (select count(*) from ai_budget where tenant = $1) >= ${MOST_BUDGETS} as many`, [tenant, budget.name]);
    if (row?.known !== true && row?.many === true) return false;
    await manager.query(
      `insert into ai_budget (tenant, ${BUDGET_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (tenant, name) do update set period = excluded.period, limit_nano = excluded.limit_nano, thresholds = excluded.thresholds, provider = excluded.provider, model = excluded.model,
         repository_id = excluded.repository_id, updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
      [tenant, budget.name, budget.period, budget.limitNanoDollars, budget.thresholds, budget.provider, budget.model, budget.repositoryId, budget.updatedAt, budget.by],
    );
    await manager.query(`delete from ai_budget_passed where tenant = $1 and name = $2 and from_day >= date_trunc('month', $3::date)::date`, [tenant, budget.name, today]);
    await markDirty(manager, [{ tenant, day: today }]);
    return true;
  }

  async remove(manager: EntityManager, tenant: string, name: string): Promise<AiBudget | null> {
    await manager.query('delete from ai_budget_passed where tenant = $1 and name = $2', [tenant, name]);
    const [rows] = await manager.query<[BudgetRow[], number]>(`delete from ai_budget where tenant = $1 and name = $2 returning ${BUDGET_COLUMNS}`, [tenant, name]);
    return rows[0] === undefined ? null : asBudget(rows[0]);
  }
}
