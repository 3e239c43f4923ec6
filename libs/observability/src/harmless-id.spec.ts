import { harmlessId } from './harmless-id';

it.each([
  [undefined, undefined],
  ['', undefined],
  ['req-7', 'req-7'],
  ['01a20149-284d-70d9-8968-aaafc4cd5a13', '01a20149-284d-70d9-8968-aaafc4cd5a13'],
  ['4bf92f3577b34da6a3ce929d0e0e4736', '4bf92f3577b34da6a3ce929d0e0e4736'],
  ['agents:reviewer_2.run-9', 'agents:reviewer_2.run-9'],
  ['x'.repeat(128), 'x'.repeat(128)],
  ['x'.repeat(129), undefined],
  ['a\nb', undefined],
  ['a b', undefined],
  [['ghp', 'a1'.repeat(18)].join('_'), undefined],
  [['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxIn0', 'c2ln'].join('.'), undefined],
])('%s', (said, id) => {
  expect(harmlessId(said)).toBe(id);
});
