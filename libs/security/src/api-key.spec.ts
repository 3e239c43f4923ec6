import { crc32 } from 'node:zlib';
import { makeApiKey, parseApiKey } from './api-key';
import { hashSecret, randomBase62, secretMatches, toBase62 } from './opaque-secret';

it('makes a key that can be read again, and keeps only its hash', () => {
  const { key, id, hash } = makeApiKey();
  expect(key).toMatch(/^gran_[0-9A-Za-z]{16}_[0-9A-Za-z]{49}$/);
  const parsed = parseApiKey(key);
  expect(parsed?.id).toBe(id);
  expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(secretMatches(parsed?.secret ?? '', hash)).toBe(true);
  expect(secretMatches(makeApiKey().key.slice(22, 65), hash)).toBe(false);
});

it('is the same for the same chance', () => {
  const chance = (count: number) => Uint8Array.from({ length: count }, (_, at) => at);
  expect(makeApiKey(chance).key).toBe(`gran_0123456789ABCDEF_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg${toBase62(crc32('0123456789ABCDEF_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg'), 6)}`);
});

it('writes checksums as GitHub does', () => {
  // The example that GitHub published for its own format, in pieces.
  expect(toBase62(crc32(['zQWBuTSOoRi4A9sp', 'HcVY5ncnsDkxkJ'].join('')), 6)).toBe(['0mL', 'q17'].join(''));
  expect(toBase62(0, 6)).toBe('000000');
});

const { key } = makeApiKey();
const changed = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

it.each([
  ['nothing', ''], ['a changed id', changed(key, 7)], ['a changed secret', changed(key, 30)], ['a changed checksum', changed(key, 70)], ['a space before', ` ${key}`], ['a line break behind', `${key}\n`],
  ['another prefix', key.replace('gran_', 'grain_')], ['a prefix in capitals', key.replace('gran_', 'GRAN_')], ['a character too many', `${key}A`], ['a character too few', key.slice(0, -1)], ['a wrong character', key.replace(/.$/, '-')], ['a megabyte', 'gran_'.repeat(200_000)],
])('reads no key in %s', (_, text) => {
  expect(parseApiKey(text)).toBeNull();
});

it('throws away bytes that would make some characters likelier', () => {
  const given: number[] = [];
  const chance = (count: number) => {
    given.push(count);
    return given.length === 1 ? Uint8Array.from([255, 248, 247, 62, 0]) : new Uint8Array(count).fill(61);
  };
  expect(randomBase62(5, chance)).toBe('z00zz');
  expect(given).toEqual([5, 2]);
});

it('has every character about equally often', () => {
  const counts = new Map<string, number>();
  for (const character of randomBase62(62_000)) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(counts.size).toBe(62);
  // 1000 expected, standard deviation 31: a modulo bias would give eight characters 1211.
  expect(Math.max(...counts.values())).toBeLessThan(1180);
});

it.each([['', false], ['sha256:', false], [hashSecret('a').slice(0, -1), false], [hashSecret('b'), false], [hashSecret('a').toUpperCase(), false], [hashSecret('a'), true]])('compares with %j', (kept, same) => {
  expect(secretMatches('a', kept)).toBe(same);
});
