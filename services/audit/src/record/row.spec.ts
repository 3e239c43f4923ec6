import { eventExamples } from '@granary/contracts';
import { logRow, MALFORMED } from './row';

const example = eventExamples['harvest.requested.v1'];
const stored = (data: string | Uint8Array, subject = 'ev.3.default.harvest.requested.v1') => ({
  sequence: 7,
  storedAt: new Date('2026-03-02T09:14:03.000Z'),
  subject,
  data: typeof data === 'string' ? Buffer.from(data) : data,
});

describe('logRow', () => {
  it('extracts the columns and keeps the body as it came', () => {
    const body = JSON.stringify({ ...example, causationid: 'cause', unknown: 1 }, null, 2);

    expect(logRow(stored(body))).toEqual({
      sequence: 7,
      storedAt: '2026-03-02T09:14:03.000Z',
      time: example.time,
      tenant: 'default',
      type: 'harvest.requested.v1',
      key: example.partitionkey,
      eventId: example.id,
      source: example.source,
      correlationId: example.correlationid,
      causationId: 'cause',
      body,
    });
  });

  it('believes the subject, which permissions guard, and not the body about tenant and type', () => {
    const body = JSON.stringify({ ...example, tenantid: 'somebody-else', type: 'graph.normalized.v1' });

    expect(logRow(stored(body))).toMatchObject({ tenant: 'default', type: 'harvest.requested.v1' });
  });

  it('keeps an event of a type that this service does not know', () => {
    expect(logRow(stored(JSON.stringify({ ...example, data: 'anything' }), 'ev.3.default.moon.landed.v9'))).toMatchObject({ type: 'moon.landed.v9' });
  });

  it('has no time when the publisher gave none that is one', () => {
    for (const time of ['yesterday', '2026-13-01T00:00:00Z', '2026-03-02', '2026-03-02T09:14:60Z', 12, undefined]) {
      expect(logRow(stored(JSON.stringify({ ...example, time })))).toMatchObject({ type: 'harvest.requested.v1', time: null });
    }
  });

  it('has no time when the one given is none that PostgreSQL takes', () => {
    for (const time of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01']) {
      expect(logRow(stored(JSON.stringify({ ...example, time })))).toMatchObject({ type: 'harvest.requested.v1', time: null });
    }
  });

  it.each([
    ['2026-03-02T09:14:02.117Z', '2026-03-02T09:14:02.117Z'],
    ['2026-03-02T09:14:02Z', '2026-03-02T09:14:02.000Z'],
    ['2026-03-02t10:14:02.1179+01:00', '2026-03-02T09:14:02.117Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads the time %s', (time, read) => {
    expect(logRow(stored(JSON.stringify({ ...example, time })))).toMatchObject({ time: read });
  });

  it('replaces what no column takes in a subject', () => {
    expect(logRow(stored(JSON.stringify(example), 'ev.3.a\0b.moon.lan\0ded.v9'))).toMatchObject({ tenant: 'a\ufffdb', type: 'moon.lan\ufffdded.v9' });
    expect(logRow(stored('hello', 'ev.3.a\0b.moon.landed.v9'))).toMatchObject({ type: MALFORMED, tenant: 'a\ufffdb', key: 'ev.3.a\ufffdb.moon.landed.v9' });
  });

  const withoutSource = { ...example, source: undefined };
  const nulInId = JSON.stringify({ ...example, id: 'a\0b' });
  it.each([
    ['text that is not JSON', 'hello'],
    ['JSON that is no object', '[1]'],
    ['JSON null', 'null'],
    ['an envelope without a source', JSON.stringify(withoutSource)],
    ['an id that PostgreSQL cannot store', nulInId],
    ['an id with half a character, which would be logged as another one', JSON.stringify({ ...example, id: 'a\ud800' })],
    ['a key too long for an index', JSON.stringify({ ...example, partitionkey: 'k'.repeat(401) })],
    ['a causation id that is no text', JSON.stringify({ ...example, causationid: 5 })],
  ])('logs %s raw', (_what, body) => {
    expect(logRow(stored(body))).toMatchObject({ type: MALFORMED, tenant: 'default', key: 'ev.3.default.harvest.requested.v1', source: null, correlationId: null, body });
  });

  it.each([
    ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['a NUL byte', Uint8Array.of(0x7b, 0x00, 0x7d)],
  ])('keeps %s as base64', (_what, data) => {
    expect(logRow(stored(data))).toMatchObject({ type: MALFORMED, body: JSON.stringify({ base64: Buffer.from(data).toString('base64') }) });
  });

  it('identifies what has no id by its content', () => {
    expect(logRow(stored('a')).eventId).toBe(logRow(stored('a')).eventId);
    expect(logRow(stored('a')).eventId).not.toBe(logRow(stored('b')).eventId);
  });
});
