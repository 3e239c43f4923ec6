import { isStale, keyState, whatToTell } from './use';

const now = new Date('2026-03-02T09:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);

it.each([
  ['never', null, true],
  ['a moment ago', ago(59), false],
  ['a minute ago', ago(60), true],
])('writes down a use again when the last one was %s', (_name, at, stale) => {
  expect(isStale(at, now)).toBe(stale);
});

it.each([
  ['never', null, 'first'],
  ['an hour ago', ago(3_600), 'nothing'],
  ['a day ago', ago(86_400), 'again'],
])('told %s', (_name, useToldAt, told) => {
  expect(whatToTell({ lastUsedAt: null, useToldAt }, now)).toBe(told);
});

it.each([
  ['active', { revokedAt: null, expiresAt: null }],
  ['active', { revokedAt: null, expiresAt: ago(-1) }],
  ['expired', { revokedAt: null, expiresAt: now }],
  ['revoked', { revokedAt: ago(1), expiresAt: now }],
])('%s', (state, key) => {
  expect(keyState(key, now)).toBe(state);
});
