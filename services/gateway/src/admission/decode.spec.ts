import { decode, modeOf } from './decode';
import { MOST_BATCH_BYTES, MOST_EVENT_BYTES } from './foreign';

const headers = (fields: Readonly<Record<string, string | string[]>>) => new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), [value].flat()]));
const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const read = (fields: Readonly<Record<string, string | string[]>>, body: unknown = '') => decode({ headers: headers(fields), body: bytes(body) });
const only = (fields: Readonly<Record<string, string | string[]>>, body?: unknown) => {
  const request = read(fields, body);
  return request.state === 'events' ? request.events[0] : request;
};

const STRUCTURED = { 'Content-Type': 'application/cloudevents+json' };
const BATCH = { 'Content-Type': 'application/cloudevents-batch+json' };
const EVENT = { specversion: '1.0', id: '1', source: 'urn:agents:ci', type: 'task.started.v1', data: { taskId: 't' } };

// The first four are those of the protocol binding of CloudEvents 1.0.2 to NATS, section 3.
it.each([
  [{ 'Content-Type': 'application/cloudevents+json' }, 'structured'],
  [{ 'content-type': 'APPLICATION/CLOUDEVENTS' }, 'structured'],
  [{ 'ce-id': '1', 'ce-specversion': '1.0' }, 'binary'],
  [{}, 'binary'],
  [{ 'Content-Type': ' application/cloudevents-batch+json; charset=UTF-8' }, 'batch'],
  [{ 'Content-Type': 'application/json' }, 'binary'],
])('%j is of the mode %s', (fields, mode) => {
  expect(modeOf(headers(fields))).toBe(mode);
});

describe('a structured event', () => {
  it.each(['application/cloudevents+json', 'Application/CloudEvents+JSON; charset="utf-8"', 'application/cloudevents'])('is read as %s', (type) => {
    expect(only({ 'Content-Type': type }, EVENT)).toEqual({
      state: 'foreign',
      attributes: new Map(Object.entries({ specversion: '1.0', id: '1', source: 'urn:agents:ci', type: 'task.started.v1' })),
      data: { taskId: 't' },
    });
  });

  it('takes an attribute that is null as one that is not set', () => {
    expect(only(STRUCTURED, { ...EVENT, subject: null })).toMatchObject({ attributes: expect.not.objectContaining({ subject: null }) as object });
  });

  it.each<[string, Readonly<Record<string, string | string[]>>, unknown, object]>([
    ['another format', { 'Content-Type': 'application/cloudevents+avro' }, EVENT, { code: 'unsupported-format' }],
    ['another charset', { 'Content-Type': 'application/cloudevents+json; charset=latin1' }, EVENT, { code: 'unsupported-format' }],
    ['two media types', { 'Content-Type': ['application/cloudevents+json', 'application/json'] }, EVENT, { code: 'malformed-event' }],
    ['no JSON', STRUCTURED, '{"id":', { code: 'malformed-event' }],
    ['a list', STRUCTURED, [EVENT], { code: 'malformed-event' }],
    ['nothing', STRUCTURED, '', { code: 'malformed-event' }],
    ['data in base64', STRUCTURED, { ...EVENT, data_base64: 'e30=' }, { code: 'unsupported-format', pointer: '/data_base64' }],
    ['data of another kind', STRUCTURED, { ...EVENT, datacontenttype: 'text/xml' }, { code: 'unsupported-format', pointer: '/datacontenttype' }],
    ['a media type that is no text', STRUCTURED, { ...EVENT, datacontenttype: 7 }, { code: 'unsupported-format', pointer: '/datacontenttype' }],
    ['too many bytes', STRUCTURED, { ...EVENT, data: 'x'.repeat(MOST_EVENT_BYTES) }, { code: 'event-too-large' }],
  ])('is refused with %s', (_, fields, body, expected) => {
    expect(only(fields, body)).toMatchObject({ state: 'refused', ...expected });
  });

  it('is refused when it is not UTF-8', () => {
    expect(decode({ headers: headers(STRUCTURED), body: Uint8Array.of(0x22, 0xff, 0x22) })).toMatchObject({ events: [{ code: 'malformed-event' }] });
  });
});

describe('a binary event', () => {
  const CE = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': 'urn:agents:ci', 'ce-type': 'task.started.v1' };

  it('is read out of its headers, and of nothing else there', () => {
    expect(only({ ...CE, 'CE-Subject': 'Euro%20%E2%82%AC', 'Content-Type': 'application/json', 'Nats-Msg-Id': 'another', 'Nats-Rollup': 'all', authorization: 'secret' }, { taskId: 't' })).toEqual({
      state: 'foreign',
      attributes: new Map(Object.entries({ specversion: '1.0', id: '1', source: 'urn:agents:ci', type: 'task.started.v1', subject: 'Euro €', datacontenttype: 'application/json' })),
      data: { taskId: 't' },
    });
  });

  it('may have no data, and say nothing of its kind', () => {
    expect(only(CE)).toMatchObject({ state: 'foreign', data: undefined });
  });

  it.each<[string, Readonly<Record<string, string | string[]>>, unknown, object]>([
    ['an attribute sent twice', { ...CE, 'ce-id': ['1', '2'] }, {}, { code: 'malformed-event', pointer: '/id', message: expect.stringContaining('2 times') }],
    ['a broken encoding', { ...CE, 'ce-subject': '%C0%A0' }, {}, { code: 'malformed-event', pointer: '/subject' }],
    ['the kind of data as an attribute', { ...CE, 'ce-datacontenttype': 'application/json' }, {}, { code: 'malformed-event', message: expect.stringContaining('Content-Type') }],
    ['data that is not JSON', { ...CE, 'Content-Type': 'text/plain' }, 'hello', { code: 'unsupported-format' }],
    ['data that only says it is', { ...CE, 'Content-Type': 'application/json' }, 'hello', { code: 'malformed-event', pointer: '/data' }],
    ['too many bytes', CE, 'x'.repeat(MOST_EVENT_BYTES + 1), { code: 'event-too-large' }],
  ])('is refused with %s', (_, fields, body, expected) => {
    expect(only(fields, body)).toMatchObject({ state: 'refused', ...expected });
  });
});

describe('a batch', () => {
  it('is read event by event', () => {
    expect(read(BATCH, [EVENT, 7, { ...EVENT, id: '2' }])).toMatchObject({ mode: 'batch', events: [{ state: 'foreign' }, { code: 'malformed-event' }, { state: 'foreign' }] });
    expect(read(BATCH, [])).toEqual({ state: 'events', mode: 'batch', events: [] });
  });

  it.each<[string, unknown, string]>([
    ['no list', EVENT, 'malformed-event'],
    ['too many events', Array.from({ length: 501 }, () => EVENT), 'batch-too-large'],
    ['too many bytes', 'x'.repeat(MOST_BATCH_BYTES + 1), 'batch-too-large'],
  ])('is refused whole when it is %s', (_, body, code) => {
    expect(read(BATCH, body)).toMatchObject({ state: 'refused', code });
  });

  it('is refused in another format', () => {
    expect(read({ 'Content-Type': 'application/cloudevents-batch+xml' }, [])).toMatchObject({ code: 'unsupported-format' });
  });
});
