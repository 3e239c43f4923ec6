import { behindSince } from './behind-since';

const [first, later] = [new Date('2026-03-02T09:00:00Z'), new Date('2026-03-02T09:05:00Z')];

it.each<[string, string | null, Date | null, string, Date, Date | null]>([
  ['a head that moved is behind from then on', 'a', null, 'b', later, later],
  ['one that moves again stays behind since the first time', 'a', first, 'c', later, first],
  ['one that moves back is not behind', 'a', first, 'a', later, null],
  ['one that was never harvested is behind since it was added', null, first, 'b', later, first],
  ['one that stays where it was harvested is not behind', 'a', null, 'a', later, null],
])('%s', (_, harvestedCommit, unharvestedSince, commit, seenAt, expected) => {
  expect(behindSince({ harvestedCommit, withheldCommit: null, unharvestedSince }, commit, seenAt)).toEqual(expected);
});

it.each<[string, Date | null, string, Date | null]>([
  ['a commit that the gate withheld was harvested', null, 'b', null],
  ['a head that moves on from it is behind from then on', null, 'c', later],
])('%s', (_, unharvestedSince, commit, expected) => {
  expect(behindSince({ harvestedCommit: 'a', withheldCommit: 'b', unharvestedSince }, commit, later)).toEqual(expected);
});
