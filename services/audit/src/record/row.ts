import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { StoredMessage } from './log-source';

/** Type under which a message is logged that cannot be read as an event. */
export const MALFORMED = '_malformed';

/** One row of the event log, without its epoch. */
export interface LogRow {
  sequence: number;
  storedAt: string;
  /** The publisher's own time, or null when it is no date. */
  time: string | null;
  tenant: string;
  type: string;
  key: string;
  eventId: string;
  source: string | null;
  correlationId: string | null;
  causationId: string | null;
  /** The message as it came; bytes that are no text as `{"base64": …}`. */
  body: string;
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** The row of a stored message. Never fails: what cannot be read is kept raw, because the log loses nothing. */
export function logRow(message: StoredMessage): LogRow {
  const text = readText(message.data);
  if (text === null) return malformedRow(message, JSON.stringify({ base64: Buffer.from(message.data).toString('base64') }));
  const event = readEnvelope(text);
  if (event === null) return malformedRow(message, text);
  const { tenant, type } = subjectParts(message.subject, event);
  return {
    sequence: message.sequence,
    storedAt: message.storedAt.toISOString(),
    time: readTime(event.time),
    // Permissions guard the subject, not the body: who an event belongs to is what the broker let pass.
    tenant,
    type,
    key: event.partitionkey,
    eventId: event.id,
    source: event.source,
    correlationId: event.correlationid,
    causationId: event.causationid ?? null,
    body: text,
  };
}

function malformedRow(message: StoredMessage, body: string): LogRow {
  return {
    sequence: message.sequence,
    storedAt: message.storedAt.toISOString(),
    time: null,
    tenant: subjectParts(message.subject, { tenantid: '_platform', type: MALFORMED }).tenant,
    type: MALFORMED,
    key: message.subject.slice(0, LONGEST),
    // Without an id of its own the content is the identity, so that a conflict shows here as well.
    eventId: `sha256:${createHash('sha256').update(message.data).digest('hex')}`,
    source: null,
    correlationId: null,
    causationId: null,
    body,
  };
}

interface ReadEnvelope {
  id: string;
  source: string;
  type: string;
  time: unknown;
  tenantid: string;
  partitionkey: string;
  correlationid: string;
  causationid?: string;
}

// Two columns of this length, in characters of three bytes, still fit an index entry of 2,704 bytes.
const LONGEST = 400;
const REQUIRED = ['id', 'source', 'type', 'tenantid', 'partitionkey', 'correlationid'] as const;

/** Only what the columns need: the log also keeps events of contracts that are newer than this service. */
function readEnvelope(text: string): ReadEnvelope | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  const { causationid } = fields;
  if (!REQUIRED.every((name) => isColumnText(fields[name]))) return null;
  if (causationid !== undefined && causationid !== null && !isColumnText(causationid)) return null;
  return value as ReadEnvelope;
}

/** PostgreSQL's text takes everything but NUL. */
function isColumnText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST && !value.includes('\0');
}

function readText(data: Uint8Array): string | null {
  if (!isUtf8(data) || data.includes(0)) return null;
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString();
}

function readTime(time: unknown): string | null {
  if (typeof time !== 'string' || !RFC3339.test(time)) return null;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function subjectParts(subject: string, otherwise: { tenantid: string; type: string }): { tenant: string; type: string } {
  const [, , tenant, domain, event, major] = subject.split('.');
  const type = major === undefined ? otherwise.type : `${domain}.${event}.${major}`;
  return { tenant: (tenant ?? otherwise.tenantid).slice(0, LONGEST), type: type.slice(0, LONGEST) };
}
