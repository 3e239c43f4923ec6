import { formatDollars } from '@granary/client';
import { checkRpc, type AuditPriceListResponse, type AuditPriceSetRequest, type AuditPriceShowResponse, type BudgetState } from '@granary/contracts';
import { formatCount } from '../shell/format';
import { usageFault } from '../shell/problem';
import { printable, type Style } from '../shell/style';
import { renderTable } from '../shell/table';

/** Reads a file of prices. Faults: permanent `usage` with everything that is wrong with it. */
export function readPriceTable(text: string, file: string): AuditPriceSetRequest {
  const checked = checkRpc('audit.price.set', 'request', parse(text, file), 'strict');
  if (!checked.ok) throw usageFault(`${file} is no price table: ${checked.problems.join('; ')}.`);
  return checked.value;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageFault(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** The price tables, and the calls that they do not cover. */
export function renderPrices({ tables, inEffect, unpriced }: AuditPriceListResponse, style: Style): string {
  const list = renderTable(tables, [
    { title: 'version', value: ({ version }) => version, paint: (text, { version }) => (version === inEffect ? style.good(text) : text) },
    { title: 'from', value: ({ effectiveFrom }) => effectiveFrom },
    { title: 'models', value: ({ models }) => formatCount(models), align: 'right' },
    { title: 'set', value: ({ setAt }) => setAt },
    { title: 'digest', value: ({ digest }) => digest.slice(0, 19), paint: style.dim },
  ], style, 'There are no price tables: set one with `granary audit prices --set <file>`.');
  if (unpriced.length === 0) return list;
  const missing = renderTable(unpriced, [
    { title: 'provider', value: ({ provider }) => provider },
    { title: 'model', value: ({ model }) => model, paint: style.bold },
    { title: 'why', value: ({ reason }) => reason, paint: style.warn },
    { title: 'calls', value: ({ calls }) => formatCount(calls), align: 'right' },
  ], style, '');
  return `${list}\n\n${style.warn('Calls of the last 31 days without a cost')}\n${missing}`;
}

/** One price table with its prices, in dollars for a million tokens. */
export function renderPriceTable({ table, models }: AuditPriceShowResponse, style: Style): string {
  const price = (kind: keyof AuditPriceShowResponse['models'][number]['prices']) => ({ title: kind, value: ({ prices }: AuditPriceShowResponse['models'][number]) => prices[kind] ?? null, align: 'right' as const });
  const list = renderTable(models, [{ title: 'provider', value: ({ provider }) => provider }, { title: 'model', value: ({ model }) => model, paint: style.bold }, price('input'), price('output'), price('cache_read.input'), price('cache_write.input'), price('reasoning.output')], style, '');
  return `${style.bold(printable(table.version))} from ${table.effectiveFrom}, in dollars for a million tokens\n\n${list}`;
}

/** Budgets and how they stand in their periods. */
export function renderBudgets(budgets: readonly BudgetState[], style: Style): string {
  return renderTable(budgets, [
    { title: 'budget', value: ({ budget }) => budget.name, paint: style.bold },
    { title: 'of', value: ({ budget: { provider, model, repositoryId } }) => [provider, model, repositoryId].filter((part) => part !== null).join(' ') || 'all calls' },
    { title: 'period', value: ({ budget, from }) => `${budget.period} ${budget.period === 'day' ? from : from.slice(0, 7)}` },
    { title: 'limit', value: ({ budget }) => formatDollars(budget.limitNanoDollars), align: 'right' },
    { title: 'spent', value: ({ spentNanoDollars }) => formatDollars(spentNanoDollars), align: 'right', paint: (text, state) => (isPassed(state) ? style.bad(text) : text) },
    { title: 'expected', value: ({ forecastNanoDollars }) => (forecastNanoDollars === null ? null : formatDollars(forecastNanoDollars)), align: 'right', paint: (text, { budget, forecastNanoDollars }) => (forecastNanoDollars !== null && BigInt(forecastNanoDollars) > BigInt(budget.limitNanoDollars) ? style.warn(text) : text) },
    { title: 'unpriced', value: ({ unpriced }) => (unpriced === 0 ? null : formatCount(unpriced)), align: 'right', paint: style.warn },
    { title: 'passed', value: ({ passed }) => passed.map(({ threshold }) => `${threshold} %`).join(', ') },
  ], style, 'There are no budgets: make one with `granary audit budgets --set <name> --limit <dollars>`.');
}

const isPassed = ({ budget, spentNanoDollars }: BudgetState): boolean => spentNanoDollars !== '0' && BigInt(spentNanoDollars) >= BigInt(budget.limitNanoDollars);
