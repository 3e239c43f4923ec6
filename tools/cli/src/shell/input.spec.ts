import { formatPosition, parseBytes, parseDuration, parseInteger, parseList, parseMoment, parseOneOf, parsePosition } from './input';

const now = new Date('2026-03-02T12:00:00.000Z');
const usage = (message: string) => expect.objectContaining({ kind: 'permanent', code: 'usage', message: expect.stringContaining(message) });

it.each([['500ms', 500], ['30s', 30_000], ['1.5m', 90_000], ['10 min', 600_000], ['2h', 7_200_000], ['1d', 86_400_000]])('%p is %p ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each([['500MB', 5e8], ['1.5 GB', 1.5e9], ['512KiB', 524_288], ['7B', 7]])('%p is %p bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

it.each(['', '10', 'GB', '-1GB', '1PB'])('%p is no size', (text) => {
  expect(() => parseBytes(text)).toThrow(usage('is not a size'));
});

it.each(['', '10', 'm', '-1s', '1w', '1s2'])('%p is no length of time', (text) => {
  expect(() => parseDuration(text)).toThrow(usage('is not a length of time'));
});

it.each([
  ['2026-03-01', '2026-03-01T00:00:00.000Z'], ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'], ['2026-03-01T12:00:00.5+02:00', '2026-03-01T10:00:00.500Z'], ['30m', '2026-03-02T11:30:00.000Z'],
])('%p is the moment %p', (text, moment) => {
  expect(parseMoment(text, now)).toBe(moment);
});

it.each(['yesterday', '2026-13-01', '2026-03-01T12:00', '1'])('%p is no moment', (text) => {
  expect(() => parseMoment(text, now)).toThrow(usage('is not a moment'));
});

it('reads positions as it writes them', () => {
  expect(parsePosition('1:4711')).toEqual({ epoch: 1, sequence: 4711 });
  expect(formatPosition({ epoch: 1, sequence: 4711 })).toBe('1:4711');
});

it.each(['4711', '1:', 'a:b', '1:2:3', '-1:2'])('%p is no position', (text) => {
  expect(() => parsePosition(text)).toThrow(usage('is not a position'));
});

it('reads whole numbers within their bounds', () => {
  expect([parseInteger('0'), parseInteger(' 42 '), parseInteger('5', { min: 1, max: 5 })]).toEqual([0, 42, 5]);
});

it.each([['1.5', {}], ['-1', {}], ['x', {}], ['0', { min: 1 }], ['6', { max: 5 }], ['99999999999999999', {}]])('%p is no whole number within %p', (text, bounds) => {
  expect(() => parseInteger(text, bounds)).toThrow(usage('is not a whole number from'));
});

it('takes only allowed words', () => {
  expect(parseOneOf('dot', ['json', 'dot'])).toBe('dot');
  expect(() => parseOneOf('png', ['json', 'dot'])).toThrow(usage("'png' is not allowed here; use one of json, dot."));
});

it('splits lists', () => {
  expect(parseList('a.b.v1, c.d.v1,,')).toEqual(['a.b.v1', 'c.d.v1']);
});
