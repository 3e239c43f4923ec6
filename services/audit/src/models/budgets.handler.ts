import type { AiBudget, AuditBudgetListResponse, AuditBudgetRemoveRequest, AuditBudgetRemoveResponse, AuditBudgetSetRequest, AuditBudgetSetResponse, BudgetState } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import type { AiReadStore } from '../store/ai-read.store';
import type { BudgetStore } from '../store/budget.store';
import { countOf } from './group';
import { forecast, periodAt, type Days } from './period';
import { dayOf } from './sums';

export interface BudgetDeps {
  readonly database: Pick<Database, 'transact'>;
  readonly budgets: BudgetStore;
  readonly read: AiReadStore;
  readonly now: () => Date;
  /** Budgets are to be looked at. */
  readonly wake: () => void;
}

const DEFAULT_THRESHOLDS = [50, 80, 100];

/** Makes or replaces a budget. What it has been passed by already is announced anew. */
export const setBudget = ({ database, budgets, now, wake }: BudgetDeps) => async (request: AuditBudgetSetRequest, context: RpcContext): Promise<AuditBudgetSetResponse> => {
  const { name, period, limitNanoDollars, thresholds = DEFAULT_THRESHOLDS, provider = null, model = null, repository = null } = request;
  const at = now();
  const budget: AiBudget = { name, period, limitNanoDollars, thresholds: [...new Set(thresholds)].sort((a, b) => a - b), provider, model, repositoryId: repository, updatedAt: at.toISOString(), by: context.access?.sub ?? null };
  await database.transact(context, async ({ manager, announce }) => {
    if (!(await budgets.set(manager, context.tenant, budget, dayOf(at)))) throw Fault.permanent('too-many-budgets', 'this tenant has 200 budgets, and cannot have more; take one away with `granary audit budgets --remove <name>`');
    announce({ type: 'audit.budget-set.v1', key: name, data: { budget } });
  });
  wake();
  return { budget };
};

export const removeBudget = ({ database, budgets }: Pick<BudgetDeps, 'database' | 'budgets'>) => async ({ name }: AuditBudgetRemoveRequest, context: RpcContext): Promise<AuditBudgetRemoveResponse> => {
  const budget = await database.transact(context, async ({ manager, announce }) => {
    const removed = await budgets.remove(manager, context.tenant, name);
    if (removed === null) throw Fault.permanent('not-found', `there is no budget '${name}': 'granary audit budgets' lists them`);
    announce({ type: 'audit.budget-removed.v1', key: name, data: { name, by: context.access?.sub ?? null } });
    return removed;
  });
  return { budget };
};

export const listBudgets = (deps: BudgetDeps) => async (_request: object, { tenant }: RpcContext): Promise<AuditBudgetListResponse> => {
  const budgets = await deps.budgets.list(tenant);
  const now = deps.now();
  return { budgets: await Promise.all(budgets.map((budget) => stateOf(deps, tenant, budget, periodAt(budget.period, now), now))) };
};

/** How a budget stands in a period. */
export async function stateOf({ budgets, read }: Pick<BudgetDeps, 'budgets' | 'read'>, tenant: string, budget: AiBudget, days: Days, now: Date): Promise<BudgetState> {
  const { name, provider, model, repositoryId } = budget;
  const filter = { kind: 'invocation', ...(provider !== null && { provider }), ...(model !== null && { model }), among: repositoryId === null ? null : [repositoryId] };
  const [[sum], passed] = await Promise.all([read.groups(tenant, days, [], filter, 1), budgets.passed(tenant, name, days.from)]);
  const spent = sum?.cost ?? '0';
  return { budget, ...days, spentNanoDollars: spent, unpriced: countOf(sum?.unpriced ?? '0'), forecastNanoDollars: forecast(BigInt(spent), days, now)?.toString() ?? null, passed };
}
