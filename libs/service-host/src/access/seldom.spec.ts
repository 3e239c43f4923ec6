import { createSeldom } from './seldom';

it('says yes once a while for each thing, and forgets the oldest when there are too many', () => {
  let at = 0;
  const seldom = createSeldom({ everyMs: 60, most: 2, now: () => new Date(at) });
  const asked = [seldom('a'), seldom('a'), seldom('b')];
  at = 59;
  asked.push(seldom('a'));
  at = 60;
  asked.push(seldom('a'), seldom('a'), seldom('c'), seldom('b'));
  expect(asked).toEqual([true, false, true, false, true, false, true, true]);
});
