import { createHash } from 'node:crypto';
import type { AuditPriceListResponse, AuditPriceSetRequest, AuditPriceSetResponse, AuditPriceShowRequest, AuditPriceShowResponse, ModelPrices, UnpricedCalls } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import type { Database } from '@granary/persistence';
import { readMoment } from '../search/moment';
import type { AiReadStore } from '../store/ai-read.store';
import type { PriceStore } from '../store/price.store';
import { countOf } from './group';
import { lastDays, type Days } from './period';
import { priceTableProblems } from './price-book';
import { dayOf, readUnpricedLabel } from './sums';

export interface PriceDeps {
  readonly database: Pick<Database, 'transact'>;
  readonly prices: PriceStore;
  readonly read: AiReadStore;
  readonly now: () => Date;
  /** Calls are to be reckoned again. */
  readonly wake: () => void;
}

const [UNPRICED_DAYS, MOST_UNPRICED] = [31, 200];

/** Sets a price table. A version is set once: the same content again changes nothing, another one is refused. */
export const setPrices = ({ database, prices, now, wake }: PriceDeps) => async ({ version, effectiveFrom, models }: AuditPriceSetRequest, context: RpcContext): Promise<AuditPriceSetResponse> => {
  const problems = priceTableProblems(models);
  if (problems.length > 0) throw Fault.permanent('bad-prices', `the price table cannot be used: ${problems.slice(0, 20).join('; ')}`);
  const by = context.access?.sub ?? null;
  const table = { version, effectiveFrom: readMoment(effectiveFrom), models, digest: digestOf(models), setAt: now(), by };
  const known = await database.transact(context, async ({ manager, announce }) => {
    const before = await prices.add(manager, context.tenant, table);
    if (before === null) announce({ type: 'audit.prices-set.v1', key: 'prices', data: { version, effectiveFrom: table.effectiveFrom.toISOString(), models: models.length, digest: table.digest, by } });
    return before;
  });
  if (known === null) {
    wake();
    return { table: { version, effectiveFrom: table.effectiveFrom.toISOString(), setAt: table.setAt.toISOString(), by, models: models.length, digest: table.digest }, created: true };
  }
  if (known.digest !== table.digest || known.effectiveFrom !== table.effectiveFrom.toISOString()) {
    throw Fault.permanent('version-taken', `there is a price table '${version}' already, with other prices or another date, and what was reckoned by it names it: give the new one another version`);
  }
  return { table: known, created: false };
};

export const listPrices = ({ prices, read, now }: PriceDeps) => async (_request: object, { tenant }: RpcContext): Promise<AuditPriceListResponse> => {
  const [tables, unpriced] = await Promise.all([prices.list(tenant), unpricedCalls(read, tenant, lastDays(UNPRICED_DAYS, dayOf(now())))]);
  return { tables, inEffect: tables.find(({ effectiveFrom }) => Date.parse(effectiveFrom) <= now().getTime())?.version ?? null, unpriced };
};

export const showPrices = ({ prices }: Pick<PriceDeps, 'prices'>) => async ({ version }: AuditPriceShowRequest, { tenant }: RpcContext): Promise<AuditPriceShowResponse> => {
  const found = await prices.show(tenant, version);
  if (found === null) throw Fault.permanent('not-found', `there is no price table '${version}': 'granary audit prices' lists them`);
  return found;
};

/** Which models have calls without a cost, and why. */
export async function unpricedCalls(read: AiReadStore, tenant: string, days: Days): Promise<UnpricedCalls[]> {
  const labels = await read.labels(tenant, days, 'invocation', 'unpriced ', MOST_UNPRICED);
  return labels.map(({ label, count }) => ({ ...(readUnpricedLabel(label) as Pick<UnpricedCalls, 'reason' | 'provider' | 'model'>), calls: countOf(count) }));
}

/** Of the prices alone, in an order of their own, so that the same prices have the same digest. */
function digestOf(models: readonly ModelPrices[]): string {
  const inOrder = models.map(({ provider, model, prices }) => [provider, model, Object.entries(prices).sort(([a], [b]) => (a < b ? -1 : 1))] as const).sort(([a, b], [c, d]) => (`${a} ${b}` < `${c} ${d}` ? -1 : 1));
  return `sha256:${createHash('sha256').update(JSON.stringify(inOrder)).digest('hex')}`;
}
