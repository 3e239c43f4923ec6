import { dayOf, daysBetween, daysLater, folderOf, isDay, startOf } from './day';

it('counts days in UTC', () => {
  expect(dayOf(new Date('2026-03-02T23:59:59.999Z'))).toBe('2026-03-02');
  expect(dayOf(new Date('2026-03-03T01:00:00+02:00'))).toBe('2026-03-02');
  expect(startOf('2026-03-02').toISOString()).toBe('2026-03-02T00:00:00.000Z');
  expect(folderOf('2026-03-02')).toBe('2026/03/02');
});

it.each([
  ['2026-02-28', 1, '2026-03-01'],
  ['2028-02-28', 1, '2028-02-29'],
  ['2026-01-01', -1, '2025-12-31'],
  ['2026-03-02', -90, '2025-12-02'],
])('%s and %i days', (day, days, expected) => {
  expect(daysLater(day, days)).toBe(expected);
});

it('names the days between two', () => {
  expect(daysBetween('2026-02-27', '2026-03-02')).toEqual(['2026-02-28', '2026-03-01']);
  expect(daysBetween('2026-03-01', '2026-03-02')).toEqual([]);
});

it.each([['2026-03-02', true], ['2026-02-29', false], ['2026-3-2', false], ['2026-03-02T00', false], ['', false]])('%p is a day: %s', (text, expected) => {
  expect(isDay(text)).toBe(expected);
});
