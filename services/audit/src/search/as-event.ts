import { MALFORMED } from '../record/row';
import type { LoggedMessage } from '../store/search.store';

/** The event of a logged message; a message that is none is shown as the data of an event of type `_malformed`. */
export function asEvent(message: LoggedMessage): object {
  if (message.type !== MALFORMED) return JSON.parse(message.body) as object;
  return {
    specversion: '1.0',
    id: message.eventId,
    source: 'granary/audit',
    type: MALFORMED,
    time: message.storedAt.toISOString(),
    datacontenttype: 'application/json',
    tenantid: message.tenant,
    partitionkey: 'event-log',
    correlationid: message.eventId,
    data: { subject: message.key, body: message.body },
  };
}
