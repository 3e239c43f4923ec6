import { problemList, problemTexts } from './problems';

const error = (keyword: string, params: Record<string, unknown>, instancePath = '/a') => ({ instancePath, keyword, params });

test.each<[string, Record<string, unknown>, string]>([
  ['type', { type: ['string', 'null'] }, 'data.a must be string or null'],
  ['maximum', { limit: 500 }, 'data.a must be at most 500'],
  ['minItems', { limit: 1 }, 'data.a must have at least 1 items'],
  ['pattern', { pattern: '^unlisted$' }, 'data.a must be text that matches ^unlisted$'],
  ['format', { format: 'date' }, 'data.a must be a day such as 2026-03-02'],
  ['format', { format: 'unlisted' }, 'data.a must be unlisted'],
  ['contains', {}, 'data.a must satisfy contains'],
])('%s is said in words', (keyword, params, expected) => {
  expect(problemTexts([error(keyword, params)], 'data')).toEqual([expected]);
});

test('a pointer is written as people write a path', () => {
  expect(problemTexts([error('type', { type: 'string' }, '/files/0/x~1y')], 'data')).toEqual(['data.files[0].x/y must be string']);
});

test('each problem points to its place, a missing or unknown field to itself', () => {
  const errors = [error('type', { type: 'string' }, '/files/0'), error('required', { missingProperty: 'a/b' }, ''), error('additionalProperties', { additionalProperty: 'x~y' }, '/c')];
  expect(problemList(errors, 'data').map(({ pointer }) => pointer)).toEqual(['/files/0', '/a~1b', '/c/x~0y']);
});
