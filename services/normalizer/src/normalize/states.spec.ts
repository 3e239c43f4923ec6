import { createGraphState } from '@granary/graph';
import { factsOf } from '../../../../libs/graph/test/facts';
import { createStates, type KnownState } from './states';

const known = (digest: string): KnownState => ({ digest, state: createGraphState(factsOf({ 'a.ts': [] })) });

it('gives a state away once', () => {
  const states = createStates({ count: 2, factBytes: 100 });
  states.keep('a', 10, known('1'));
  expect(states.take('a')?.digest).toBe('1');
  expect(states.take('a')).toBeNull();
});

it.each([
  { says: 'all that fit', sizes: { a: 10, b: 20 }, kept: ['a', 'b'] },
  { says: 'no more than so many', sizes: { a: 10, b: 20, c: 30 }, kept: ['b', 'c'] },
  { says: 'no more than so many bytes', sizes: { a: 60, b: 60 }, kept: ['b'] },
  { says: 'nothing that is too large, at no cost to others', sizes: { a: 60, b: 101 }, kept: ['a'] },
])('keeps $says', ({ sizes, kept }) => {
  const states = createStates({ count: 2, factBytes: 100 });
  for (const [name, bytes] of Object.entries(sizes)) states.keep(name, bytes, known(name));
  expect(['a', 'b', 'c'].filter((name) => states.take(name) !== null)).toEqual(kept);
  expect([states.fits(100), states.fits(101)]).toEqual([true, false]);
});
