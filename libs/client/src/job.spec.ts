import { isFinal } from './job';

it.each([
  ['pending', false], ['fetching', false], ['scanning', false], ['parsing', false], ['storing', false],
  ['completed', true], ['failed', true], ['cancelled', true], ['blocked', true],
] as const)('a job that is %s has ended: %p', (state, ended) => {
  expect(isFinal(state)).toBe(ended);
});
