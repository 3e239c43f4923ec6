import { createRuleSets } from './rule-sets';

it('asks once for the same rules, and each time for others', () => {
  const asked: string[] = [];
  const ruleSets = createRuleSets((custom) => `set ${asked.push(custom.map(({ id }) => id).join())}`);
  const rule = (id: string) => ({ id, severity: 'high' as const, pattern: id });
  expect([[], [rule('a')], [], [rule('a')], [rule('b')], [rule('a'), rule('b')]].map(ruleSets)).toEqual(['set 1', 'set 2', 'set 1', 'set 2', 'set 3', 'set 4']);
  expect(asked).toEqual(['', 'a', 'b', 'a,b']);
});

it('forgets what was not asked for the longest', () => {
  let asked = 0;
  const ruleSets = createRuleSets(() => `${(asked += 1)}`);
  const custom = (n: number) => [{ id: `r${n}`, severity: 'low' as const, pattern: 'x' }];
  for (let n = 0; n < 1_001; n += 1) ruleSets(custom(n));
  expect([ruleSets(custom(1)), ruleSets(custom(0))]).toEqual(['2', '1002']);
});
