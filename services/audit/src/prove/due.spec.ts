import { dueKind } from './due';

it.each([
  ['in the same hour', '2026-03-02T10:00:00.001Z', '2026-03-02T10:59:59.999Z', null],
  ['at the next full hour', '2026-03-02T10:59:59.999Z', '2026-03-02T11:00:00.000Z', 'hourly'],
  ['after hours of nothing', '2026-03-02T10:00:00.000Z', '2026-03-02T14:20:00.000Z', 'hourly'],
  ['at midnight', '2026-03-02T23:59:59.000Z', '2026-03-03T00:00:00.000Z', 'daily'],
  ['late on the next day', '2026-03-02T23:59:59.000Z', '2026-03-03T17:00:00.000Z', 'daily'],
  ['after a clock that was set back', '2026-03-02T10:00:00.000Z', '2026-03-02T09:10:00.000Z', null],
])('is due %s', (_what, last, now, kind) => {
  expect(dueKind(new Date(last), new Date(now))).toBe(kind);
});
