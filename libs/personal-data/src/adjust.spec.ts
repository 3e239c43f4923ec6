import { KEY } from '../test/made-up';
import { adjustPersonalData } from './adjust';
import { findPersonalData } from './find';

const findingOf = (text: string) => {
  const [finding] = findPersonalData(Buffer.from(text), { key: KEY }).findings;
  if (finding === undefined) throw new Error(`nothing found in ${text}`);
  return finding;
};
const EMAIL = findingOf('first.reader@granary-fixtures.dev');
const SSN = findingOf('ssn: 751-48-2093');

it.each([
  ['src/orders.ts', 'medium', undefined],
  ['AUTHORS', 'low', 'public-contact'],
  ['LICENSE.md', 'low', 'public-contact'],
  ['packages/a/package.json', 'low', 'public-contact'],
  ['.github/CODEOWNERS', 'low', 'public-contact'],
  ['.mailmap', 'low', 'public-contact'],
  ['test/fixtures/people.csv', 'low', 'test'],
  ['src/orders.spec.ts', 'low', 'test'],
  ['docs/contact.html', 'low', 'documentation'],
])('an address in %s counts %s', (path, severity, adjusted) => {
  expect(adjustPersonalData(EMAIL, path)).toEqual({ ...EMAIL, severity, ...(adjusted === undefined ? {} : { adjusted }) });
});

it.each([
  ['src/orders.ts', 'high'],
  ['AUTHORS', 'high'],
  ['test/orders.ts', 'medium'],
  ['docs/orders.md', 'medium'],
])('a social security number in %s counts %s', (path, severity) => expect(adjustPersonalData(SSN, path).severity).toBe(severity));

it('adjusts once', () => {
  const once = adjustPersonalData(SSN, 'test/orders.ts');
  expect(adjustPersonalData(once, 'test/orders.ts')).toBe(once);
});
