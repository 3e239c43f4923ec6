import { callSubject, inboxPrefix, ingestSubject, isKeyToken, publisherInbox, publishSubject, rpcSubject, serveSubject, storedFilter } from './subjects';

test('an event is published under its tenant, type and key', () => {
  expect(publishSubject('default', 'repository.head-moved.v1', 'r-1')).toBe('in.default.repository.head-moved.v1.r-1');
  expect(publishSubject('_platform', 'audit.log-opened.v1', 'event-log')).toBe('in._platform.audit.log-opened.v1.event-log');
});

test.each(['', 'a.b', 'a b', '*', '>', 'é', 'k'.repeat(129)])('the token %j can be neither tenant nor key', (token) => {
  expect(isKeyToken(token)).toBe(false);
  expect(() => publishSubject(token, 'harvest.started.v1', 'key')).toThrow('the tenant must be 1 to 128 letters');
  expect(() => publishSubject('default', 'harvest.started.v1', token)).toThrow('the key must be 1 to 128 letters');
});

test.each(['a', 'A-z_0', '01976c2e-8a00-7b3c-9d4e-5f60718293a4', 'k'.repeat(128)])('the token %j can be a key', (token) => {
  expect(isKeyToken(token)).toBe(true);
});

test('a stored event is found by partition and type, of any tenant', () => {
  expect(storedFilter(11, 'harvest.completed.v1')).toBe('ev.11.*.harvest.completed.v1');
});

test('an operation is asked for at its own subject, and answers arrive in an inbox of the identity', () => {
  expect(rpcSubject('harvester.repository.add')).toBe('rpc.harvester.repository.add');
  expect(inboxPrefix('cache-janitor')).toBe('_INBOX_cache_janitor');
});

test('the subject of an operation names the caller when the callee has to know it for certain', () => {
  expect([callSubject('auth.trust.read', 'harvester'), serveSubject('auth.trust.read')]).toEqual(['rpc.auth.trust.read', 'rpc.auth.trust.read']);
  expect([callSubject('auth.service-token.issue', 'harvester'), serveSubject('auth.service-token.issue')]).toEqual(['rpc.auth.service-token.issue.harvester', 'rpc.auth.service-token.issue.*']);
});

test('a foreign publisher has a subject and inboxes of its own', () => {
  expect([ingestSubject('acme', 'ci'), publisherInbox('acme', 'ci')]).toEqual(['ingest.acme.ci', '_INBOX_TENANTS.acme.ci']);
  expect(publisherInbox('a_b', 'c')).not.toBe(publisherInbox('a', 'b_c'));
});

test.each([['a.b', 'ci'], ['acme', '>'], ['acme', 'ci.*'], ['', 'ci']])('the publisher %j %j has none', (tenant, publisher) => {
  expect(() => ingestSubject(tenant, publisher)).toThrow('tokens of the subject');
});
