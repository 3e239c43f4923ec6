import type { Access } from './access';
import { whyNotGrant, whyNotIssueKey, whyNotManage } from './delegation';
import type { Grant } from './grant';
import type { Permission } from './permission';
import type { Role } from './role';

const all = (role: Role): Grant => ({ role, repositories: 'all' });
const on = (role: Role, ...repositories: string[]): Grant => ({ role, repositories });
const actor = (grants: Grant[], more: Partial<Access> = {}) => ({ sub: 'actor', tid: 'default', grants, ...more });
const somebody = (grants: Grant[]) => ({ sub: 'somebody', tid: 'default', grants });
const owner = actor([all('owner')]);
const admin = actor([all('admin')]);
const narrowed = (...scope: Permission[]) => actor([all('owner')], { scope });

it.each<[string, ReturnType<typeof actor>, Grant[], Grant[], string | null]>([
  ['an owner makes an owner', owner, [], [all('owner')], null],
  ['an owner takes owner away', owner, [all('owner')], [], null],
  ['an admin makes an admin', admin, [], [all('admin')], null],
  ['an admin makes a reader of an operator', admin, [all('operator')], [on('reader', 'a')], null],
  ['an admin makes an owner', admin, [], [all('owner')], 'owner-needed'],
  ['an admin makes himself an owner', admin, [all('admin')], [all('admin'), all('owner')], 'owner-needed'],
  ['an admin takes owner away', admin, [all('owner'), all('reader')], [all('reader')], 'owner-needed'],
  ['an admin gives an owner one role more', admin, [all('owner')], [all('owner'), all('auditor')], null],
  ['an operator grants', actor([all('operator')]), [], [all('reader')], 'permission-missing'],
  ['nobody grants', actor([]), [], [], 'permission-missing'],
  ['an admin of one repository grants', actor([on('admin', 'a')]), [], [on('reader', 'a')], 'permission-missing'],
  ['a key for grants gives more than it has', narrowed('identity:write'), [], [all('reader')], 'more-than-own'],
  ['a key for grants gives what it has, and more', narrowed('identity:write', 'event:publish'), [], [all('publisher'), on('reader', 'a')], 'more-than-own'],
  ['a key for grants gives what it has', narrowed('identity:write', 'event:publish'), [], [all('publisher')], null],
  ['a key for grants takes', narrowed('identity:write'), [all('admin')], [on('reader', 'a')], null],
  ['a key for grants leaves what was there', narrowed('identity:write'), [on('reader', 'a', 'b')], [on('reader', 'b')], null],
  ['a key for grants leaves all of what was there', narrowed('identity:write'), [all('reader'), all('auditor')], [all('auditor')], null],
  ['a key for grants adds a repository', narrowed('identity:write'), [on('reader', 'a')], [on('reader', 'a', 'b')], 'more-than-own'],
  ['a key for grants makes all of one', narrowed('identity:write'), [on('reader', 'a')], [all('reader')], 'more-than-own'],
  ['an owner of the platform lets others make tenants', actor([all('owner')], { tid: '_platform' }), [], [all('owner')], null],
])('%s', (_, by, before, after, code) => {
  expect(whyNotGrant(by, before, after)?.code ?? null).toBe(code);
});

it.each<[string, ReturnType<typeof actor>, Grant[], string | null]>([
  ['an admin manages an admin', admin, [all('admin')], null],
  ['an admin manages an owner', admin, [all('owner')], 'owner-needed'],
  ['an owner manages an owner', owner, [all('owner')], null],
  ['a reader manages nobody', actor([all('reader')]), [], 'permission-missing'],
  ['a narrowed key manages who has more', narrowed('identity:write'), [all('reader')], 'more-than-own'],
  ['a narrowed key manages who has nothing', narrowed('identity:write'), [], null],
])('%s', (_, by, grants, code) => {
  expect(whyNotManage(by, somebody(grants))?.code ?? null).toBe(code);
});

it('lets everybody issue keys for themselves, but none that is wider than the one they use', () => {
  const reader = actor([on('reader', 'a')]);
  expect(whyNotIssueKey(reader, reader)).toBeNull();
  const key = { ...reader, scope: ['graph:read'] as const };
  expect(whyNotIssueKey(key, reader, ['graph:read'])).toBeNull();
  expect(whyNotIssueKey(key, reader, ['graph:read', 'job:read'])).toEqual({ code: 'more-than-own', message: 'this would give job:read where you do not have it yourself; ask somebody who has it, or give less' });
  expect(whyNotIssueKey(key, reader)?.code).toBe('more-than-own');
  // What the principal itself may not do, its key may not do either.
  expect(whyNotIssueKey(reader, reader, ['identity:write'])).toBeNull();
});

it('issues keys for others by the rules of managing them', () => {
  expect(whyNotIssueKey(admin, somebody([all('operator')]))).toBeNull();
  expect(whyNotIssueKey(admin, somebody([all('owner')]), ['job:read'])?.code).toBe('owner-needed');
  expect(whyNotIssueKey(actor([all('reader')]), somebody([]))?.code).toBe('permission-missing');
});
