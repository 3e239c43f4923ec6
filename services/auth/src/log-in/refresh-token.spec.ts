import { hashesOf, judgeRefreshToken, newRefreshToken, parseRefreshToken, renderRefreshToken } from './refresh-token';

const sid = '019b2d3e-7a10-7b54-8c1d-2f9a6e4b7d01';
const first = newRefreshToken(sid);
const second = newRefreshToken(sid, first.family);
const third = newRefreshToken(sid, first.family);

it('is written in one form and read back', () => {
  expect(renderRefreshToken(first)).toMatch(/^granr_019b2d3e7a107b548c1d2f9a6e4b7d01_[0-9A-Za-z]{86}$/);
  expect(parseRefreshToken(renderRefreshToken(first))).toEqual(first);
});

it.each(['', 'granr_', `granr_${sid}_${'a'.repeat(86)}`, `granr_${'0'.repeat(32)}_${'a'.repeat(85)}`, ` ${renderRefreshToken(first)}`, `${renderRefreshToken(first)}\n`])('%j is none', (text) => {
  expect(parseRefreshToken(text)).toBeNull();
});

it.each([
  ['the newest one', third, 'current'],
  ['the one before', second, 'used'],
  ['one long before', first, 'used'],
  ['one of another session', newRefreshToken(sid), 'foreign'],
  ['the right end without the family', { ...newRefreshToken(sid), own: third.own }, 'foreign'],
] as const)('%s', (_name, shown, judged) => {
  expect(judgeRefreshToken(shown, hashesOf(third))).toBe(judged);
});
