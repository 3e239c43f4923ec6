import type { RpcHandler } from '@granary/messaging';
import { serve } from '@granary/messaging';
import { listBudgets, removeBudget, setBudget, type BudgetDeps } from './budgets.handler';
import { listPrices, setPrices, showPrices, type PriceDeps } from './prices.handler';
import { searchRecords, showRecord, type RecordDeps } from './records.handler';
import { showReport, type ReportDeps } from './report.handler';
import { showSummary, type SummaryDeps } from './summary.handler';

/** What the AI audit answers. Every replica does, whoever reads the log for it. */
export const aiRpcs = (deps: RecordDeps & SummaryDeps & PriceDeps & BudgetDeps & ReportDeps): RpcHandler[] => [
  serve('audit.record.search', searchRecords(deps)),
  serve('audit.record.show', showRecord(deps)),
  serve('audit.summary.show', showSummary(deps)),
  serve('audit.report.show', showReport(deps)),
  serve('audit.price.set', setPrices(deps)),
  serve('audit.price.list', listPrices(deps)),
  serve('audit.price.show', showPrices(deps)),
  serve('audit.budget.set', setBudget(deps)),
  serve('audit.budget.list', listBudgets(deps)),
  serve('audit.budget.remove', removeBudget(deps)),
];
