import { identityOf } from './identify.handler';

const claims = { iss: 'granary', aud: 'granary', sub: '019b2d3e-7a10-7b54-8c1d-2f9a6e4b7d01', tid: 'acme', kind: 'person', name: 'ada', sid: '019b2d3e-7a10-7b54-8c1d-2f9a6e4b7d02', jti: 'j', iat: 1, exp: 600, grants: [{ role: 'publisher', repositories: 'all' }] } as const;

it.each([
  ['a session', claims, { credential: 'session', scope: null, permissions: ['event:publish'], expiresAt: '1970-01-01T00:10:00.000Z' }],
  ['a key', { ...claims, sid: '0123456789abcdEF' }, { credential: 'api-key' }],
  ['a narrowed key', { ...claims, sid: '0123456789abcdEF', scope: ['graph:read'] as const }, { credential: 'api-key', scope: ['graph:read'], permissions: [] }],
  ['a service', { ...claims, sub: 'gateway', tid: '_platform', kind: 'service' as const, name: 'gateway', grants: [], sid: 'service-gateway' }, { credential: 'service', permissions: [], grants: [] }],
])('%s', (_name, given, expected) => {
  expect(identityOf(given)).toMatchObject(expected);
});
