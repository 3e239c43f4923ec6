import { parseCustomRules, toRules } from './custom-rule';
import { createSecretScanner } from './scanner';

const key = Buffer.alloc(32, 1);
const none = new Set<string>();

it('finds what only one organisation knows', () => {
  const custom = [{ id: 'acme-key', title: 'ACME key', pattern: 'acme_[a-z0-9]{20}' }, { id: 'acme-pin', severity: 'low', pattern: '(?<secret>\\d{8})-[A-Z]{2}', keywords: ['ACME pin'] }] as const;
  const scanner = createSecretScanner({ custom });
  const content = Buffer.from('x = acme_k3j9x2m4v8q1w7e5r6t0 // not ACME_k3j9x2m4v8q1w7e5r6t0\nAcme PIN of the door: 73519264-KQ\n91827364-KQ'.padEnd(5_000, '.').concat('55555555-KQ'));
  const { findings } = scanner.scan(content, { key });

  expect(findings.map(({ rule, severity, line, column, endColumn, preview }) => ({ rule, severity, line, column, endColumn, preview }))).toEqual([
    { rule: 'acme-key', severity: 'high', line: 1, column: 5, endColumn: 30, preview: '… (25 characters)' },
    { rule: 'acme-pin', severity: 'low', line: 2, column: 23, endColumn: 31, preview: '… (8 characters)' },
    { rule: 'acme-pin', severity: 'low', line: 3, column: 1, endColumn: 9, preview: '… (8 characters)' },
  ]);
  expect(scanner.version).not.toBe(createSecretScanner().version);
});

it('minds case only where the pattern says so, and asks for entropy', () => {
  const scanner = createSecretScanner({ custom: [{ id: 'acme-key', pattern: 'acme_[a-z0-9]{12}', flags: 'i', entropy: 3 }] });
  expect(scanner.scan(Buffer.from('ACME_K3J9X2M4V8Q1 acme_k3k3k3k3k3k3'), { key }).findings.map(({ column }) => column)).toEqual([1]);
});

it.each([
  ['nonsense', /are not JSON/],
  ['{}', /are not a list/],
  [JSON.stringify(Array.from({ length: 201 }, (_, index) => ({ id: `r${index}`, pattern: 'acme_[a-z]{10}' }))), /there are 201; 200 are allowed/],
  ['[{"id":"Bad Id","pattern":"(a+)+","severity":"huge","colour":1,"title":2,"flags":3,"entropy":9}]', /rule 'Bad Id': there is no field "colour"[^]*"id" has to be kebab-case[^]*"title"[^]*"severity"[^]*"flags"[^]*"entropy"[^]*"pattern": '/],
  ['[{"id":"private-key","pattern":"acme_[a-z]{9}"}]', /Granary has a rule of this id/],
  ['[{"id":"a"},{"id":"a","pattern":"acme_[a-z]{9}"}, 5]', /rule 'a': "pattern" is missing[^]*rule 'a': another rule has the id "a"[^]*rule 3: it is not an object/],
  ['[{"id":"a","pattern":"[a-z]{9}","keywords":["x"]}]', /"keywords" need three to a hundred ASCII characters/],
  ['[{"id":"a","pattern":"[a-z]{9}","keywords":"acme"}]', /"keywords" is not a list/],
])('refuses %.60s with all problems together', (text, message) => {
  expect(() => parseCustomRules(text, new Set(['private-key']))).toThrow(expect.objectContaining({ kind: 'permanent', code: 'bad-rules', message: expect.stringMatching(message) }));
});

it('reads a file of rules', () => {
  const rules = parseCustomRules('[{"id":"acme-key","pattern":"acme_[a-z0-9]{20}","keywords":["acme"]}]', none);
  expect(toRules(rules, none)).toEqual([expect.objectContaining({ id: 'acme-key', title: 'acme-key', severity: 'high', rank: 'context', keywords: ['acme'], keywordCase: 'any', before: 281, after: 306 })]);
});
