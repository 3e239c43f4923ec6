import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { rpcExamples } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { json, useExamplePlatform } from '../../test/use-example-platform';

const used = useExamplePlatform();
const session = rpcExamples['auth.session.create'].response;
const file = (): string => join(used.platform.folder, 'login.json');
afterEach(() => used.run('logout'));
// The clock of a call stands at half past nine.
const lasting = { ...session, expiresAt: '2026-03-02T09:40:00.000Z' };

it('acts by the key of the data folder when nothing else is there, without a question', async () => {
  const shown = await used.run('whoami');
  expect(shown).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^name +\S+\ntenant +\S+\n[^]*by +the key of the data folder/) });
  expect(json(await used.run('whoami --json'))).toEqual({ ...rpcExamples['auth.identity.show'].response, from: 'the key of the data folder' });
  expect(used.requests('auth.key.exchange')[0]).toEqual({ key: 'key of the operator' });
  await used.run('whoami', { env: { GRANARY_API_KEY: 'another key' } });
  expect(used.requests('auth.key.exchange').at(-1)).toEqual({ key: 'another key' });
  await used.run('tenants list');
  expect(used.requests('auth.key.exchange').at(-1)).toEqual({ key: 'key of the platform' });
});

it('acts by it in every command, asks for a token once, and says what to do when it is refused', async () => {
  expect(await used.run('repos list')).toMatchObject({ code: 0 });
  expect(used.requests('auth.key.exchange')).toEqual([{ key: 'key of the operator' }]);
  await used.run('outbox list', { env: { GRANARY_TENANT: '_platform' } });
  expect(used.requests('auth.key.exchange').slice(1)).toEqual([{ key: 'key of the platform' }]);

  used.platform.answer('auth.key.exchange', () => {
    throw Fault.permanent('key-revoked', 'this API key was revoked; use another one');
  });
  expect(await used.run('repos list')).toMatchObject({ code: 1, stdout: '', stderr: 'granary: this API key was revoked; use another one\n  Log in with `granary login <name>`, or set GRANARY_API_KEY to another key.\n' });
  used.platform.answer('auth.key.exchange', () => {
    throw Fault.transient('trust-outdated', 'auth cannot read its own database at the moment');
  });
  expect(await used.run('jobs list')).toMatchObject({ code: 3, stderr: expect.stringContaining('see how auth does with `granary status`') });
});

it('logs in with a typed password, keeps the session to its owner, and logs out', async () => {
  used.platform.answer('auth.session.create', () => lasting);
  expect(await used.run('login ada --tenant acme', { terminal: true, typed: ['four words of chance'] })).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Logged in as /) });
  expect(used.requests('auth.session.create')).toEqual([{ tenant: 'acme', name: 'ada', password: 'four words of chance' }]);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(json(await used.run('whoami --json'))).toMatchObject({ from: 'granary login' });
  expect(used.requests('auth.key.exchange')).toEqual([]);
  expect((await used.run('logout')).stdout).toMatch(/^Logged out /);
  expect(used.requests('auth.session.end')).toEqual([{}]);
  expect(existsSync(file())).toBe(false);
  expect((await used.run('logout')).stdout).toBe('Nobody was logged in.\n');
});

it('refreshes a session that is about to end, once, and forgets one that has ended', async () => {
  used.platform.answer('auth.session.create', () => ({ ...session, expiresAt: '2026-03-02T09:30:10.000Z' }));
  used.platform.answer('auth.session.refresh', () => ({ ...lasting, refreshToken: 'the next one' }));
  await used.run('login ada', { env: { GRANARY_PASSWORD: 'four words of chance' } });
  await Promise.all([used.run('whoami'), used.run('whoami')]);
  expect(used.requests('auth.session.refresh')).toEqual([{ refreshToken: session.refreshToken }]);
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ refreshToken: 'the next one' });

  used.platform.answer('auth.session.create', () => ({ ...session, expiresAt: '2026-03-02T09:30:10.000Z' }));
  used.platform.answer('auth.session.refresh', () => {
    throw Fault.permanent('session-ended', 'this session has ended; log in again');
  });
  await used.run('login ada', { env: { GRANARY_PASSWORD: 'four words of chance' } });
  expect(await used.run('whoami')).toMatchObject({ code: 1, stderr: expect.stringContaining('this session has ended; log in again') });
  expect(existsSync(file())).toBe(false);
});

it('asks for no password where nobody is', async () => {
  expect(await used.run('login ada')).toMatchObject({ code: 2, stderr: expect.stringContaining('Password of ada is missing: type it when asked, or set GRANARY_PASSWORD.') });
  expect(await used.run('users add ada', { terminal: true, typed: ['one password', 'another one'] })).toMatchObject({ code: 2, stderr: expect.stringContaining('The two are not the same; nothing was done.') });
  expect(used.requests('auth.principal.add')).toEqual([]);
});

it.each([
  ['users list', 'auth.principal.list', { limit: 100 }, /^name +kind +state +roles/],
  ['users list --kind person --limit 2', 'auth.principal.list', { kind: 'person', limit: 2 }, /^name/],
  ['users add ada --role reader', 'auth.principal.add', { kind: 'person', name: 'ada', password: 'four new words', grants: [{ role: 'reader', repositories: 'all' }] }, /^Added /],
  ['users add ci --service', 'auth.principal.add', { kind: 'service-account', name: 'ci', grants: [] }, /^Added /],
  ['users disable ada', 'auth.principal.disable', { principal: 'ada' }, / is disabled\./],
  ['users enable ada', 'auth.principal.enable', { principal: 'ada' }, / is enabled\./],
  ['users password ada', 'auth.password.set', { principal: 'ada', new: 'four new words' }, /^The password is set\./],
  ['users password', 'auth.password.set', { old: 'four old words', new: 'four new words' }, /^The password is set\./],
  ['tokens list', 'auth.session.list', { limit: 100 }, /^session +logged in +last refreshed/],
  ['tokens end 01976c2e-7b00-7d5e-8f60-718293a4b5c6', 'auth.session.end', { sid: '01976c2e-7b00-7d5e-8f60-718293a4b5c6' }, /^Ended the session /],
  ['tokens issue', 'auth.key.exchange', { key: 'key of the operator' }, /^eyJ\S+\n$/],
  ['keys list', 'auth.key.list', { limit: 100 }, /^id +name +state +scope/],
  ['keys list --user ci', 'auth.key.list', { principal: 'ci', limit: 100 }, /^id/],
  ['keys issue laptop', 'auth.key.issue', { name: 'laptop' }, /^gran_/],
  ['keys issue pipeline --user ci --scope harvest:run,job:read --expires 1d', 'auth.key.issue', { name: 'pipeline', principal: 'ci', scope: ['harvest:run', 'job:read'], expiresAt: '2026-03-03T09:30:00.000Z' }, /^gran_/],
  ['keys revoke 4f9aK2mXw81QzLpB', 'auth.key.revoke', { id: '4f9aK2mXw81QzLpB' }, /^Revoked the API key /],
  ['tenants list', 'auth.tenant.list', { limit: 100 }, /^tenant +name +created/],
  ['tenants add acme --admin ada', 'auth.tenant.add', { tenant: 'acme', name: 'acme', administrator: { name: 'ada', password: 'four new words' } }, /^Created /],
] as const)('%s', async (line, operation, request, text) => {
  const env = { GRANARY_PASSWORD: 'four old words', GRANARY_NEW_PASSWORD: 'four new words' };
  expect(await used.run(line, { env })).toMatchObject({ code: 0, stderr: expect.not.stringContaining('granary:'), stdout: expect.stringMatching(text) });
  expect(used.requests(operation)).toEqual([request]);
  expect(json(await used.run(`${line} --json`, { env }))).toEqual(expect.any(Object));
});

it('bases a change of roles on what it has seen', async () => {
  const { principal } = rpcExamples['auth.principal.show'].response;
  expect(await used.run('grants set ada operator,auditor')).toMatchObject({ code: 0, stdout: expect.stringMatching(/ has the roles .* now; before: /) });
  expect(used.requests('auth.grant.set')).toEqual([{ principal: principal.principalId, version: principal.version, grants: [{ role: 'operator', repositories: 'all' }, { role: 'auditor', repositories: 'all' }] }]);
});

it.each([
  ['grants set ada king', 2, "'king' is not allowed here"],
  ['users list --kind robot', 2, "'robot' is not allowed here"],
  ['keys issue k --scope everything', 2, 'auth.key.issue'],
  ['keys revoke short', 2, 'auth.key.revoke'],
])('%s is not understood', async (line, code, message) => {
  expect(await used.run(line)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
});
