import type { RpcOperation } from '@granary/contracts';
import type { AccessClaims, Role } from '@granary/security';
import { judge, needsToken } from './judge';

const person = (role: Role | null, more: Partial<AccessClaims> = {}): AccessClaims => ({
  iss: 'granary', aud: 'granary', sub: '019b2d3e-7a10-7b54-8c1d-2f9a6e4b7d01', tid: 'acme', kind: 'person', name: 'ada',
  grants: role === null ? [] : [{ role, repositories: 'all' }], sid: 's', jti: 'j', iat: 1, exp: 2, ...more,
});
const ONE = '019b2d3e-7a10-7b54-8c1d-2f9a6e4b7d02';
const service = (calls: readonly string[]): AccessClaims => ({ ...person(null), sub: 'gateway', tid: '_platform', kind: 'service', name: 'gateway', calls });

it.each<[string, RpcOperation, AccessClaims, string | null, string]>([
  ['somebody with the permission', 'auth.principal.add', person('admin'), 'acme', 'acme'],
  ['who names no tenant acts in the own', 'auth.principal.add', person('admin'), null, 'acme'],
  ['somebody without it', 'auth.principal.add', person('reader'), 'acme', 'permission-missing'],
  ['somebody without any', 'auth.principal.list', person(null), 'acme', 'permission-missing'],
  ['another tenant', 'auth.principal.list', person('owner'), 'umbra', 'tenant-foreign'],
  ['any token', 'auth.identity.show', person(null), 'acme', 'acme'],
  ['any token, another tenant', 'auth.identity.show', person(null), 'umbra', 'tenant-foreign'],
  ['a key that was narrowed', 'auth.principal.add', person('owner', { scope: ['identity:read'] }), 'acme', 'permission-missing'],
  ['tenants, for the owner of one', 'auth.tenant.add', person('owner'), 'acme', 'permission-missing'],
  ['tenants, for the owner of the platform', 'auth.tenant.add', person('owner', { tid: '_platform' }), '_platform', '_platform'],
  ['a role on the whole tenant, where the permission is wanted for all of it', 'harvester.repository.add', person('admin'), null, 'acme'],
  ['a role on some repositories, where the permission is wanted for all of them', 'harvester.repository.add', person(null, { grants: [{ role: 'admin', repositories: [ONE] }] }), null, 'permission-missing'],
  ['a role on no repository', 'harvester.job.list', person(null, { grants: [{ role: 'publisher', repositories: 'all' }] }), null, 'permission-missing'],
  ['a person, what is for services', 'auth.refusal.report', person('owner', { tid: '_platform' }), null, 'call-not-granted'],
  ['a service, what is for services', 'auth.refusal.report', service(['auth.refusal.report']), null, '_platform'],
  ['a service, for any tenant', 'auth.principal.list', service(['auth.principal.list']), 'umbra', 'umbra'],
  ['a service, for none', 'auth.principal.list', service(['auth.principal.list']), null, '_platform'],
  ['a service, what its document does not name', 'auth.principal.add', service(['auth.principal.list']), 'umbra', 'call-not-granted'],
  ['a service, where any token is enough for people', 'auth.identity.show', service([]), 'umbra', 'call-not-granted'],
])('%s', (_name, operation, claims, tenant, expected) => {
  const judged = judge(operation, claims, tenant);
  expect(judged.state === 'allowed' ? judged.tenant : judged.refusal.code).toBe(expected);
});

it.each<[string, RpcOperation, AccessClaims, unknown]>([
  ['all of the tenant', 'harvester.job.list', person('reader'), 'all'],
  ['those of the grants', 'harvester.job.list', person(null, { grants: [{ role: 'reader', repositories: [ONE] }] }), new Set([ONE])],
  ['all, where no permission is asked for', 'auth.identity.show', person(null), 'all'],
  ['all, for a service', 'harvester.artifact.read', service(['harvester.artifact.read']), 'all'],
])('lets a handler see %s', (_name, operation, claims, expected) => {
  expect(judge(operation, claims, null)).toMatchObject({ state: 'allowed', repositories: expected });
});

it.each<[RpcOperation, boolean]>([
  ['auth.session.create', false],
  ['auth.trust.read', false],
  ['auth.identity.show', true],
  ['auth.tenant.list', true],
])('%s needs a token: %s', (operation, needed) => {
  expect(needsToken(operation)).toBe(needed);
});
