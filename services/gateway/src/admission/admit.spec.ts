import { exampleEvent } from '@granary/testing';
import { admit, ADMITTED, sourceOf, type Ready } from './admit';

const NOW = new Date('2026-03-02T10:00:00Z');
const CI = { tenant: 'acme', name: 'ci' };
const ID = '01976c2e-9f10-7c44-a5b6-c7d8e9fa0b1c';
const LEAST = { specversion: '1.0', id: ID, source: 'urn:agents:ci', type: 'task.started.v1' };
const DATA = { taskId: 'task-1', attempt: 1 };

const NONE = Symbol('no data');

const judge = (attributes: Readonly<Record<string, unknown>> = {}, data: unknown = DATA, identity = CI) =>
  admit({ state: 'foreign', attributes: new Map(Object.entries({ ...LEAST, ...attributes }).filter(([, value]) => value !== undefined)), data: data === NONE ? undefined : data }, identity, { now: NOW });
const stored = (judged: ReturnType<typeof judge>) => JSON.parse((judged as Ready).wire.body) as Record<string, unknown>;

describe('an event that says only what it must', () => {
  it('is completed from the identity, the clock and the contract', () => {
    const judged = judge();
    expect(stored(judged)).toEqual({
      ...LEAST,
      time: '2026-03-02T10:00:00.000Z',
      datacontenttype: 'application/json',
      dataschema: 'granary:event/task/started/1.0.0',
      tenantid: 'acme',
      correlationid: ID,
      partitionkey: '-xarCgn_dq8FHcgpC6EQHO',
      data: DATA,
    });
    expect(judged).toMatchObject({
      id: ID,
      wire: { subject: 'in.acme.task.started.v1.-xarCgn_dq8FHcgpC6EQHO', messageId: `acme:urn:agents:ci:${ID}` },
    });
  });
});

it('keeps what an event says', () => {
  const said = {
    subject: 'Euro €',
    time: '2026-03-02T11:04:00.5+02:00',
    datacontenttype: 'application/json; charset=utf-8',
    dataschema: 'granary:event/task/started/1.0.0',
    tenantid: 'acme',
    source: 'urn:agents:ci/build-7',
    correlationid: 'run-42',
    causationid: 'run-41',
    partitionkey: 'task-1',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  };
  expect(stored(judge(said))).toEqual({ ...LEAST, ...said, datacontenttype: 'application/json', data: DATA });
});

it.each([...ADMITTED])('admits the example of %s from its publisher', (type) => {
  const { data, ...attributes } = exampleEvent(type as 'task.started.v1');
  const judged = judge(attributes, data, { tenant: 'default', name: 'review-team' });
  expect(stored(judged)).toEqual({ ...attributes, data });
});

describe('an id that is no UUID of version 7', () => {
  it('is kept beside one that is made from it, the same for each repeat', () => {
    const [first, again] = [judge({ id: 'build-4711', time: '2026-03-02T09:00:00Z' }), judge({ id: 'build-4711', time: '2026-03-02T09:00:00Z' })];
    expect(first).toEqual(again);
    expect(stored(first)).toMatchObject({ id: expect.stringMatching(/^019cadc6-9a80-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) as string, foreignid: 'build-4711' });
    expect(first).toMatchObject({ wire: { messageId: 'acme:urn:agents:ci:build-4711' } });
  });

  it('is another event of another source or tenant', () => {
    const at = { id: '1', time: '2026-03-02T09:00:00Z' };
    const ids = [judge(at), judge({ ...at, source: 'urn:agents:ci/b' }), judge(at, DATA, { ...CI, tenant: 'other' })].map((judged) => (judged as Ready).id);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('an event is refused', () => {
  it.each<[string, Readonly<Record<string, unknown>>, object]>([
    ['of another version of CloudEvents', { specversion: '0.3' }, { code: 'envelope-invalid', pointer: '/specversion' }],
    ['without a type', { type: undefined }, { code: 'envelope-invalid', pointer: '/type' }],
    ['of a type without a contract', { type: 'task.invented.v1' }, { code: 'contract-unknown', pointer: '/type' }],
    ['of a type that is a name of JavaScript', { type: '__proto__' }, { code: 'contract-unknown' }],
    ['of a version that does not exist', { dataschema: 'granary:event/task/started/1.9.0' }, { code: 'contract-unknown', pointer: '/dataschema' }],
    ['of a contract of another type', { dataschema: 'granary:event/task/failed/1.0.0' }, { code: 'contract-unknown' }],
    ['that a service alone announces', { type: 'harvest.completed.v1' }, { code: 'type-not-admitted', message: 'harvest.completed.v1 is announced by a service of Granary alone' }],
    ['of another tenant', { tenantid: 'other' }, { code: 'tenant-differs', pointer: '/tenantid' }],
    ['of the platform itself', { tenantid: '_platform' }, { code: 'tenant-differs' }],
    ['of a service', { source: 'granary/harvester' }, { code: 'source-differs', pointer: '/source' }],
    ['of another publisher', { source: 'urn:agents:ci2' }, { code: 'source-differs', message: 'source must be urn:agents:ci, or begin with urn:agents:ci/, because that is who hands in the event' }],
    ['without a source', { source: undefined }, { code: 'source-differs' }],
    ['of a source with spaces', { source: 'urn:agents:ci/a b' }, { code: 'envelope-invalid', pointer: '/source' }],
    ['without an id', { id: undefined }, { code: 'envelope-invalid', pointer: '/id' }],
    ['with an id that is too long', { id: 'x'.repeat(129) }, { code: 'envelope-invalid', pointer: '/id' }],
    ['with a time that is none', { time: 'yesterday' }, { code: 'envelope-invalid', pointer: '/time' }],
    ['with a time as people write it', { time: '2026-03-02 10:00' }, { code: 'envelope-invalid', pointer: '/time' }],
    ['of the future', { time: '2026-03-02T10:05:01Z' }, { code: 'time-implausible', pointer: '/time' }],
    ['of before there were computers', { time: '1969-12-31T23:59:59Z' }, { code: 'time-implausible' }],
    ['with a key that is no token', { partitionkey: 'a.b' }, { code: 'envelope-invalid', pointer: '/partitionkey' }],
    ['with a key that is a wildcard', { partitionkey: '>' }, { code: 'envelope-invalid' }],
    ['with an attribute that is no text', { subject: 7 }, { code: 'envelope-invalid', message: 'subject must be string' }],
    ['with a line break in an attribute', { subject: 'a\r\nNats-Rollup: all' }, { code: 'envelope-invalid', pointer: '/subject' }],
    ['with half a surrogate pair in an attribute', { subject: '\ud83d' }, { code: 'envelope-invalid' }],
    ['with an attribute that nobody knows', { 'my/extension': '1' }, { code: 'attribute-unknown', pointer: '/my~1extension' }],
    ['with an attribute named data', { data: '{}' }, { code: 'attribute-unknown' }],
    ['that claims to be sealed', { sealkeyid: 'k', sealedfields: '/taskId' }, { code: 'attribute-reserved', pointer: '/sealkeyid' }],
    ['that says what Granary says', { foreignid: '1' }, { code: 'attribute-reserved' }],
  ])('%s', (_, attributes, expected) => {
    expect(judge(attributes)).toMatchObject({ state: 'refused', ...expected });
  });

  it.each<[string, unknown, object]>([
    ['without data', NONE, { code: 'data-invalid', message: 'data is required', pointer: '/data' }],
    ['with data that is no object', [], { code: 'data-invalid', pointer: '/data' }],
    ['with a field that is missing', { taskId: 't' }, { code: 'data-invalid', pointer: '/data/attempt' }],
    ['with a field too many', { ...DATA, isAdmin: true }, { code: 'data-invalid', message: 'data has the unknown field isAdmin', pointer: '/data/isAdmin' }],
    ['with a prototype in its data', JSON.parse('{"taskId":"t","attempt":1,"__proto__":{"a":1}}'), { code: 'data-invalid', pointer: '/data/__proto__' }],
    ['with a field of another kind', { ...DATA, attempt: '1' }, { code: 'data-invalid', message: 'data.attempt must be integer' }],
  ])('%s', (_, data, expected) => {
    expect(judge({}, data)).toMatchObject({ state: 'refused', ...expected });
  });

  it.each([
    ['a control character', 'a\u0000b', '/data/summary'],
    ['an escape of terminals', '\u001b[2J', '/data/summary'],
    ['a control character of Latin 1', '\u009b31m', '/data/summary'],
    ['half a surrogate pair', '\udc00', '/data/summary'],
  ])('with %s in its data', (_, summary, pointer) => {
    expect(judge({ type: 'task.completed.v1' }, { taskId: 't', durationMs: 1, summary })).toMatchObject({ code: 'data-invalid', pointer });
  });

  it('but not with line breaks, tabs, backslashes and what Unicode has', () => {
    const summary = 'a\r\n\tb \\u0000 \\\\b 😀 "q"';
    expect(stored(judge({ type: 'task.completed.v1' }, { taskId: 't', durationMs: 1, summary }))).toMatchObject({ data: { summary } });
  });

  it.each([
    [20_000, 'ready'],
    [22_000, 'refused'],
  ])('with more data than an event may have: %i characters of three bytes are %s', (length, state) => {
    const judged = judge({ type: 'agent.message.v1' }, { ...exampleEvent('agent.message.v1').data, text: '€'.repeat(length) });
    expect(judged).toMatchObject({ state, ...(state === 'refused' && { code: 'event-too-large', pointer: '/data' }) });
  });

  it('with a text that repeats no secret, also where one is the name of a field', () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const refused = judge({}, { ...DATA, [secret]: 1 });
    expect(refused).toMatchObject({ state: 'refused', code: 'data-invalid' });
    expect(JSON.stringify(refused)).not.toContain(secret.slice(4));
  });

  it('with a text that cannot harm a terminal, whatever the names of its fields', () => {
    const judged = judge({}, { ...DATA, [`\u001b[2J${'x'.repeat(5_000)}`]: 1 });
    expect(judged).toMatchObject({ code: 'data-invalid', message: expect.stringMatching(/^data has the unknown field \ufffd\[2Jx+…$/) as string });
  });
});

it('knows publishers by their names', () => {
  expect(sourceOf(CI)).toBe('urn:agents:ci');
});
