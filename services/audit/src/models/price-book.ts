import type { ModelPrices } from '@granary/contracts';
import { costOf, unpriced, type Cost, type Usage } from './price';

/** A price table of a tenant. */
export interface PriceTableOf {
  readonly version: string;
  readonly effectiveFrom: Date;
  readonly models: readonly ModelPrices[];
}

/** All price tables of a tenant, made for many calls. */
export interface PriceBook {
  /** What a call costs that was stored at this time, and the version of the table that was in effect then. */
  priceOf(call: PricedCall): { readonly cost: Cost; readonly priceTable: string | null };
}

export interface PricedCall {
  readonly provider: string;
  readonly model: string;
  readonly usage: Usage;
  readonly storedAt: Date;
}

/** Of two tables with the same moment the one that was set later holds; the tables come in the order in which they were set. */
export function priceBook(tables: readonly PriceTableOf[]): PriceBook {
  const inOrder = tables.map((table) => ({ table, from: table.effectiveFrom.getTime(), find: modelFinder(table.models) })).sort((a, b) => a.from - b.from);
  return {
    priceOf({ provider, model, usage, storedAt }) {
      const inEffect = inOrder.findLast(({ from }) => from <= storedAt.getTime());
      if (inEffect === undefined) return { cost: unpriced('no-price-table'), priceTable: null };
      const prices = inEffect.find(provider, model);
      return { cost: prices === null ? unpriced('unknown-model') : costOf(usage, prices.prices), priceTable: inEffect.table.version };
    },
  };
}

/** The whole name goes before a beginning, a longer beginning before a shorter one. */
function modelFinder(models: readonly ModelPrices[]): (provider: string, model: string) => ModelPrices | null {
  const whole = new Map(models.map((entry) => [keyOf(entry.provider, entry.model), entry]));
  const beginnings = models.filter(({ model }) => model.endsWith('*')).sort((a, b) => b.model.length - a.model.length);
  return (provider, model) => whole.get(keyOf(provider, model)) ?? beginnings.find((entry) => entry.provider === provider && model.startsWith(entry.model.slice(0, -1))) ?? null;
}

const keyOf = (provider: string, model: string): string => `${provider} ${model}`;

/** What is wrong with the models of a table, beside what its contract says; empty when nothing is. */
export function priceTableProblems(models: readonly ModelPrices[]): string[] {
  const seen = new Set<string>();
  return models.flatMap(({ provider, model, prices }, at) => {
    const key = keyOf(provider, model);
    const repeated = seen.has(key);
    seen.add(key);
    return [
      ...(repeated ? [`models[${at}] repeats ${key}; name each model once`] : []),
      ...(model.slice(0, -1).includes('*') ? [`models[${at}]: '*' may only stand at the end of a model's name`] : []),
      ...(Object.keys(prices).length === 0 ? [`models[${at}] has no price; give at least one`] : []),
    ];
  });
}
