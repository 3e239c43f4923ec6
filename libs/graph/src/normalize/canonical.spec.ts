import { canonicalJson } from './canonical';

it.each([
  { says: 'keys are sorted at every depth', value: { b: { d: 1, c: [{ f: 1, e: 2 }] }, a: null }, json: '{"a":null,"b":{"c":[{"e":2,"f":1}],"d":1}}' },
  { says: 'by code units, not by a locale', value: { ä: 1, a: 2, B: 3, '€': 4 }, json: '{"B":3,"a":2,"ä":1,"€":4}' },
  { says: 'lists keep their order', value: [3, 1, 2], json: '[3,1,2]' },
  { says: 'control characters as RFC 8785 writes them', value: '\u0007\n"\\€', json: '"\\u0007\\n\\"\\\\€"' },
  { says: 'numbers in the shortest form', value: [1.0, 1e21, 0.000001, -0], json: '[1,1e+21,0.000001,0]' },
])('$says', ({ value, json }) => {
  expect(canonicalJson(value)).toBe(json);
});
