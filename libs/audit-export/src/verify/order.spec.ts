import { leafLine } from '@granary/transparency';
import { follow, placeOf, type LogEnd } from './order';

const event = (changes: object = {}) => Buffer.from(leafLine({ epoch: 1, sequence: 7, storedAt: '2026-03-02T09:00:00.000Z', tenant: 'acme', type: 'task.started.v1', key: 'k', eventId: 'e', body: '{}', ...changes }));
const hole = (first: number, last: number, epoch = 1) => Buffer.from(leafLine({ epoch, hole: { first, last } }));

it.each([
  [event(), { epoch: 1, sequence: 7, hole: null, type: 'task.started.v1' }],
  [event({ tenant: 'a","type":"b', type: 'ty"pe\\\u0001' }), { epoch: 1, sequence: 7, hole: null, type: 'ty"pe\\\u0001' }],
  [event({ tenant: '\u0001'.repeat(400), type: 'ä'.repeat(400) }), { epoch: 1, sequence: 7, hole: null, type: 'ä'.repeat(400) }],
  [hole(3, 5), { epoch: 1, sequence: null, hole: { first: 3, last: 5 }, type: null }],
  [Buffer.from('{"epoch":1}'), null],
  [Buffer.from('nothing'), null],
])('%#: reads the place of a line', (line, expected) => {
  expect(placeOf(line)).toEqual(expected);
});

const end: LogEnd = { epoch: 1, sequence: 6, open: false };

it.each<[string, LogEnd | null, Buffer, LogEnd | string]>([
  ['the next sequence', end, event(), { epoch: 1, sequence: 7, open: false }],
  ['anything where nothing is known', null, event(), { epoch: 1, sequence: 7, open: false }],
  ['a hole', end, hole(7, 9), { epoch: 1, sequence: 9, open: true }],
  ['the event behind it', { epoch: 1, sequence: 9, open: true }, event({ sequence: 10 }), { epoch: 1, sequence: 10, open: false }],
  ['a new epoch', end, event({ epoch: 2, sequence: 1 }), { epoch: 2, sequence: 1, open: false }],
  ['a gap', end, event({ sequence: 9 }), 'sequence 9 stands behind 6, and no hole says why those between are missing'],
  ['a repeat', end, event({ sequence: 6 }), 'sequence 6 stands behind 6'],
  ['an epoch before', { epoch: 2, sequence: 1, open: false }, event(), 'epoch 1 stands behind epoch 2'],
  ['a hole that ends before it begins', end, hole(7, 6), 'the hole from 7 to 6 cannot be'],
  ['two holes', { epoch: 1, sequence: 9, open: true }, hole(10, 11), 'the hole from 10 to 11 cannot be'],
  ['a hole at the end of an epoch', { epoch: 1, sequence: 9, open: true }, event({ epoch: 2, sequence: 1 }), 'epoch 1 ends with a hole'],
])('follows %s', (_what, before, line, expected) => {
  expect(follow(before, placeOf(line) as NonNullable<ReturnType<typeof placeOf>>)).toEqual(expected);
});
