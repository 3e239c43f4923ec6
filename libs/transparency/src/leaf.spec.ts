import { leafLine, readLeaf } from './leaf';

const EVENT = { epoch: 1, sequence: 7, storedAt: '2026-03-02T09:00:00.000Z', tenant: 'default', type: 'harvest.completed.v1', key: 'key', eventId: 'id', body: '{"a":"ü\\n"}' };
const EVENT_LINE = '{"epoch":1,"sequence":7,"storedAt":"2026-03-02T09:00:00.000Z","tenant":"default","type":"harvest.completed.v1","key":"key","eventId":"id","body":"{\\"a\\":\\"ü\\\\n\\"}"}';
const HOLE_LINE = '{"epoch":1,"hole":{"first":3,"last":5}}';

it.each([
  { what: 'an event', leaf: EVENT, line: EVENT_LINE },
  { what: 'a hole', leaf: { epoch: 1, hole: { first: 3, last: 5 } }, line: HOLE_LINE },
])('writes and reads $what', ({ leaf, line }) => {
  expect(leafLine(leaf)).toBe(line);
  expect(readLeaf(line)).toEqual(leaf);
});

it('writes only what belongs to the leaf, in its order', () => {
  const { body, ...rest } = EVENT;
  expect(leafLine({ body, source: 'x', ...rest } as typeof EVENT)).toBe(EVENT_LINE);
});

it.each([
  ['no JSON', '{', 'no JSON object'],
  ['a number', '7', 'no JSON object'],
  ['null', 'null', 'no JSON object'],
  ['nothing', '', 'no JSON object'],
  ['a list', '[]', 'neither an event nor a hole'],
  ['a body that is no text', EVENT_LINE.replace(/"body":.*/, '"body":{}}'), 'of another kind'],
  ['a member less', EVENT_LINE.replace('"key":"key",', ''), 'of another kind'],
  ['a member more', EVENT_LINE.replace('"key"', '"x":1,"key"'), 'has other members'],
  ['a member twice', EVENT_LINE.replace('"key":"key"', '"key":"other","key":"key"'), 'has other members'],
  ['another order', EVENT_LINE.replace('"epoch":1,"sequence":7', '"sequence":7,"epoch":1'), 'written otherwise'],
  ['a space', EVENT_LINE.replace(',', ', '), 'written otherwise'],
  ['a carriage return', `${EVENT_LINE}\r`, 'written otherwise'],
  ['an escape that is not needed', EVENT_LINE.replace('ü', '\\u00fc'), 'written otherwise'],
  ['a time of another form', EVENT_LINE.replace('.000Z', 'Z'), 'of another kind'],
  ['a time that is none', EVENT_LINE.replace('2026-03', '2026-13'), 'of another kind'],
  ['a negative sequence', EVENT_LINE.replace(':7', ':-7'), 'of another kind'],
  ['a hole that ends before it begins', HOLE_LINE.replace('5', '2'), 'of another kind'],
  ['a hole that is none', '{"epoch":1,"hole":null}', 'of another kind'],
])('refuses %s', (_what, line, why) => {
  expect(() => readLeaf(line)).toThrow(expect.objectContaining({ code: 'leaf-malformed', message: expect.stringContaining(why) }));
});
