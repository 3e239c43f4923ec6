import { characters, chanceOf } from '../test/expand';
import { entropyOf, looksRandom, wordShare } from './randomness';

it.each([['', 0], ['aaaa', 0], ['abab', 1], ['abcd', 2], ['aabbccdd', 2]])('%p has %p bits a character', (value, bits) => {
  expect(entropyOf(value)).toBeCloseTo(bits);
});

it.each([['getUserToken', 1], ['this_is_an_identifier', 14 / 21], ['xq7zk', 0], ['', 0], ['HTTPServerFactory', 13 / 17]])('%p reads like words by %p', (value, share) => {
  expect(wordShare(value)).toBeCloseTo(share);
});

it.each(['getAccessTokenFromStorage', 'application/json', '1234567890123456', 'user-service-database-credentials', 'abcdef', 'ROLE_ADMINISTRATOR_V2', '2024-01-01T00:00:00'])('%p does not look random', (value) => {
  expect(looksRandom(value)).toBe(false);
});

it.each([['hex', 32], ['hex', 40], ['base62', 24], ['base62', 40], ['base64', 43], ['base36', 26]])('nearly all random %s of %d characters do', (kind, length) => {
  const chance = chanceOf(length);
  const random = Array.from({ length: 200 }, () => looksRandom(characters(kind, length, chance))).filter(Boolean);
  expect(random.length).toBeGreaterThanOrEqual(194);
});
