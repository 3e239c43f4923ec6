import fc from 'fast-check';
import { decodeBase64url, encodeBase64url } from './base64url';

// RFC 4648 section 10, without padding, and two values that need the URL's own characters.
it.each([['', ''], ['f', 'Zg'], ['fo', 'Zm8'], ['foo', 'Zm9v'], ['foob', 'Zm9vYg'], ['fooba', 'Zm9vYmE'], ['foobar', 'Zm9vYmFy'], ['~~~', 'fn5-'], ['???', 'Pz8_']])('%p is %p', (bytes, text) => {
  expect(encodeBase64url(Buffer.from(bytes))).toBe(text);
  expect(decodeBase64url(text)).toEqual(Buffer.from(bytes));
});

it.each([
  ['padding', 'Zg=='], ['half of the padding', 'Zg='], ['only padding', '=='], ['a space', 'Zm 9v'], ['a line break at the end', 'Zm9v\n'], ['a tab', '\tZm9v'], ['+', 'fn5+'], ['/', 'Pz8/'],
  ['a bit behind the last byte', 'Zh'], ['two bits behind the last byte', 'Zm9vYmF'], ['one character', 'A'], ['five characters', 'Zm9vY'], ['a NUL', 'Zm9v\0'], ['another script', 'Zm9ѵ'], ['a full-width letter', 'Zm9ｖ'],
])('refuses %s', (_, text) => {
  expect(decodeBase64url(text)).toBeNull();
});

it('has one text for each value and one value for each text', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), fc.string({ maxLength: 12 }), (bytes, text) => {
    expect(decodeBase64url(encodeBase64url(bytes))).toEqual(Buffer.from(bytes));
    const decoded = decodeBase64url(text);
    if (decoded) expect(encodeBase64url(decoded)).toBe(text);
  }), { numRuns: 200, seed: 4 });
});

it('encodes a view of a larger buffer', () => {
  expect(encodeBase64url(new Uint8Array(Buffer.from('xfoox')).subarray(1, 4))).toBe('Zm9v');
});
