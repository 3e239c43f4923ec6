import { backOffMs, crashesInARow } from './back-off';

it('doubles from half a second to half a minute', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 2000].map(backOffMs)).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

it.each([
  ['never ready', 3, 0, 4],
  ['ready for a moment', 3, 59_999, 4],
  ['healthy for a minute', 3, 60_000, 1],
  ['first crash', 0, 5_000, 1],
])('counts crashes in a row: %s', (_, before, healthyMs, now) => {
  expect(crashesInARow(before, healthyMs)).toBe(now);
});
