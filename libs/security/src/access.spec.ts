import { may, permissionsOf, repositoriesFor } from './access';
import { mayCall } from './access-claims';
import type { Grant } from './grant';
import { PERMISSIONS, checkScope, isOfARepository, isOfThePlatform, type Permission } from './permission';
import { ROLES, roleHas, type Role } from './role';
import { isTenant, isTenantName } from './tenant';

const on = (role: Role, ...repositories: string[]): Grant => ({ role, repositories });
const all = (role: Role): Grant => ({ role, repositories: 'all' });
const access = (...grants: Grant[]) => ({ tid: 'default', grants });

const READER = ['repository:read', 'job:read', 'graph:read', 'finding:read', 'gate:read'];
const READS = ['repository:read', 'job:read', 'graph:read', 'finding:read', 'gate:read', 'event:read', 'held:read', 'outbox:read', 'replay:read', 'identity:read', 'cache:read', 'audit:read'];
const ALL_OF_A_TENANT = PERMISSIONS.filter((permission) => !isOfThePlatform(permission));

it.each<[Role, readonly string[]]>([
  ['reader', READER],
  ['publisher', ['event:publish']],
  ['auditor', READS],
  ['operator', [...READER, 'repository:write', 'harvest:run', 'job:cancel', 'event:read', 'held:read', 'held:decide', 'outbox:read', 'outbox:decide', 'cache:read', 'cache:sweep', 'replay:read', 'replay:run']],
  ['admin', ALL_OF_A_TENANT],
  ['owner', ALL_OF_A_TENANT],
])('%s of a tenant may exactly that', (role, expected) => {
  expect(new Set(permissionsOf(access(all(role))))).toEqual(new Set(expected));
});

it.each<[Role, readonly string[]]>([
  ['reader', READER],
  ['publisher', []],
  ['auditor', [...READER, 'event:read', 'audit:read']],
  ['operator', [...READER, 'repository:write', 'harvest:run', 'job:cancel', 'event:read']],
  ['admin', [...READER, 'repository:write', 'harvest:run', 'job:cancel', 'finding:decide', 'event:read', 'audit:read']],
])('%s of a repository may that, there only', (role, expected) => {
  const some = access(on(role, 'a'));
  expect(new Set(permissionsOf(some))).toEqual(new Set(expected));
  for (const permission of PERMISSIONS) {
    expect([may(some, permission, 'a'), may(some, permission, 'b'), may(some, permission)]).toEqual([expected.includes(permission), false, false]);
  }
});

it('makes tenants only as an owner of the platform', () => {
  const platform = (role: Role) => ({ tid: '_platform', grants: [all(role)] });
  expect(ROLES.filter((role) => may(platform(role), 'tenant:write'))).toEqual(['owner']);
  expect(ROLES.filter((role) => may(access(all(role)), 'tenant:write'))).toEqual([]);
  expect(ROLES.filter((role) => may(platform(role), 'backup:read'))).toEqual(['owner', 'admin', 'auditor']);
  expect(ROLES.filter((role) => may(access(all(role)), 'backup:read'))).toEqual([]);
});

it.each<[string, Grant[], 'all' | string[]]>([
  ['nothing', [], []],
  ['the union of what is granted', [on('reader', 'a', 'b'), on('operator', 'b', 'c')], ['a', 'b', 'c']],
  ['everything as soon as one grant is for all', [on('operator', 'a'), all('reader')], 'all'],
  ['nothing by a role without the permission', [all('publisher')], []],
  ['nothing by an empty list', [on('admin')], []],
])('shows %s', (_, grants, expected) => {
  expect(repositoriesFor(access(...grants), 'repository:read')).toEqual(expected === 'all' ? 'all' : new Set(expected));
});

it('is narrowed by a scope and never widened', () => {
  const narrowed = (...scope: Permission[]) => ({ ...access(on('operator', 'a')), scope });
  expect(permissionsOf(narrowed('harvest:run', 'identity:write'))).toEqual(['harvest:run']);
  expect(may(narrowed('harvest:run'), 'harvest:run', 'a')).toBe(true);
  expect(may(narrowed('harvest:run'), 'repository:read', 'a')).toBe(false);
  expect(repositoriesFor(narrowed('harvest:run'), 'repository:read')).toEqual(new Set());
  expect(permissionsOf(narrowed())).toEqual([]);
});

it('knows no inherited words', () => {
  expect(roleHas('constructor' as Role, 'repository:read')).toBe(false);
  expect(may(access(all('__proto__' as Role)), 'repository:read')).toBe(false);
  expect(may(access(all('owner')), 'toString' as Permission)).toBe(false);
  expect(may(access(on('reader', 'all')), 'repository:read')).toBe(false);
  expect(isOfARepository('gate:write')).toBe(false);
});

it('lets services call what they are to call, and nobody else', () => {
  const calls = ['audit.event.list'];
  expect(mayCall({ kind: 'service', calls }, 'audit.event.list')).toBe(true);
  expect(mayCall({ kind: 'service', calls }, 'audit.event')).toBe(false);
  expect(mayCall({ kind: 'service' }, 'audit.event.list')).toBe(false);
  expect(mayCall({ kind: 'person', calls }, 'audit.event.list')).toBe(false);
});

it.each<[unknown, string[]]>([
  [['job:read', 'harvest:run'], []],
  [[], ['a scope is a list of at least one permission; leave it out for a key that may do all that its principal may']],
  ['job:read', ['a scope is a list of at least one permission; leave it out for a key that may do all that its principal may']],
  [['job:read', 'job:*', 'job:read', 7], [`scope[1] is not a permission; the permissions are ${PERMISSIONS.join(', ')}`, 'scope[2] repeats job:read; name each permission once', `scope[3] is not a permission; the permissions are ${PERMISSIONS.join(', ')}`]],
])('checks the scope %j', (scope, problems) => {
  expect(checkScope(scope)).toEqual(problems.length === 0 ? { state: 'valid', scope } : { state: 'invalid', problems });
});

it.each([
  ['default', true, true], ['a', true, true], ['a-b-9', true, true], ['a'.repeat(63), true, true], ['_platform', false, true],
  ['', false, false], ['-a', false, false], ['a-', false, false], ['A', false, false], ['a.b', false, false], ['a*', false, false], ['>', false, false], ['a\n', false, false], ['a'.repeat(64), false, false], ['_other', false, false],
])('tenant %j: made by people %p, a tenant %p', (name, made, tenant) => {
  expect([isTenantName(name), isTenant(name)]).toEqual([made, tenant]);
});

it('gives different answers for different repositories', () => {
  const mixed = access(on('reader', 'a', 'b'), on('operator', 'c'));
  expect(['a', 'b', 'c', 'd'].map((id) => [may(mixed, 'graph:read', id), may(mixed, 'harvest:run', id)])).toEqual([[true, false], [true, false], [true, true], [false, false]]);
});
