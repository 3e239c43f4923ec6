import { formatGrants, parseGrants } from './grants';

it.each([
  ['none', [], 'none'],
  ['admin', [{ role: 'admin', repositories: 'all' }], 'admin'],
  ['reader, auditor', [{ role: 'reader', repositories: 'all' }, { role: 'auditor', repositories: 'all' }], 'reader, auditor'],
  ['operator:a+b,reader', [{ role: 'operator', repositories: ['a', 'b'] }, { role: 'reader', repositories: 'all' }], 'operator of 2, reader'],
] as const)('%s', (text, grants, shown) => {
  expect(parseGrants(text)).toEqual(grants);
  expect(formatGrants(parseGrants(text))).toBe(shown);
});

it('names the roles there are', () => {
  expect(() => parseGrants('king')).toThrow("'king' is not allowed here; use one of owner, admin, operator, auditor, publisher, reader.");
});
