import { daysBefore, daysOfMonth, forecast, lastDays, lengthOf, monthBefore, periodAt, periodFrom } from './period';

it('knows the days of months and periods', () => {
  expect(['2026-02', '2024-02', '2026-12', '0001-01'].map(daysOfMonth)).toEqual([{ from: '2026-02-01', to: '2026-02-28' }, { from: '2024-02-01', to: '2024-02-29' }, { from: '2026-12-01', to: '2026-12-31' }, { from: '0001-01-01', to: '0001-01-31' }]);
  const now = new Date('2026-03-31T23:59:59.999Z');
  expect([periodAt('day', now), periodAt('month', now)]).toEqual([{ from: '2026-03-31', to: '2026-03-31' }, { from: '2026-03-01', to: '2026-03-31' }]);
  expect([periodFrom('day', '2026-03-05'), periodFrom('month', '2026-03-01')]).toEqual([{ from: '2026-03-05', to: '2026-03-05' }, { from: '2026-03-01', to: '2026-03-31' }]);
  expect(['2026-01', '2026-03'].map(monthBefore)).toEqual(['2025-12', '2026-02']);
});

it('counts back', () => {
  expect(lastDays(30, '2026-03-01')).toEqual({ from: '2026-01-31', to: '2026-03-01' });
  expect(daysBefore({ from: '2026-03-02', to: '2026-03-08' })).toEqual({ from: '2026-02-23', to: '2026-03-01' });
  expect([lengthOf({ from: '2026-03-02', to: '2026-03-02' }), lengthOf({ from: '2026-03-02', to: '2026-03-01' })]).toEqual([1, 0]);
});

it.each<[string, bigint | null]>([
  ['2026-03-01T12:00:00Z', null],
  ['2026-03-16T12:00:00Z', 2_000n],
  ['2026-04-01T00:00:00Z', 1_000n],
  ['2026-05-01T00:00:00Z', 1_000n],
])('expects at %s what a month will cost', (now, expected) => {
  expect(forecast(1_000n, daysOfMonth('2026-03'), new Date(now))).toBe(expected);
});
