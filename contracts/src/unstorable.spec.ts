import { unstorableAt } from './unstorable';

it.each<[unknown, string[]]>([
  ['a\0', ['']],
  [{ a: 'b', c: [1, null, 'd\0', { 'e/f': '\0' }] }, ['/c/2', '/c/3/e~1f']],
  [{ 'a\0b': 1 }, ['']],
  [{ a: '\ud800', b: 'c\udc00d', '\udfff': 1, e: '\ud83d\ude00' }, ['/a', '/b', '']],
  [{ a: '\\u0000', b: '\u0001' }, []],
])('finds in %j the places %j', (value, expected) => {
  expect(unstorableAt(value)).toEqual(expected);
});
