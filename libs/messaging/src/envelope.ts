import { eventContracts } from '@granary/contracts';
import type { Envelope, EventType } from '@granary/contracts';
import type { Announcement, Cause } from './ports';

export interface EnvelopeOrigin {
  /** The CloudEvents source, `granary/<service>`. */
  source: string;
  /** UUID version 7 (RFC 9562): ids of one process sort by time. */
  id: string;
  time: Date;
}

/** Wraps an announcement as a CloudEvents 1.0 event with Granary's extensions. */
export function createEnvelope<T extends EventType>(announcement: Announcement<T>, cause: Cause, origin: EnvelopeOrigin): Envelope<T> {
  const causationId = announcement.causationId ?? cause.causationId;
  return {
    specversion: '1.0',
    id: origin.id,
    source: origin.source,
    type: announcement.type,
    time: origin.time.toISOString(),
    datacontenttype: 'application/json',
    dataschema: eventContracts[announcement.type].dataschema,
    ...(announcement.subject === undefined ? {} : { subject: announcement.subject }),
    tenantid: announcement.tenant ?? cause.tenant,
    correlationid: cause.correlationId,
    ...(causationId === undefined ? {} : { causationid: causationId }),
    partitionkey: announcement.key,
    ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
    ...(cause.baggage === undefined ? {} : { baggage: cause.baggage }),
    data: announcement.data,
  };
}

/** The deduplication id of the whole stream. Built from the authenticated source, so tenants cannot swallow each other's events. */
export function messageId(event: Pick<Envelope, 'tenantid' | 'source' | 'id'>): string {
  return `${event.tenantid}:${event.source}:${event.id}`;
}

/** The unit of order: events with the same lane key are handled one after the other. */
export function laneKey(tenant: string, key: string): string {
  return `${tenant}.${key}`;
}
