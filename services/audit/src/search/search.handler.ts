import type { AuditEventsSearchRequest, Envelope, LogEntry } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { Repositories, RpcHandler } from '@granary/messaging';
import { idsOf, isAmong, serve } from '@granary/messaging';
import type { LogSource } from '../record/log-source';
import type { EventLogStore } from '../store/event-log.store';
import type { LoggedMessage, SearchStore } from '../store/search.store';
import { lagMessages } from '../watch/lag';
import { asEvent } from './as-event';
import { readMoment } from './moment';
import type { SearchFilter } from './search';

export interface SearchDeps {
  search: SearchStore;
  store: EventLogStore;
  source: LogSource;
}

/** What the log answers. Every replica does, whoever writes. */
export const searchRpcs = ({ search, store, source }: SearchDeps): RpcHandler[] => [
  serve('audit.events.search', async (request, { tenant, repositories }) => {
    // What another tenant has is not theirs to find.
    if (request.tenant !== undefined && request.tenant !== tenant) return { events: [], next: null };
    const { messages, next } = await search.page(tenant, { ...searchFilter(request), ...about(repositories) });
    return { events: messages.map((message) => ({ position: message.position, event: asEvent(message) as Envelope })), next };
  }),
  serve('audit.events.show', async ({ eventId }, { tenant, repositories }) => {
    const message = await search.byEventId(tenant, eventId);
    if (message === null || !isAmong(repositories, message.key)) throw Fault.permanent('not-found', `the event log has no event '${eventId}'; an event just announced may take a moment to be logged`);
    return { position: message.position, event: asEvent(message) as Envelope };
  }),
  serve('audit.log.read', async ({ limit = DEFAULT_LIMIT, ...conditions }, { access, tenant, repositories }) => {
    // Only services look after several tenants; where they look after one, they see no other.
    const whose = access === null || access.kind === 'service' ? conditions.tenant : tenant;
    const filter: SearchFilter = { ...conditions, ...about(repositories), order: 'asc', limit };
    const { messages, next } = await (whose === undefined ? search.pageAcross(filter) : search.page(whose, filter));
    return { entries: messages.map(asEntry), next };
  }),
  serve('audit.log.status', async () => {
    const stream = await source.state();
    const [tail, first] = await Promise.all([store.tail(), store.first()]);
    return { first, epoch: tail?.epoch ?? 0, sequence: tail?.lastSequence ?? 0, streamSequence: stream.lastSequence, lag: lagMessages(tail, stream), rows: await store.countRows() };
  }),
];

const DEFAULT_LIMIT = 100;

/** The key of an event about a repository is the repository's id. */
function about(repositories: Repositories): Pick<SearchFilter, 'keys'> {
  const keys = idsOf(repositories);
  return keys === null ? {} : { keys };
}

function asEntry(message: LoggedMessage): LogEntry {
  const { position, tenant, type, key, correlationId } = message;
  return { position, tenant, type, key, correlationId, event: asEvent(message) as Envelope };
}

function searchFilter({ since, until, order = 'asc', limit = DEFAULT_LIMIT, ...filter }: AuditEventsSearchRequest): SearchFilter {
  return { ...filter, order, limit, ...(since === undefined ? {} : { since: readMoment(since) }), ...(until === undefined ? {} : { until: readMoment(until) }) };
}
