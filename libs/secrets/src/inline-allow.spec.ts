import { readDirective, reasonFor } from './inline-allow';

const known = new Set(['private-key', 'npm-access-token']);
const read = (before: string, after: string) => readDirective(7, before, after, (rule) => known.has(rule));

it.each([
  ['key(); // ', ' secret(private-key) for the tests', { line: 7, rules: ['private-key'], reason: 'for the tests', alone: false }],
  ['  # ', ' secret(*) made up', { line: 7, rules: ['*'], reason: 'made up', alone: true }],
  ['/* ', ' secret(private-key, npm-access-token): both expired */', { line: 7, rules: ['private-key', 'npm-access-token'], reason: 'both expired', alone: true }],
  ['<!-- ', ' secret(*) of the demo -->', { line: 7, rules: ['*'], reason: 'of the demo', alone: true }],
  ['-- ', ' secret(*) – Schlüssel für Tests', { line: 7, rules: ['*'], reason: 'Schlüssel für Tests', alone: true }],
  ['; ', ' secret(*) ini', { line: 7, rules: ['*'], reason: 'ini', alone: true }],
])('%j granary:allow%j is a directive', (before, after, directive) => {
  expect(read(before, after)).toEqual(directive);
});

it.each([
  ['// ', ' secret(private-key)', /gives no reason, so it allows nothing/],
  ['// ', ' secret(*) --', /gives no reason/],
  ['// ', ' secret(privat-key) typo', /there is no rule 'privat-key'/],
  ['// ', ' because I say so', /names no rule/],
  ['x = "', ' secret(*) in a string"', /stands in no comment/],
])('%j granary:allow%j says what is wrong', (before, after, problem) => {
  expect(read(before, after)).toEqual({ line: 7, problem: expect.stringMatching(problem) });
});

it.each([['Write `', ' secret(<rule or *>) <reason>`'], ['the word `', '` begins it']])('%j granary:allow%j only speaks of directives', (before, after) => {
  expect(read(before, after)).toBeNull();
});

it('counts on its own line, and alone on a line for the next one', () => {
  const directive = { line: 7, rules: ['private-key'], reason: 'why', alone: true };
  expect([6, 7, 8, 9].map((line) => reasonFor([directive], 'private-key', line))).toEqual([null, 'why', 'why', null]);
  expect(reasonFor([{ ...directive, alone: false }], 'private-key', 8)).toBeNull();
  expect(reasonFor([directive], 'npm-access-token', 7)).toBeNull();
  expect(reasonFor([{ ...directive, rules: ['*'] }], 'npm-access-token', 7)).toBe('why');
});
