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
    key: columnText(message.subject),
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
  causationid?: string | null;
}

// Two columns of this length, in characters of three bytes, still fit an index entry of 2,704 bytes.
const LONGEST = 400;

/** Only what the columns need: the log also keeps events of contracts that are newer than this service. */
function readEnvelope(text: string): ReadEnvelope | null {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return null;
  const { id, source, type, tenantid, partitionkey, correlationid, causationid } = value as Record<string, unknown>;
  const complete = isColumnText(id) && isColumnText(source) && isColumnText(type) && isColumnText(tenantid) && isColumnText(partitionkey) && isColumnText(correlationid);
  if (!complete) return null;
  if (causationid !== undefined && causationid !== null && !isColumnText(causationid)) return null;
  return value as ReadEnvelope;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** PostgreSQL's text takes everything but NUL. Half a surrogate pair would be stored as another text, and then contradict its own repetition. */
function isColumnText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST && !value.includes('\0') && value.isWellFormed();
}

function readText(data: Uint8Array): string | null {
  if (!isUtf8(data) || data.includes(0)) return null;
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString();
}

/** A time as nearly every publisher writes it, of a day that every month has: there is nothing to read in it. */
const PLAIN = /^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;
/** PostgreSQL has no year 0, and takes no year of five digits written as JavaScript does. */
const [EARLIEST, LATEST] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')];

function readTime(time: unknown): string | null {
  if (typeof time !== 'string') return null;
  if (PLAIN.test(time)) return time;
  const read = RFC3339.test(time) ? Date.parse(time) : Number.NaN;
  return read >= EARLIEST && read <= LATEST ? new Date(read).toISOString() : null;
}

function subjectParts(subject: string, otherwise: { tenantid: string; type: string }): { tenant: string; type: string } {
  const [, , tenant, domain, event, major] = subject.split('.');
  const type = major === undefined ? otherwise.type : `${domain}.${event}.${major}`;
  return { tenant: columnText(tenant ?? otherwise.tenantid), type: columnText(type) };
}

/** A broker takes subjects that a column does not. */
function columnText(text: string): string {
  return text.slice(0, LONGEST).replaceAll('\0', '\ufffd');
}
