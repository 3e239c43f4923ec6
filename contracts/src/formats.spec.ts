import { formats } from './formats';

test.each(['2026-03-02T09:14:02Z', '2026-03-02T09:14:02.117Z', '2024-02-29T23:59:60+02:00', '2000-02-29T00:00:00-11:30', '2026-12-31T00:00:00.123456789Z'])('%s is a moment', (text) => {
  expect(formats['date-time'](text)).toBe(true);
});

test.each(['2026-03-02', '2026-03-02T09:14:02', '2026-03-02 09:14:02Z', '2026-02-29T00:00:00Z', '1900-02-29T00:00:00Z', '2026-04-31T00:00:00Z', '2026-13-01T00:00:00Z', '2026-03-02T24:00:00Z', ''])('%j is no moment', (text) => {
  expect(formats['date-time'](text)).toBe(false);
});

test('a day is a day of the calendar', () => {
  expect(['2026-03-31', '2026-06-31', '31.03.2026'].map((text) => formats.date(text))).toEqual([true, false, false]);
});
