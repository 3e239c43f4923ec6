import { REPOSITORY } from '../test/forge';
import { checkGrants, isOwner } from './grant';
import { ROLES } from './role';

const ids = (count: number) => Array.from({ length: count }, (_, at) => `0195d0a0-0000-7000-8000-${String(at).padStart(12, '0')}`);
const on = (repositories: unknown, role = 'reader') => ({ role, repositories });

it.each<[string, unknown]>([
  ['none', []],
  ['all roles on everything', ROLES.map((role) => on('all', role))],
  ['some roles on repositories', [on([REPOSITORY]), on([REPOSITORY], 'operator'), on('all', 'publisher')]],
  ['a hundred repositories', [on(ids(60)), on(ids(40), 'admin')]],
])('accepts %s', (_, grants) => {
  expect(checkGrants(grants)).toEqual({ state: 'valid', grants });
});

it('drops what does not belong to a grant', () => {
  expect(checkGrants([{ ...on('all'), by: 'somebody' }])).toEqual({ state: 'valid', grants: [on('all')] });
});

it.each<[string, unknown, string]>([
  ['no list', 'owner', 'grants are a list; an empty one takes everything away'],
  ['null', [null], "grants[0] needs a role and repositories, which are 'all' or a list of ids"],
  ['a role alone', [{ role: 'reader' }], "grants[0] needs a role and repositories, which are 'all' or a list of ids"],
  ['another word than all', [on('*')], "grants[0] needs a role and repositories, which are 'all' or a list of ids"],
  ['numbers as ids', [on([1])], "grants[0] needs a role and repositories, which are 'all' or a list of ids"],
  ['an unknown role', [on('all'), on('all', 'root')], 'grants[1].role is not a role; the roles are owner, admin, operator, auditor, publisher, reader'],
  ['an owner of a repository', [on([REPOSITORY], 'owner')], 'grants[0]: owner counts for a whole tenant; grant admin for single repositories'],
  ['a publisher of a repository', [on([REPOSITORY], 'publisher')], "grants[0]: publisher has no permission on a repository; grant it with repositories 'all'"],
  ['an empty list', [on([])], "grants[0] names no repository; name some, say 'all' or leave the grant out"],
  ['a name instead of an id', [on(['granary'])], 'grants[0].repositories has something that is no repository id; `granary repos list` shows the ids'],
  ['an id twice', [on([REPOSITORY, REPOSITORY])], 'grants[0].repositories names one twice; name each once'],
  ['a role twice', [on('all'), on([REPOSITORY])], 'reader is granted twice; put its repositories into one grant'],
  ['101 repositories', [on(ids(61)), on(ids(40), 'admin')], "101 repositories are named, 100 are possible; grant with repositories 'all', or to several principals"],
])('refuses %s', (_, grants, problem) => {
  expect(checkGrants(grants)).toEqual({ state: 'invalid', problems: [problem] });
});

it('tells all problems together', () => {
  expect(checkGrants([on('all', 'root'), on([]), 7])).toMatchObject({ state: 'invalid', problems: { length: 3 } });
});

it('knows owners', () => {
  expect([isOwner([]), isOwner([{ role: 'admin', repositories: 'all' }]), isOwner([{ role: 'owner', repositories: 'all' }]), isOwner([{ role: 'owner', repositories: [REPOSITORY] }])]).toEqual([false, false, true, false]);
});
