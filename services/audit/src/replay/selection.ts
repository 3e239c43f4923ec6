import type { AuditReplayPlanRequest, EventType, ReplaySelection } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { PLATFORM_TENANT } from '@granary/security';
import { readMoment } from '../search/moment';
import type { SearchFilter } from '../search/search';
import type { LoggedMessage } from '../store/search.store';
import type { ReplayConsumer } from './consumers';

/**
 * What a request selects, for people of this tenant. Faults: permanent `consumer-not-found`, `not-replayable`,
 * `types-not-read`, `tenant-foreign`, `times-reversed`.
 */
export function selectionOf(request: AuditReplayPlanRequest, tenant: string, consumers: ReadonlyMap<string, ReplayConsumer>): { consumer: ReplayConsumer; selection: ReplaySelection } {
  const consumer = consumers.get(request.consumer);
  if (consumer === undefined) throw Fault.permanent('consumer-not-found', `there is no consumer ${request.consumer}; those to which events can be replayed are ${replayable(consumers)}`);
  if (consumer.replayable === 'never') throw Fault.permanent('not-replayable', `${request.consumer} must not be given an event twice, says the access document of ${consumer.identity}; those to which events can be replayed are ${replayable(consumers)}`);
  const { key = null, correlationId = null, since = null, until = null } = request;
  if (since !== null && until !== null && readMoment(since) >= readMoment(until)) throw Fault.permanent('times-reversed', 'since is not before until, so nothing can lie between them; exchange them');
  return { consumer, selection: { types: typesOf(request.types, consumer), tenant: tenantOf(request.tenant, tenant), key, correlationId, since, until } };
}

function typesOf(asked: readonly string[] | undefined, { consumer, types }: ReplayConsumer): ReplaySelection['types'] {
  const unread = asked?.filter((type) => !types.includes(type as EventType)) ?? [];
  if (unread.length > 0) throw Fault.permanent('types-not-read', `${consumer} does not read ${unread.join(', ')}; it reads ${types.join(', ')}`);
  return [...new Set(asked ?? types)] as [string, ...string[]];
}

/** Nobody but the platform's own people is shown, or brings to a consumer, what others have. */
function tenantOf(asked: string | undefined, tenant: string): string | null {
  if (tenant === PLATFORM_TENANT) return asked ?? null;
  if (asked !== undefined && asked !== tenant) throw Fault.permanent('tenant-foreign', `you can replay the events of ${tenant} only; those of other tenants are for whoever runs the platform`);
  return tenant;
}

const replayable = (consumers: ReadonlyMap<string, ReplayConsumer>): string =>
  [...consumers.values()].filter((one) => one.replayable !== 'never').map(({ consumer }) => consumer).join(', ') || 'none';

/** What to search the log for. */
export function filterOf({ types, key, correlationId, since, until }: ReplaySelection): Omit<SearchFilter, 'order' | 'limit'> {
  return {
    types,
    ...(key !== null && { key }),
    ...(correlationId !== null && { correlationId }),
    ...(since !== null && { since: readMoment(since) }),
    ...(until !== null && { until: readMoment(until) }),
  };
}

/** An event as far as selecting it goes. */
export type SelectedEvent = Pick<LoggedMessage, 'position' | 'storedAt' | 'tenant' | 'type' | 'key' | 'correlationId'>;

/** Whether a search with the filter of that selection finds an event. */
export function selects(selection: ReplaySelection, { tenant, type, key, correlationId, storedAt }: SelectedEvent): boolean {
  const { since, until } = filterOf(selection);
  return (
    selection.types.includes(type) &&
    (selection.tenant ?? tenant) === tenant &&
    (selection.key ?? key) === key &&
    (selection.correlationId ?? correlationId) === correlationId &&
    (since === undefined || storedAt >= since) &&
    (until === undefined || storedAt < until)
  );
}
