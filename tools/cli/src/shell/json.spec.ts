import { toJson } from './json';

it('writes JSON that reads back the same and steers no terminal', () => {
  const value = { path: 'a\u009b2Jb\u2028\u007f\u001b', list: [1, null] };

  expect(toJson(value)).toBe('{"path":"a\\u009b2Jb\\u2028\\u007f\\u001b","list":[1,null]}');
  expect(JSON.parse(toJson(value))).toEqual(value);
});

it('indents when asked', () => {
  expect(toJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
});
