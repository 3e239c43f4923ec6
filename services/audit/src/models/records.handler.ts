import type { AuditRecordSearchRequest, AuditRecordSearchResponse, AuditRecordShowRequest, AuditRecordShowResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { idsOf, isAmong, pageOf, readPage } from '@granary/messaging';
import type { RpcContext } from '@granary/messaging';
import { readMoment } from '../search/moment';
import type { AiReadStore, KeptRecord } from '../store/ai-read.store';
import type { PriceStore } from '../store/price.store';
import { priceBook } from './price-book';
import { readRecordKey, RECORD_KEY, recordKey } from './search-records';

export interface RecordDeps {
  readonly read: AiReadStore;
  readonly prices: PriceStore;
}

/** Records of the AI audit, of those repositories that the caller may see. */
export const searchRecords = ({ read }: RecordDeps) => async ({ repository, since, until, limit: _limit, cursor: _cursor, ...filter }: AuditRecordSearchRequest, context: RpcContext): Promise<AuditRecordSearchResponse> => {
  const { limit, after } = readPage({ ...(_limit !== undefined && { limit: _limit }), ...(_cursor !== undefined && { cursor: _cursor }) }, RECORD_KEY);
  const among = amongOf(context, repository);
  const times = { ...(since !== undefined && { since: readMoment(since) }), ...(until !== undefined && { until: readMoment(until) }) };
  const page = pageOf(await read.search(context.tenant, { ...filter, ...times, among }, { limit, after: readRecordKey(after) }), limit, recordKey);
  return { records: page.rows, next: page.next };
};

/** One record, how its cost came about, and what else the log tells of the same call. */
export const showRecord = ({ read, prices }: RecordDeps) => async ({ eventId }: AuditRecordShowRequest, { tenant, repositories }: RpcContext): Promise<AuditRecordShowResponse> => {
  const kept = await read.record(tenant, eventId);
  const visible = kept !== null && (repositories === 'all' || (kept.record.repositoryId !== null && isAmong(repositories, kept.record.repositoryId)));
  if (!visible) throw Fault.permanent('not-found', `the AI audit has no record of an event '${eventId}'; 'granary events show' has every event, and one just announced may take a moment`);
  const [costs, related] = await Promise.all([chargesOf(prices, tenant, kept), read.related(tenant, kept.record, idsOf(repositories))]);
  return { record: kept.record, detail: kept.detail, costs, related };
};

/** The repositories that an answer may be about; null when it may be about everything. */
export function amongOf({ repositories }: RpcContext, repository: string | undefined): string[] | null {
  if (repository === undefined) return idsOf(repositories);
  return isAmong(repositories, repository) ? [repository] : [];
}

/** By the table that the cost says: tables never change. */
async function chargesOf(prices: PriceStore, tenant: string, { record, usage, storedAt }: KeptRecord): Promise<AuditRecordShowResponse['costs']> {
  const { provider, model, cost } = record;
  if (provider === null || model === null || cost?.nanoDollars == null || cost.priceTable === null) return [];
  const found = await prices.show(tenant, cost.priceTable);
  if (found === null) return [];
  const book = priceBook([{ version: found.table.version, effectiveFrom: new Date(found.table.effectiveFrom), models: found.models }]);
  const { cost: reckoned } = book.priceOf({ provider, model, usage, storedAt });
  return reckoned.state === 'priced' ? reckoned.charges.map((charge) => ({ ...charge })) : [];
}
