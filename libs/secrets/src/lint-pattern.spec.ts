import { costOf, lintPattern, shapeOf } from './lint-pattern';
import { builtInRules } from './rules/all';

it.each([
  ['acme_[a-z0-9]{32}'], ['acme-(?:live|test)-[A-F0-9]{8}(?:-[A-F0-9]{4}){3}'], ['\\bcorp[_-](?<secret>[A-Za-z0-9]{20,40})\\b'], ['acme[\\w.-]{0,20}\\s{0,5}[:=]\\s{0,5}"(?<secret>[^"]{8,64})"'], ['acme_[a-z]{10}(?!\\w)'], ['acme_(?:a1|b2|\\.c){4,60}'],
])('accepts %s', (pattern) => {
  expect(lintPattern(pattern)).toEqual({ ok: true });
});

it('accepts a pattern without a beginning of its own when there are keywords, and ignores case on demand', () => {
  expect(lintPattern('[a-f0-9]{32}', 'i', ['acme'])).toEqual({ ok: true });
});

it.each([
  ['(a+)+b', '', /repeats without a bound/],
  ['acme_[a-z]*', '', /'\[a-z\]\*' repeats without a bound; write \{0,200\}/],
  ['acme_([a-z]{1,30}){1,30}x', '', /'\[a-z\]\{1,30\}' and '\(\[a-z\]\{1,30\}\)\{1,30\}' can match the same characters/],
  ['acme_(?:a|a|b){10,50}c', '', /the alternative 'a' inside of the repetition '\(\?:a\|a\|b\)\{10,50\}' can begin like one before it/],
  ['acme_(?:ab|(a?x)|b){1,60}c', '', /the alternative '\(a\?x\)'/],
  ['acme_(?:X|\\w1){1,60}c', 'i', /can begin like one before it/],
  ['acme_(?:a?b?){1,60}cdefgh', '', /repeats something that can be empty/],
  ['acme_[a-z]{0,200}[a-z0-9]{0,200}!', '', /'\[a-z\]\{0,200\}' and '\[a-z0-9\]\{0,200\}' can match the same/],
  ['acme_(x)\\1y{5}', '', /refers back/],
  ['acme_(?<!y)x{6}', '', /looks behind/],
  ['[a-f0-9]{32}', '', /needs keywords, or must begin with three literal characters/],
  ['(?:acme|corp)_[a-z]{10}', '', /needs keywords/],
  ['acme_[a-z]{5000}', '', /can match 5005 characters/],
  ['acme', '', /can match 4 characters; a secret has 6/],
  ['acme_(', '', /no regular expression/],
  ['acmé_[a-z]{10}', '', /beyond printable ASCII/],
  ['acme_[a-z]{10}', 'g', /flags 'g' are not allowed/],
  ['acme_'.repeat(300), '', /has 1500 characters/],
])('refuses %s with flags %j', (pattern, flags, problem) => {
  expect(lintPattern(pattern, flags)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});

it.each([
  ['abc[d-f]{2,4}(?:gh|i)?', { longest: 9, shortest: 5, prefix: 'abc' }],
  ['(?:a|bc)d(?=ef)', { longest: 5, shortest: 2, prefix: '' }],
  ['a|bcd', { longest: 3, shortest: 1, prefix: '' }],
  ['(?<q>["\'])x{3}\\k<q>', { longest: 5, shortest: 4, prefix: '' }],
  ['\\bkey-', { longest: 4, shortest: 4, prefix: 'key-' }],
])('measures %s', (pattern, shape) => {
  expect(shapeOf(pattern)).toEqual(shape);
});

it('holds Granary itself to bounded repetition', () => {
  expect(builtInRules.filter(({ pattern }) => shapeOf(pattern).longest === Infinity).map(({ id }) => id)).toEqual([]);
});

it.each([
  ['acme_[a-z]{20}', 25], ['acme_[a-z]{1,50}[0-9]{1,15}z', 71], ['acm[a-z]{0,50}x?[a-z]{0,45}999', 102 + 50 * 45],
])('says how many steps an attempt of %s takes at most: %d', (pattern, steps) => {
  expect(costOf(pattern)).toBe(steps);
});
