import type { AiBudget } from '@granary/contracts';

export const BUDGET_COLUMNS = 'name, period, limit_nano, thresholds, provider, model, repository_id, updated_at, updated_by';

export interface BudgetRow {
  name: string;
  period: AiBudget['period'];
  limit_nano: string;
  thresholds: number[];
  provider: string | null;
  model: string | null;
  repository_id: string | null;
  updated_at: Date;
  updated_by: string | null;
}

export function asBudget(row: BudgetRow): AiBudget {
  return { name: row.name, period: row.period, limitNanoDollars: row.limit_nano, thresholds: row.thresholds, provider: row.provider, model: row.model, repositoryId: row.repository_id, updatedAt: row.updated_at.toISOString(), by: row.updated_by };
}
