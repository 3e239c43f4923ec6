import { hash } from 'node:crypto';
import { accessDocuments, checkEvent, eventContracts, isEventType, publishSubject, type Envelope, type EventType } from '@granary/contracts';
import { messageId, type WireEvent } from '@granary/messaging';
import { eventId, isUuidV7 } from './event-id';
import { MOST_DATA_BYTES, type Foreign } from './foreign';
import { refusal, type Refusal } from './refusal';
import { unprintable } from './unprintable';

/** Who hands in an event, as it was authenticated. */
export interface Identity {
  readonly tenant: string;
  /** The principal's name, unique in its tenant. */
  readonly name: string;
}

/** What an event is completed with. */
export interface Occasion {
  readonly now: Date;
  /** Of the request that brought it. */
  readonly traceparent?: string | undefined;
  /** The work for which it was brought. */
  readonly baggage?: string | undefined;
}

/** An event that may be stored. */
export interface Ready {
  readonly state: 'ready';
  readonly id: string;
  /** Whether the same event, sent again, has the same id: its own one, or one that is made of a time that it names. */
  readonly idStays: boolean;
  readonly wire: WireEvent;
}

const TAKEN = new Set(['specversion', 'id', 'source', 'type', 'time', 'datacontenttype', 'dataschema', 'subject', 'tenantid', 'correlationid', 'causationid', 'partitionkey', 'traceparent', 'baggage']);
/** What only Granary itself says of an event. */
const RESERVED = new Set(['sealkeyid', 'sealedfields', 'foreignid']);
const FOREIGN_ID = /^[!-~]{1,128}$/;
/** What two clocks may differ. */
const MOST_AHEAD_MS = 300_000;

/** The types that are admitted: what the gateway may publish and nothing else. */
export const ADMITTED: ReadonlySet<string> = new Set(accessDocuments['gateway']?.produces);

/** The source of everything that a principal announces; it may add a path: `urn:agents:ci/build-7`. No service of Granary has one of these. */
export const sourceOf = ({ name }: Identity): string => `urn:agents:${name}`;

/**
 * Decides whether a foreign event is stored, and as what: contract known, schema kept strictly, envelope equal to the identity.
 *
 * What it leaves out is filled in: `tenantid` from the identity, `time` by the clock, `dataschema` with the newest version of the
 * type's major, `partitionkey` with a hash of the source (so that the events of a source keep their order), `correlationid` with the
 * event's id, `traceparent` and `baggage` with the trace and the work of the request. An id that is no UUID of version 7 is kept as `foreignid`. What it says is never changed.
 */
export function admit(foreign: Foreign, identity: Identity, occasion: Occasion): Ready | Refusal {
  const said = attributesOf(foreign);
  return 'state' in said ? said : decide(said, foreign.data, identity, occasion);
}

function decide(said: ReadonlyMap<string, string>, data: unknown, identity: Identity, { now, traceparent, baggage }: Occasion): Ready | Refusal {
  if (said.get('specversion') !== '1.0') return refusal('envelope-invalid', 'specversion must be "1.0"', '/specversion');
  const type = typeOf(said.get('type'));
  if (typeof type !== 'string') return type;
  const stranger = strangerTo(identity, said);
  if (stranger !== null) return stranger;
  const time = timeOf(said.get('time'), now);
  if (typeof time !== 'string') return time;
  const foreignId = said.get('id') ?? '';
  if (!FOREIGN_ID.test(foreignId)) return refusal('envelope-invalid', 'id must be 1 to 128 printable ASCII characters without spaces, unique for its source', '/id');

  const source = said.get('source') ?? '';
  const own = isUuidV7(foreignId);
  const id = own ? foreignId : eventId({ tenant: identity.tenant, source, foreignId, timeMs: Date.parse(time) });
  const optional = Object.entries({ subject: said.get('subject'), causationid: said.get('causationid'), traceparent: said.get('traceparent') ?? traceparent, baggage: said.get('baggage') ?? baggage });
  const idStays = own || said.has('time');
  return ready(idStays, {
    specversion: '1.0',
    id,
    source,
    type,
    time,
    datacontenttype: 'application/json',
    dataschema: said.get('dataschema') ?? eventContracts[type].dataschema,
    tenantid: identity.tenant,
    correlationid: said.get('correlationid') ?? id,
    partitionkey: said.get('partitionkey') ?? keyOf(source),
    ...Object.fromEntries(optional.filter(([, value]) => value !== undefined)),
    ...(own ? {} : { foreignid: foreignId }),
    data,
  });
}

function ready(idStays: boolean, candidate: Envelope): Ready | Refusal {
  const checked = checkEvent(candidate, 'strict');
  if (!checked.ok) return contractRefusal(checked.problems, checked.pointers);
  const { data, ...envelope } = checked.event;
  const json = JSON.stringify(data);
  const control = unprintable(data, json);
  if (control !== null) return refusal('data-invalid', 'a text has a control character other than tab, line feed and carriage return, or half of a surrogate pair', `/data${control}`);
  const bytes = Buffer.byteLength(json);
  if (bytes > MOST_DATA_BYTES) return refusal('event-too-large', `data has ${bytes} bytes, at most ${MOST_DATA_BYTES} are taken; keep what is large elsewhere and name it by its digest`, '/data');
  const foreign = checked.event.foreignid ?? checked.event.id;
  return {
    state: 'ready',
    id: checked.event.id,
    idStays,
    wire: {
      subject: publishSubject(envelope.tenantid, envelope.type as EventType, envelope.partitionkey),
      messageId: messageId({ ...checked.event, id: foreign }),
      body: `${JSON.stringify(envelope).slice(0, -1)},"data":${json}}`,
    },
  };
}

/** The attributes as texts, or why one cannot be taken. */
function attributesOf({ attributes }: Foreign): Map<string, string> | Refusal {
  const texts = new Map<string, string>();
  for (const [name, value] of attributes) {
    const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (RESERVED.has(name)) return refusal('attribute-reserved', `${name} is said by Granary alone; leave it out`, pointer);
    if (!TAKEN.has(name)) return refusal('attribute-unknown', `the attribute ${name} is not taken; put it into data where the contract has a place for it, or leave it out`, pointer);
    if (typeof value !== 'string') return refusal('envelope-invalid', `${name} must be string`, pointer);
    if (/[\u0000-\u001f\u007f-\u009f]/.test(value) || !value.isWellFormed()) return refusal('envelope-invalid', `${name} has a control character or half of a surrogate pair`, pointer);
    texts.set(name, value);
  }
  return texts;
}

function typeOf(type: string | undefined): EventType | Refusal {
  if (type === undefined) return refusal('envelope-invalid', 'type is required', '/type');
  if (!isEventType(type)) return refusal('contract-unknown', 'type has no contract; the catalogue of contracts/events has those that there are', '/type');
  return ADMITTED.has(type) ? type : refusal('type-not-admitted', `${type} is announced by a service of Granary alone`, '/type');
}

function strangerTo(identity: Identity, said: ReadonlyMap<string, string>): Refusal | null {
  const tenant = said.get('tenantid');
  if (tenant !== undefined && tenant !== identity.tenant) return refusal('tenant-differs', 'tenantid is not the tenant of whoever hands in the event; leave it out', '/tenantid');
  const own = sourceOf(identity);
  const source = said.get('source') ?? '';
  if (source === own || source.startsWith(`${own}/`)) return null;
  return refusal('source-differs', `source must be ${own}, or begin with ${own}/, because that is who hands in the event`, '/source');
}

function timeOf(time: string | undefined, now: Date): string | Refusal {
  if (time === undefined) return now.toISOString();
  const at = Date.parse(time);
  if (Number.isNaN(at)) return refusal('envelope-invalid', 'time must be a moment as RFC 3339 writes it, such as 2026-03-02T09:14:02Z', '/time');
  if (at < 0 || at > now.getTime() + MOST_AHEAD_MS) return refusal('time-implausible', `time is before 1970, or more than ${MOST_AHEAD_MS / 60_000} minutes ahead of Granary's clock`, '/time');
  return time;
}

function contractRefusal(problems: readonly string[], pointers: readonly string[]): Refusal {
  const [pointer = ''] = pointers;
  const message = problems.join('; ');
  if (pointer === '/dataschema') return refusal('contract-unknown', message, pointer);
  return refusal(pointer === '/data' || pointer.startsWith('/data/') ? 'data-invalid' : 'envelope-invalid', message, pointer);
}

const keyOf = (source: string): string => hash('sha256', source, 'base64url').slice(0, 22);
