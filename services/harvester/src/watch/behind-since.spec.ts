import { behindSince } from './behind-since';

const [first, later] = [new Date('2026-03-02T09:00:00Z'), new Date('2026-03-02T09:05:00Z')];

it.each([
  ['a head that moved is behind from then on', 'a', null, 'b', later, later],
  ['one that moves again stays behind since the first time', 'a', first, 'c', later, first],
  ['one that moves back is not behind', 'a', first, 'a', later, null],
  ['one that was never harvested is behind since it was added', null, first, 'b', later, first],
  ['one that stays where it was harvested is not behind', 'a', null, 'a', later, null],
])('%s', (_, harvestedCommit, unharvestedSince, commit, seenAt, expected) => {
  expect(behindSince({ harvestedCommit, unharvestedSince }, commit, seenAt)).toEqual(expected);
});
