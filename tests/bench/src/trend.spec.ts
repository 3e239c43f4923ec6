import { trendOf } from './trend.ts';

const points = (values: readonly number[]) => values.map((value, minute) => [minute / 60, value] as const);
/** Small and without a direction. */
const noise = (i: number) => [0, 3, -2, 1, -3, 2, -1][i % 7] ?? 0;

it('is the slope of a line', () => {
  const trend = trendOf(points(Array.from({ length: 30 }, (_, minute) => 100 + minute)));
  expect(trend.perHour).toBeCloseTo(60);
  expect(trend).toMatchObject({ grows: true });
});

it('is near nothing for what goes up and down', () => {
  const trend = trendOf(points(Array.from({ length: 50 }, (_, minute) => 100 + noise(minute))));
  expect(Math.abs(trend.perHour)).toBeLessThan(1);
  expect(trend.from).toBeLessThan(0);
  expect(trend.to).toBeGreaterThan(0);
  expect(trend.grows).toBe(false);
});

it('finds a slow growth among teeth, and is not moved by one outlier', () => {
  const values = Array.from({ length: 60 }, (_, minute) => 100 + minute / 6 + noise(minute) + (minute === 59 ? 500 : 0));
  const trend = trendOf(points(values));
  expect(trend.perHour).toBeCloseTo(10, -1);
  expect(trend.grows).toBe(true);
});
