import { afterFailure, lockedUntil, secondsUntil, type Failures } from './lockout';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));
const none: Failures = { failures: 0, since: at(0), lockedUntil: null, locks: 0 };
const failing = (minutes: readonly number[], from: Failures = none) => minutes.reduce((known, minute) => afterFailure(known, at(minute)), from);

it.each([
  ['one', [0], { failures: 1, locks: 0 }, null],
  ['four', [0, 1, 2, 3], { failures: 4, locks: 0 }, null],
  ['the fifth locks for 15 minutes', [0, 1, 2, 3, 4], { failures: 0, locks: 1 }, at(19)],
  ['what comes while it is locked does not count', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { failures: 0, locks: 1 }, at(19)],
  ['five within more than 15 minutes', [0, 5, 10, 14, 15], { failures: 1, locks: 0 }, null],
  ['the second lock is twice as long', [0, 1, 2, 3, 4, 20, 21, 22, 23, 24], { failures: 0, locks: 2 }, at(54)],
])('%s', (_name, minutes, counts, until) => {
  const known = failing(minutes);
  expect(known).toMatchObject(counts);
  expect(known.lockedUntil).toEqual(until);
});

it('locks for at most four hours', () => {
  expect(failing([0, 0, 0, 0, 0], { ...none, locks: 9 }).lockedUntil).toEqual(at(240));
});

it.each([
  [18, at(19)],
  [19, null],
])('is locked until the moment that was said: minute %i', (minute, until) => {
  expect(lockedUntil(failing([0, 1, 2, 3, 4]), at(minute))).toEqual(until);
});

it.each([
  [900_000, 900],
  [899_001, 900],
  [1, 1],
  [-5, 1],
])('%i ms are %i seconds to wait', (ms, seconds) => {
  expect(secondsUntil(new Date(at(0).getTime() + ms), at(0))).toBe(seconds);
});
