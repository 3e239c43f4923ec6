import { MOST_BATCH_BYTES, MOST_BATCH_EVENTS, MOST_EVENT_BYTES, type Decoded, type Foreign, type Headers, type Received } from './foreign';
import { decodeHeaderValue } from './header-value';
import { refusal, type Refusal } from './refusal';

export type Mode = 'structured' | 'batch' | 'binary';
export type DecodedRequest = { readonly state: 'events'; readonly mode: Mode; readonly events: readonly Decoded[] } | Refusal;

const STRUCTURED = 'application/cloudevents';
const BATCH = 'application/cloudevents-batch';
const ATTRIBUTE = 'ce-';
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** How an event is carried (CloudEvents 1.0.2, HTTP and NATS protocol bindings, section 3): by the media type, whatever its case. */
export function modeOf(headers: Headers): Mode {
  const type = (headers.get('content-type')?.[0] ?? '').trim().toLowerCase();
  if (type.startsWith(BATCH)) return 'batch';
  return type.startsWith(STRUCTURED) ? 'structured' : 'binary';
}

/** The events of one request, each decoded or refused; or why the request cannot be read at all. Never throws. */
export function decode(received: Received): DecodedRequest {
  const mode = modeOf(received.headers);
  if ((received.headers.get('content-type')?.length ?? 0) > 1) return refusal('malformed-event', 'there is more than one Content-Type; send one');
  if (mode !== 'batch') return { state: 'events', mode, events: [mode === 'structured' ? structured(received) : binary(received)] };
  const events = batch(received);
  return 'state' in events ? events : { state: 'events', mode, events };
}

function structured({ headers, body }: Received): Decoded {
  const format = wrongFormat(headers, STRUCTURED);
  if (format !== null) return format;
  if (body.byteLength > MOST_EVENT_BYTES) return tooLarge(body.byteLength);
  const value = parse(body);
  return value.state === 'refused' ? value : fromJson(value.json);
}

function batch({ headers, body }: Received): readonly Decoded[] | Refusal {
  const format = wrongFormat(headers, BATCH);
  if (format !== null) return format;
  if (body.byteLength > MOST_BATCH_BYTES) return refusal('batch-too-large', `the batch has ${body.byteLength} bytes, at most ${MOST_BATCH_BYTES} are taken; send smaller batches`);
  const value = parse(body);
  if (value.state === 'refused') return value;
  if (!Array.isArray(value.json)) return refusal('malformed-event', 'a batch must be a JSON array of events');
  if (value.json.length > MOST_BATCH_EVENTS) return refusal('batch-too-large', `the batch has ${value.json.length} events, at most ${MOST_BATCH_EVENTS} are taken; send smaller batches`);
  return value.json.map(fromJson);
}

function binary({ headers, body }: Received): Decoded {
  if (body.byteLength > MOST_EVENT_BYTES) return tooLarge(body.byteLength);
  const attributes = new Map<string, unknown>();
  for (const [name, values] of headers) {
    if (!name.startsWith(ATTRIBUTE)) continue;
    const attribute = name.slice(ATTRIBUTE.length);
    const value = attribute === 'datacontenttype' ? null : decodeOne(values);
    if (value === null) return refusal('malformed-event', badHeader(name, values), `/${attribute}`);
    attributes.set(attribute, value);
  }
  const type = headers.get('content-type')?.[0];
  if (type !== undefined) attributes.set('datacontenttype', type);
  if (!isJson(type)) return refusal('unsupported-format', 'the data must be JSON: set Content-Type to application/json', '/datacontenttype');
  if (body.byteLength === 0) return { state: 'foreign', attributes, data: undefined };
  const value = parse(body);
  return value.state === 'refused' ? { ...value, pointer: '/data' } : { state: 'foreign', attributes, data: value.json };
}

const decodeOne = (values: readonly string[]): string | null => (values.length === 1 ? decodeHeaderValue(values[0] ?? '') : null);

function badHeader(name: string, values: readonly string[]): string {
  if (name === 'ce-datacontenttype') return 'ce-datacontenttype does not exist in binary mode; say it as Content-Type';
  if (values.length > 1) return `the header ${name} was sent ${values.length} times; send it once`;
  return `the header ${name} is not encoded as CloudEvents says: printable ASCII, everything else as percent-encoded UTF-8`;
}

/** One event of the JSON format (CloudEvents 1.0.2, section 3). An attribute that is null is one that is not set. */
function fromJson(json: unknown): Decoded {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refusal('malformed-event', 'an event must be a JSON object');
  const { data, ...rest } = json as Record<string, unknown>;
  if (Object.hasOwn(rest, 'data_base64')) return refusal('unsupported-format', 'the data must be JSON: send it as `data` and not as `data_base64`', '/data_base64');
  const attributes = new Map(Object.entries(rest).filter(([, value]) => value !== null));
  const foreign: Foreign = { state: 'foreign', attributes, data };
  if (!isJson(attributes.get('datacontenttype'))) return refusal('unsupported-format', 'the data must be JSON: set datacontenttype to application/json, or leave it out', '/datacontenttype');
  return foreign;
}

/** The mode says that an event is one whole; this, that it is one of JSON. */
function wrongFormat(headers: Headers, mode: string): Refusal | null {
  const [type = '', ...parameters] = (headers.get('content-type')?.[0] ?? '').toLowerCase().split(';').map((part) => part.trim());
  if (type !== `${mode}+json` && type !== mode) return refusal('unsupported-format', `events are taken in JSON only: set Content-Type to ${mode}+json`);
  return isUtf8(parameters) ? null : refusal('unsupported-format', 'events are taken in UTF-8 only');
}

function isJson(type: unknown): boolean {
  if (type === undefined) return true;
  if (typeof type !== 'string') return false;
  const [media = '', ...parameters] = type.toLowerCase().split(';').map((part) => part.trim());
  return media === 'application/json' && isUtf8(parameters);
}

const isUtf8 = (parameters: readonly string[]): boolean => parameters.every((parameter) => !parameter.startsWith('charset') || /^charset\s*=\s*"?utf-8"?$/.test(parameter));

type Parsed = { readonly state: 'parsed'; readonly json: unknown } | Refusal;

function parse(body: Uint8Array): Parsed {
  try {
    return { state: 'parsed', json: JSON.parse(utf8.decode(body)) as unknown };
  } catch {
    return refusal('malformed-event', 'the body is not JSON in UTF-8');
  }
}

const tooLarge = (bytes: number): Refusal => refusal('event-too-large', `the event has ${bytes} bytes, at most ${MOST_EVENT_BYTES} are taken; keep what is large elsewhere and name it by its digest`);
