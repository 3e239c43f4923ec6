import type { AiRecord, AiReport, AuditReportShowRequest, AuditReportShowResponse, BudgetState, LabelledCount } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import type { AiReadStore, GroupRow } from '../store/ai-read.store';
import type { BudgetStore } from '../store/budget.store';
import type { PriceStore } from '../store/price.store';
import { attentionFor } from './attention';
import { stateOf } from './budgets.handler';
import { countOf, groupOf, measuresOf, type Dimension, type SumFilter } from './group';
import { beginningOf, daysOfMonth, monthBefore, type Days } from './period';
import { unpricedCalls } from './prices.handler';
import { renderReport } from './report-markdown';

export interface ReportDeps {
  readonly read: AiReadStore;
  readonly prices: PriceStore;
  readonly budgets: BudgetStore;
  readonly now: () => Date;
  /** How long records are kept, in milliseconds. */
  readonly keepMs: number;
}

const MOST = 200;

/** The compliance report of a month: everything of it is a sum of records, and each record names its event in the log. */
export const showReport = (deps: ReportDeps) => async ({ month, format = 'json' }: AuditReportShowRequest, { tenant }: RpcContext): Promise<AuditReportShowResponse> => {
  const now = deps.now();
  const days = daysOfMonth(month);
  if (beginningOf(days.from).getTime() > now.getTime()) throw Fault.permanent('bad-range', `${month} has not begun yet; ask for the report of this month or one before`);
  const report = await reportOf(deps, tenant, month, days, now);
  return { report, markdown: format === 'markdown' ? renderReport(report) : null };
};

async function reportOf(deps: ReportDeps, tenant: string, month: string, days: Days, now: Date): Promise<AiReport> {
  const ask = asking(deps.read, tenant, days);
  const [readUpTo, usage, budgets, safety, personalData, rejected, harvests] = await Promise.all([deps.read.readUpTo(), usageOf(deps, tenant, month, days), budgetsOf(deps, tenant, days, now), safetyOf(deps, tenant, days, ask, now), personalDataOf(ask), rejectedOf(ask), harvestsOf(ask)]);
  const end = beginningOf(days.to, true).getTime();
  const report = { tenant, month, complete: now.getTime() >= end && readUpTo !== null && readUpTo.getTime() >= end, readUpTo: readUpTo?.toISOString() ?? null, ...usage, budgets, safety, personalData, rejected, harvests };
  return { ...report, attention: attentionFor(report) };
}

type Ask = ReturnType<typeof asking>;

/** The questions that a report asks again and again, about everything of the tenant. */
function asking(read: AiReadStore, tenant: string, days: Days) {
  const groups = (kind: AiRecord['kind'], by: readonly Dimension[], filter: Omit<SumFilter, 'among' | 'kind'> = {}, limit = MOST) => read.groups(tenant, days, by, { ...filter, kind, among: null }, limit);
  return {
    groups,
    async total(kind: AiRecord['kind'], filter: Omit<SumFilter, 'among' | 'kind'> = {}) {
      const [total] = await groups(kind, [], filter, 1);
      return measuresOf(total as GroupRow);
    },
    async counts(kind: AiRecord['kind'], by: 'outcome' | 'risk', filter: Omit<SumFilter, 'among' | 'kind'> = {}): Promise<LabelledCount[]> {
      return (await groups(kind, [by], filter)).map((group) => ({ label: group.key[by] || 'none', count: countOf(group.events) }));
    },
    async labels(kind: AiRecord['kind'], beginning = ''): Promise<LabelledCount[]> {
      return (await read.labels(tenant, days, kind, beginning, MOST)).map(({ label, count }) => ({ label, count: countOf(count) }));
    },
  };
}

async function usageOf({ read, prices }: ReportDeps, tenant: string, month: string, days: Days) {
  const calls = (by: readonly Dimension[], limit = MOST) => read.groups(tenant, days, by, { kind: 'invocation', among: null }, limit);
  const grouped = async (by: readonly Dimension[], limit?: number) => (await calls(by, limit)).map((group) => groupOf(group.key, group));
  const earlier = daysOfMonth(monthBefore(month));
  const [[total], [before], models, repositories, byDay, statuses, tables, unpriced] = await Promise.all([
    calls([], 1),
    read.groups(tenant, earlier, [], { kind: 'invocation', among: null }, 1),
    grouped(['provider', 'model']),
    grouped(['repository']),
    grouped(['day'], 31),
    calls(['outcome']),
    prices.list(tenant),
    unpricedCalls(read, tenant, days),
  ]);
  return {
    total: measuresOf(total as GroupRow),
    before: measuresOf(before as GroupRow),
    models,
    repositories,
    days: byDay,
    statuses: statuses.map((group) => ({ label: group.key.outcome ?? '', count: countOf(group.events) })),
    priceTables: inEffect(tables, days),
    unpriced,
  };
}

/** The newest first, as they come: those that begin in the month, and the last one before it. */
function inEffect(tables: AiReport['priceTables'], { from, to }: Days): AiReport['priceTables'] {
  const [begin, end] = [beginningOf(from).getTime(), beginningOf(to, true).getTime()];
  const begun = tables.filter(({ effectiveFrom }) => Date.parse(effectiveFrom) < end);
  const before = begun.findIndex(({ effectiveFrom }) => Date.parse(effectiveFrom) <= begin);
  return before < 0 ? begun : begun.slice(0, before + 1);
}

async function budgetsOf(deps: ReportDeps, tenant: string, days: Days, now: Date): Promise<BudgetState[]> {
  const budgets = (await deps.budgets.list(tenant)).filter(({ period }) => period === 'month');
  return Promise.all(budgets.map((budget) => stateOf(deps, tenant, budget, days, now)));
}

async function safetyOf({ read, keepMs }: ReportDeps, tenant: string, { from, to }: Days, ask: Ask, now: Date): Promise<AiReport['safety']> {
  const kept = beginningOf(from).getTime() >= now.getTime() - keepMs;
  const [total, verdicts, risks, stages, checked] = await Promise.all([ask.total('safety-check'), ask.counts('safety-check', 'outcome'), ask.counts('safety-check', 'risk'), ask.labels('safety-check', 'stage '), kept ? read.checkedCalls(tenant, beginningOf(from), beginningOf(to, true)) : null]);
  return { checks: total.events, verdicts, risks, stages, score: total.score, lowestScore: total.lowestScore, callsChecked: checked === null ? null : countOf(checked) };
}

async function personalDataOf(ask: Ask): Promise<AiReport['personalData']> {
  const [total, handled] = await Promise.all([ask.total('pii-handling'), ask.labels('pii-handling')]);
  return { occasions: total.events, items: total.items, handled };
}

async function rejectedOf(ask: Ask): Promise<AiReport['rejected']> {
  const [total, reasons, actions] = await Promise.all([ask.total('rejected-output'), ask.labels('rejected-output'), ask.counts('rejected-output', 'outcome')]);
  return { answers: total.events, reasons, actions };
}

async function harvestsOf(ask: Ask): Promise<AiReport['harvests']> {
  const [assessed, withheld, risks, flags] = await Promise.all([ask.total('harvest-safety', { outcome: 'assessed' }), ask.total('harvest-safety', { outcome: 'withheld' }), ask.counts('harvest-safety', 'risk', { outcome: 'assessed' }), ask.labels('harvest-safety', 'flag ')]);
  return { assessments: assessed.events, risks, flags, withheld: withheld.events };
}
