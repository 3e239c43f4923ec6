import type { AuditSummaryShowRequest, AuditSummaryShowResponse } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import type { AiReadStore, GroupRow } from '../store/ai-read.store';
import { groupName, groupOf, isByTime, measuresOf, countOf, type Dimension, type SumFilter } from './group';
import { daysBefore, lastDays, lengthOf, type Days } from './period';
import { amongOf } from './records.handler';
import { dayOf } from './sums';

export interface SummaryDeps {
  readonly read: AiReadStore;
  readonly now: () => Date;
}

const [DEFAULT_DAYS, DEFAULT_LIMIT] = [30, 100];
/** Groups of the period before that are looked at to find those of this one again. */
const MOST_GROUPS = 5_000;

/** Sums of AI records, and how they compare with the time before. */
export const showSummary = ({ read, now }: SummaryDeps) => async (request: AuditSummaryShowRequest, context: RpcContext): Promise<AuditSummaryShowResponse> => {
  const { by = [], limit = DEFAULT_LIMIT, compare = false, repository, from, to, ...fields } = request;
  const days = daysOf({ ...(from !== undefined && { from }), ...(to !== undefined && { to }) }, now());
  if (compare && isByTime(by)) throw Fault.permanent('bad-range', 'days, weeks and months are not compared with others; ask for `compare` without them in `by`');
  const { tenant } = context;
  const filter = { ...fields, among: amongOf(context, repository) };
  const [groups, [total], before, readUpTo] = await Promise.all([read.groups(tenant, days, by, filter, limit + 1), read.groups(tenant, days, [], filter, 1), compare ? periodBefore(read, tenant, days, by, filter) : null, read.readUpTo()]);
  return {
    ...days,
    groups: groups.slice(0, limit).map((group) => ({ ...groupOf(group.key, group), ...before?.of(group) })),
    more: groups.length > limit,
    total: measuresOf(total as GroupRow),
    before: before === null ? null : measuresOf(before.total),
    readUpTo: readUpTo?.toISOString() ?? null,
  };
};

function daysOf({ from, to }: Partial<Days>, now: Date): Days {
  const last = to ?? dayOf(now);
  const days = { from: from ?? lastDays(DEFAULT_DAYS, last).from, to: last };
  if (lengthOf(days) < 1) throw Fault.permanent('bad-range', `${days.from} is behind ${days.to}: the first day has to come first`);
  return days;
}

async function periodBefore(read: AiReadStore, tenant: string, days: Days, by: readonly Dimension[], filter: SumFilter) {
  const earlier = daysBefore(days);
  const [groups, [total]] = await Promise.all([by.length === 0 ? [] : read.groups(tenant, earlier, by, filter, MOST_GROUPS), read.groups(tenant, earlier, [], filter, 1)]);
  const known = new Map(groups.map((group) => [groupName(group.key), group]));
  return {
    total: total as GroupRow,
    of(group: GroupRow) {
      const found = by.length === 0 ? total : known.get(groupName(group.key));
      return { before: { events: countOf(found?.events ?? '0'), nanoDollars: found?.cost ?? '0' } };
    },
  };
}
