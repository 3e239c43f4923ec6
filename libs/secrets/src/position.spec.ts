import { locate, scannable } from './position';

const places = (text: string | Buffer, ...needles: string[]) => {
  const bytes = Buffer.from(text as string);
  return locate(bytes, needles.map((needle) => bytes.indexOf(needle)));
};

it.each([
  ['one\ntwo\nthree', 'three', { line: 3, column: 1 }],
  ['a\r\nb key', 'key', { line: 2, column: 3 }],
  ['ä key', 'key', { line: 1, column: 3 }],
  ['€ key', 'key', { line: 1, column: 3 }],
  ['🔑 key', 'key', { line: 1, column: 4 }],
  ['\ufeffkey', 'key', { line: 1, column: 1 }],
  ['key', 'key', { line: 1, column: 1 }],
])('in %j, %j stands at %p', (text, needle, place) => {
  expect(places(text, needle)).toEqual([place]);
});

it('finds several in one pass, and survives broken bytes', () => {
  expect(locate(Buffer.from([0x61, 0xff, 0x0a, 0x62, 0xc3, 0x63]), [0, 1, 3, 5])).toEqual([{ line: 1, column: 1 }, { line: 1, column: 2 }, { line: 2, column: 1 }, { line: 2, column: 3 }]);
});

it('reads UTF-16 of both byte orders, and leaves everything else as it is', () => {
  const little = Buffer.from('\ufeffkey = ä1', 'utf16le');
  const big = Buffer.from(little).swap16();
  expect(scannable(little).toString()).toBe('key = ?1');
  expect(scannable(big).toString()).toBe('key = ?1');
  const plain = Buffer.from('key');
  expect(scannable(plain)).toBe(plain);
});
