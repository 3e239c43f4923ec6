import { formatAgo, formatBytes, formatCount, formatDuration, formatSince, plural, shortCommit, timeOfDay } from './format';

const now = new Date('2026-03-02T12:00:00.000Z');

it.each([[0, '0'], [999, '999'], [12_345, '12,345']])('the count %p reads %p', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

it('puts the right word behind a count', () => {
  expect([plural(0, 'module'), plural(1, 'module'), plural(1_200, 'module'), plural(2, 'entry', 'entries')]).toEqual(['0 modules', '1 module', '1,200 modules', '2 entries']);
});

it.each([[-4, '0 ms'], [0.4, '0 ms'], [840, '840 ms'], [999.6, '1.0 s'], [1_249, '1.2 s'], [59_999, '59.9 s'], [60_000, '1 min 0 s'], [125_000, '2 min 5 s'], [3_599_999, '59 min 59 s'], [11_040_000, '3 h 4 min']])(
  '%p ms read %p',
  (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  },
);

it.each([
  ['2026-03-02T12:00:00.500Z', 'now'], ['2026-03-02T11:59:48.000Z', '12 s ago'], ['2026-03-02T11:56:30.000Z', '3 min ago'],
  ['2026-03-02T09:30:00.000Z', '2 h ago'], ['2026-03-01T09:30:00.000Z', '26 h ago'], ['2026-02-25T12:00:00.000Z', '5 d ago'], ['one day', 'one day'], [null, null],
])('%p was %p', (moment, text) => {
  expect(formatAgo(moment, now)).toBe(text);
});

it.each([['2026-03-02T11:59:48.000Z', '12 s'], ['2026-03-02T11:57:01.000Z', '2 min'], ['2026-03-02T12:00:09.000Z', '0 s'], ['never', 'never']])('since %p it is %p', (moment, text) => {
  expect(formatSince(moment, now)).toBe(text);
});

it.each([[0, '0 B'], [512, '512 B'], [1_000, '1 KB'], [1_540, '1.5 KB'], [999_600, '1 MB'], [96_112, '96.1 KB'], [214_000_000, '214 MB'], [3e15, '3000 TB']])('%p bytes read %p', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it('shortens commits', () => {
  expect(shortCommit('9fceb02d0ae598e95dc970b74767f19372d61af8')).toBe('9fceb02d0ae5');
  expect(shortCommit(null)).toBeNull();
});

it('gives the time of day, and what is no moment as it is', () => {
  expect(timeOfDay('2026-03-02T09:14:02.117+01:00')).toBe('08:14:02.117');
  expect(timeOfDay('soon')).toBe('soon');
});
