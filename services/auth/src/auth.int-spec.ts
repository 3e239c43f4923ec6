import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessDocuments, type RpcOperation, type RpcShapes } from '@granary/contracts';
import { makeApiKey, openTrust, verifyAccessToken } from '@granary/security';
import type { HostedService } from '@granary/service-host';
import { whoMayCallWhat } from '../test/who-may-call-what';
import { startWorld, type World } from '../test/world';
import { createVault } from './vault/vault';

const MINUTE = 60_000;
const all = 'all' as const;
const PASSWORD = 'correct horse battery';

let world: World;
let hosted: HostedService;
/** Access tokens of the first administrator, of the data folder's service account, and of the platform's. */
let owner: string;
let operator: string;
let platform: string;
beforeAll(async () => {
  world = await startWorld();
  hosted = await world.host();
});
beforeEach(async () => {
  owner = (await world.logIn('admin', world.first.password)).accessToken;
  operator = await world.exchange(world.first.key);
  platform = await world.exchange(world.first.platformKey);
});
afterAll(async () => {
  await hosted.stop();
  await world.stop();
});

let people = 0;
/** A new person with one role. */
const addPerson = async (role: 'owner' | 'admin' | 'reader' | 'operator' | null = null) => {
  const name = `person-${++people}`;
  const { principal } = await world.call('auth.principal.add', { kind: 'person', name, password: PASSWORD, grants: role === null ? [] : [{ role, repositories: all }] }, { token: owner });
  return { ...principal, logIn: () => world.logIn(name, PASSWORD) };
};
const wrong = (name: string) => world.outcome('auth.session.create', { tenant: 'acme', name, password: 'not the password' });

describe('first start', () => {
  it('makes tenants, owners and service accounts, and is over then', async () => {
    expect(await world.call('auth.identity.show', {}, { token: owner })).toMatchObject({ principal: { tenant: 'acme', name: 'admin', kind: 'person' }, credential: 'session', grants: [{ role: 'owner', repositories: all }] });
    expect(await world.call('auth.identity.show', {}, { token: operator })).toMatchObject({ principal: { tenant: 'acme', name: 'local-operator', kind: 'service-account' }, credential: 'api-key', grants: [{ role: 'admin' }] });
    expect(await world.call('auth.identity.show', {}, { token: platform, tenant: '_platform' })).toMatchObject({ principal: { tenant: '_platform', name: 'local-operator' }, permissions: expect.arrayContaining(['tenant:write']) });
    expect(await world.query('select tenant from tenants order by 1')).toEqual(expect.arrayContaining([{ tenant: '_platform' }, { tenant: 'acme' }]));
    await world.eventOf('auth.tenant-created.v1', { tenant: 'acme', by: null });
  });

  it('comes up again with what it knows', async () => {
    await hosted.stop();
    hosted = await world.host();
    expect(await world.outcome('auth.identity.show', {}, { token: owner })).toBe('ok');
    expect((await world.query('select 1 from signing_keys')).length).toBe(1);
  });
});

describe('sessions', () => {
  it('begin with a password and go on by a refresh token, each of which is good once', async () => {
    const ada = await addPerson('reader');
    const first = await ada.logIn();
    const second = await world.call('auth.session.refresh', { refreshToken: first.refreshToken });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.refreshUntil).toBe(first.refreshUntil);
    const third = await world.call('auth.session.refresh', { refreshToken: second.refreshToken });
    expect(await world.outcome('auth.identity.show', {}, { token: third.accessToken })).toBe('ok');
    const { sid } = await world.call('auth.identity.show', {}, { token: third.accessToken });
    await world.eventOf('auth.login-succeeded.v1', { principalId: ada.principalId, sid });

    // The first of all, long replaced: somebody else has it.
    expect(await world.outcome('auth.session.refresh', { refreshToken: first.refreshToken })).toBe('refresh-token-reused');
    expect(await world.outcome('auth.identity.show', {}, { token: third.accessToken })).toBe('token-revoked');
    expect(await world.outcome('auth.session.refresh', { refreshToken: third.refreshToken })).toBe('session-ended');
    await world.eventOf('auth.session-ended.v1', { sid, why: 'reuse', by: null });
    await world.eventOf('auth.login-failed.v1', { principalId: ada.principalId, credential: 'refresh-token', reason: 'reuse' });
    expect((await world.call('auth.trust.read', {})).revoked.map((one) => one.sid)).toContain(sid);
  });

  it('go on once where a refresh token is used twice at the same time', async () => {
    const { refreshToken } = await (await addPerson()).logIn();
    const outcomes = await Promise.all([1, 2, 3].map(() => world.outcome('auth.session.refresh', { refreshToken })));
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(outcomes.sort()).toEqual(['ok', 'refresh-token-reused', 'session-ended'].sort());
  });

  it.each(['nonsense', `granr_${'0'.repeat(32)}_${'a'.repeat(86)}`])('%s is no refresh token', async (refreshToken) => {
    expect(await world.outcome('auth.session.refresh', { refreshToken })).toBe('session-refused');
  });

  it('cannot be ended by who knows their id alone', async () => {
    const { accessToken } = await (await addPerson()).logIn();
    const { sid } = await world.call('auth.identity.show', {}, { token: accessToken });
    expect(await world.outcome('auth.session.refresh', { refreshToken: `granr_${sid.replaceAll('-', '')}_${'a'.repeat(86)}` })).toBe('session-refused');
    expect(await world.outcome('auth.identity.show', {}, { token: accessToken })).toBe('ok');
    const stranger = (await (await addPerson('reader')).logIn()).accessToken;
    expect(await world.outcome('auth.session.end', { sid }, { token: stranger })).toBe('session-not-found');
  });

  it('end by logging out, or by who may manage the principal', async () => {
    const ada = await addPerson('reader');
    const [one, two] = [await ada.logIn(), await ada.logIn()];
    const ended = await world.call('auth.session.end', {}, { token: one.accessToken });
    await world.eventOf('auth.session-ended.v1', { sid: ended.sid, why: 'logout', by: ada.principalId });
    expect(await world.outcome('auth.identity.show', {}, { token: one.accessToken })).toBe('token-revoked');
    expect(await world.call('auth.session.list', { principal: ada.name }, { token: owner })).toMatchObject({ sessions: [{ principalId: ada.principalId }], next: null });
    const { sid } = await world.call('auth.identity.show', {}, { token: two.accessToken });
    const revoked = await world.call('auth.session.end', { sid }, { token: operator });
    await world.eventOf('auth.session-ended.v1', { sid, why: 'revoked' });
    expect(await world.call('auth.session.end', { sid }, { token: operator })).toEqual(revoked);
    expect(await world.outcome('auth.session.end', {}, { token: operator })).toBe('session-not-found');
  });

  it('are listed page by page, the own ones to who may not see others', async () => {
    const ada = await addPerson('reader');
    const tokens = [await ada.logIn(), await ada.logIn(), await ada.logIn()].map(({ accessToken }) => accessToken);
    const token = tokens[0] as string;
    const one = await world.call('auth.session.list', { limit: 2 }, { token });
    const two = await world.call('auth.session.list', { limit: 2, cursor: one.next as string }, { token });
    expect([one.sessions.length, two.sessions.length, two.next]).toEqual([2, 1, null]);
    expect(new Set([...one.sessions, ...two.sessions].map(({ principalId }) => principalId))).toEqual(new Set([ada.principalId]));
    expect(await world.outcome('auth.session.list', { principal: 'admin' }, { token })).toBe('permission-missing');
    expect(await world.outcome('auth.session.list', { cursor: 'bm8' }, { token })).toBe('bad-cursor');
  });
});

describe('passwords', () => {
  it('lock a name after five wrong ones, for unknown names as for known ones, and let in again when it is over', async () => {
    const ada = await addPerson();
    for (const name of [ada.name, 'nobody-here']) {
      expect([await wrong(name), await wrong(name), await wrong(name), await wrong(name), await wrong(name), await wrong(name)]).toEqual([...Array<string>(5).fill('login-refused'), 'locked-out']);
    }
    const refused = await world.logIn(ada.name, PASSWORD).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'locked-out', retryAfterSeconds: expect.any(Number) });
    const { retryAfterSeconds } = refused as { retryAfterSeconds: number };
    expect([retryAfterSeconds > 840, retryAfterSeconds <= 900]).toEqual([true, true]);
    const { data } = await world.eventOf('auth.locked-out.v1', { principalId: ada.principalId });
    expect(data).toMatchObject({ failures: 5, by: null });
    await world.eventOf('auth.login-failed.v1', { principalId: ada.principalId, reason: 'locked-out', credential: 'password' });
    await world.eventOf('auth.login-failed.v1', { principalId: null, reason: 'unknown-name' });

    await world.forward(15 * MINUTE);
    expect(await world.outcome('auth.session.create', { tenant: 'acme', name: ada.name, password: PASSWORD })).toBe('ok');
    expect(await world.query(`select 1 from login_failures where subject = '${ada.principalId}'`)).toEqual([]);
  });

  it('give many tries at once no more than one after the other', async () => {
    const ada = await addPerson();
    await Promise.all(Array.from({ length: 12 }, () => wrong(ada.name)));
    expect(await world.query(`select locks from login_failures where subject = '${ada.principalId}'`)).toEqual([{ locks: 1 }]);
    expect(world.announced.filter(({ type, data }) => type === 'auth.locked-out.v1' && (data as { principalId: string }).principalId === ada.principalId)).toHaveLength(1);
  });

  it('are refused alike for an unknown tenant, an unknown name, an id as a name, and who has none', async () => {
    const ada = await addPerson();
    const asked = [['umbra', ada.name], ['acme', 'nobody'], ['acme', 'x y'], ['acme', ada.principalId], ['acme', 'local-operator'], ['_platform', 'nobody']] as const;
    for (const [tenant, name] of asked) expect(await world.outcome('auth.session.create', { tenant, name, password: PASSWORD })).toBe('login-refused');
    expect(await world.outcome('auth.session.create', { tenant: 'acme', name: 'no\u0000body', password: PASSWORD })).toBe('invalid-request');
    await world.eventOf('auth.login-failed.v1', { reason: 'unknown-tenant' });
    await world.eventOf('auth.login-failed.v1', { reason: 'no-password' });
    expect(new Set(world.announced.map(({ tenantid }) => tenantid))).not.toContain('umbra');
  });

  it('are set by oneself with the old one, which ends the other sessions', async () => {
    const ada = await addPerson('reader');
    const [here, there] = [await ada.logIn(), await ada.logIn()];
    const token = here.accessToken;
    expect(await world.outcome('auth.password.set', { new: 'another good password' }, { token })).toBe('old-password-missing');
    expect(await world.outcome('auth.password.set', { old: 'not the password', new: 'another good password' }, { token })).toBe('login-refused');
    expect(await world.outcome('auth.password.set', { old: PASSWORD, new: 'short' }, { token })).toBe('password-too-short');
    await world.call('auth.password.set', { old: PASSWORD, new: 'another good password' }, { token });
    await world.eventOf('auth.password-changed.v1', { principalId: ada.principalId, by: ada.principalId });
    await world.eventOf('auth.session-ended.v1', { principalId: ada.principalId, why: 'password-changed' });
    expect(await world.outcome('auth.identity.show', {}, { token })).toBe('ok');
    expect(await world.outcome('auth.identity.show', {}, { token: there.accessToken })).toBe('token-revoked');
    expect(await world.outcome('auth.session.create', { tenant: 'acme', name: ada.name, password: PASSWORD })).toBe('login-refused');
  });

  it('are set by who may manage the person, and by nobody else', async () => {
    const [ada, eve] = [await addPerson('reader'), await addPerson('reader')];
    const change = (principal: string, token: string) => world.outcome('auth.password.set', { principal, new: 'another good password' }, { token });
    expect(await change(ada.name, (await eve.logIn()).accessToken)).toBe('permission-missing');
    expect(await change('admin', operator)).toBe('owner-needed');
    expect(await change('local-operator', owner)).toBe('not-a-person');
    expect(await change(ada.name, operator)).toBe('ok');
    expect(await world.outcome('auth.session.create', { tenant: 'acme', name: ada.name, password: 'another good password' })).toBe('ok');
  });
});

describe('API keys', () => {
  it('are issued, exchanged, narrowed, listed and revoked', async () => {
    const robot = (await world.call('auth.principal.add', { kind: 'service-account', name: `robot-${++people}`, grants: [{ role: 'operator', repositories: all }] }, { token: owner })).principal;
    const { key, issued } = await world.call('auth.key.issue', { principal: robot.name, name: 'ci', scope: ['graph:read', 'harvest:run'] }, { token: owner });
    await world.eventOf('auth.key-issued.v1', { keyId: issued.keyId, principalId: robot.principalId });
    expect(issued).toMatchObject({ state: 'active', lastUsedAt: null, scope: ['graph:read', 'harvest:run'] });

    const token = await world.exchange(key);
    expect(await world.call('auth.identity.show', {}, { token })).toMatchObject({ credential: 'api-key', sid: issued.keyId, permissions: ['graph:read', 'harvest:run'], scope: ['graph:read', 'harvest:run'] });
    await world.eventOf('auth.key-used.v1', { keyId: issued.keyId, first: true });
    await world.exchange(key);
    await world.forward(24 * 60 * MINUTE);
    await world.exchange(key);
    await world.eventOf('auth.key-used.v1', { keyId: issued.keyId, first: false });
    expect(world.announced.filter(({ type, data }) => type === 'auth.key-used.v1' && (data as { keyId: string }).keyId === issued.keyId)).toHaveLength(2);

    const fresh = await world.exchange(key);
    // A narrowed key issues none that may do more.
    expect(await world.outcome('auth.key.issue', { name: 'wider' }, { token: fresh })).toBe('more-than-own');
    expect(await world.outcome('auth.key.issue', { name: 'like it', scope: ['graph:read'] }, { token: fresh })).toBe('ok');
    const mine = await world.call('auth.key.list', { limit: 1 }, { token: fresh });
    expect(mine.keys).toMatchObject([{ name: 'like it' }]);
    expect((await world.call('auth.key.list', { limit: 1, cursor: mine.next as string }, { token: fresh })).keys).toMatchObject([{ keyId: issued.keyId, lastUsedAt: expect.any(String) }]);

    expect((await world.call('auth.key.revoke', { id: issued.keyId }, { token: fresh })).revoked.state).toBe('revoked');
    await world.eventOf('auth.key-revoked.v1', { keyId: issued.keyId, by: robot.principalId });
    expect(await world.outcome('auth.identity.show', {}, { token: fresh })).toBe('token-revoked');
    expect(await world.outcome('auth.key.exchange', { key })).toBe('key-revoked');
  });

  it('stop when they expire, and no token of them lasts longer', async () => {
    const expiresAt = new Date(Date.now() + 48 * 60 * MINUTE).toISOString();
    expect(await world.outcome('auth.key.issue', { name: 'late', expiresAt: '2020-01-01T00:00:00Z' }, { token: operator })).toBe('expiry-passed');
    const { key } = await world.call('auth.key.issue', { name: 'short', expiresAt }, { token: operator });
    const answer = await world.call('auth.key.exchange', { key });
    expect(new Date(answer.expiresAt) <= new Date(expiresAt)).toBe(true);
    await world.forward(48 * 60 * MINUTE);
    expect(await world.outcome('auth.key.exchange', { key })).toBe('key-expired');
  });

  it('that are none, or have another secret, are refused alike', async () => {
    const [id] = /gran_[0-9A-Za-z]{16}/.exec(world.first.key) ?? [];
    const other = makeApiKey().key;
    const forged = `${id}${other.slice(21)}`;
    expect([await world.outcome('auth.key.exchange', { key: 'gran_x' }), await world.outcome('auth.key.exchange', { key: other }), await world.outcome('auth.key.exchange', { key: forged })]).toEqual(['key-refused', 'key-refused', 'key-refused']);
    await world.eventOf('auth.login-failed.v1', { credential: 'api-key', reason: 'unknown-key', principalId: null });
  });

  it('are asked for within what their owner has and the issuer may', async () => {
    const ada = await addPerson('reader');
    const issue = (request: RpcShapes['auth.key.issue']['request'], token: string) => world.outcome('auth.key.issue', request, { token });
    expect(await issue({ principal: ada.name, name: 'k', scope: ['harvest:run'] }, owner)).toBe('scope-too-wide');
    expect(await issue({ principal: 'admin', name: 'k' }, operator)).toBe('owner-needed');
    expect(await issue({ principal: 'admin', name: 'k' }, (await ada.logIn()).accessToken)).toBe('permission-missing');
    expect(await world.outcome('auth.key.list', { principal: 'admin' }, { token: (await ada.logIn()).accessToken })).toBe('permission-missing');
  });
});

describe('grants', () => {
  const set = (principal: { principalId: string }, version: number, grants: RpcShapes['auth.grant.set']['request']['grants'], token: string) => world.outcome('auth.grant.set', { principal: principal.principalId, version, grants }, { token });

  it('are replaced when nobody else did so first', async () => {
    const ada = await addPerson('reader');
    expect(await set(ada, 1, [{ role: 'operator', repositories: all }], operator)).toBe('ok');
    expect(await set(ada, 1, [{ role: 'auditor', repositories: all }], operator)).toBe('changed-meanwhile');
    expect((await world.call('auth.principal.show', { principal: ada.name }, { token: owner })).principal).toMatchObject({ version: 2, grants: [{ role: 'operator' }] });
    const { data } = await world.eventOf('auth.grant-changed.v1', { principalId: ada.principalId });
    expect(data).toMatchObject({ before: [{ role: 'reader', repositories: all }], after: [{ role: 'operator', repositories: all }] });
  });

  it('are given and taken only by who has as much, and owner only by owners', async () => {
    const [ada, boss] = [await addPerson('reader'), await addPerson('owner')];
    const admin = await addPerson('admin');
    const adminToken = (await admin.logIn()).accessToken;
    expect(await set(ada, 1, [{ role: 'owner', repositories: all }], adminToken)).toBe('owner-needed');
    expect(await set(boss, 1, [], adminToken)).toBe('owner-needed');
    expect(await set(ada, 1, [{ role: 'owner', repositories: all }], owner)).toBe('ok');
    expect(await set(ada, 2, [], owner)).toBe('ok');
    expect(await set(boss, 1, [{ role: 'reader', repositories: ['no id'] as never }], owner)).toBe('invalid-request');
    const narrowed = await world.call('auth.key.issue', { name: 'k', scope: ['identity:write'] }, { token: owner });
    expect(await set(ada, 3, [{ role: 'operator', repositories: all }], await world.exchange(narrowed.key))).toBe('more-than-own');
    await world.eventOf('auth.access-refused.v1', { reason: 'owner-needed', by: admin.principalId, operation: 'auth.grant.set' });
  });

  it('that were taken away cannot be used to get them back with an older token', async () => {
    const admin = await addPerson('admin');
    const { accessToken } = await admin.logIn();
    expect(await set(admin, 1, [], owner)).toBe('ok');
    expect(await set(admin, 2, [{ role: 'admin', repositories: all }], accessToken)).toBe('permission-missing');
    expect(await world.outcome('auth.principal.add', { kind: 'person', name: 'back-door', password: PASSWORD, grants: [{ role: 'admin', repositories: all }] }, { token: accessToken })).toBe('permission-missing');
  });

  it('leave every tenant an owner', async () => {
    const tenant = `tenant-${++people}`;
    await world.call('auth.tenant.add', { tenant, name: 'T', administrator: { name: 'root', password: PASSWORD } }, { token: platform, tenant: '_platform' });
    const { accessToken: token, principal } = await world.logIn('root', PASSWORD, tenant);
    expect(await world.outcome('auth.grant.set', { principal: 'root', version: 1, grants: [] }, { token, tenant })).toBe('last-owner');
    expect(await world.outcome('auth.principal.disable', { principal: 'root' }, { token, tenant })).toBe('last-owner');
    await world.call('auth.principal.add', { kind: 'person', name: 'second', password: PASSWORD, grants: [{ role: 'owner', repositories: all }] }, { token, tenant });
    const second = (await world.logIn('second', PASSWORD, tenant)).accessToken;
    // Both at once: one of them stays.
    const outcomes = await Promise.all([world.outcome('auth.principal.disable', { principal: 'second' }, { token, tenant }), world.outcome('auth.principal.disable', { principal: principal.principalId }, { token: second, tenant })]);
    expect(outcomes).toContain('ok');
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
  });
});

describe('principals', () => {
  it('have one name in their tenant, and names that are no ids', async () => {
    const ada = await addPerson();
    const add = (request: RpcShapes['auth.principal.add']['request']) => world.outcome('auth.principal.add', request, { token: owner });
    expect(await add({ kind: 'person', name: ada.name.toUpperCase(), password: PASSWORD })).toBe('name-taken');
    expect(await add({ kind: 'person', name: ada.principalId })).toBe('name-is-id');
    expect(await add({ kind: 'service-account', name: 'machine', password: PASSWORD })).toBe('not-a-person');
    expect(await add({ kind: 'person', name: 'long-enough-name', password: 'Long-Enough-Name' })).toBe('password-is-name');
    expect(await add({ kind: 'person', name: 'somebody', grants: [{ role: 'owner', repositories: [ada.principalId] }] })).toBe('invalid-grants');
  });

  it('are listed by name, page by page', async () => {
    const names: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await world.call('auth.principal.list', { limit: 3, ...(cursor !== undefined && { cursor }) }, { token: operator });
      names.push(...page.principals.map(({ name }) => name));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(names).toEqual(names.toSorted());
    expect(names).toEqual(expect.arrayContaining(['admin', 'local-operator']));
    expect(new Set(names).size).toBe(names.length);
    const machines = await world.call('auth.principal.list', { kind: 'service-account' }, { token: operator });
    expect(new Set(machines.principals.map(({ kind }) => kind))).toEqual(new Set(['service-account']));
  });

  it('that are disabled get nothing any more, at once, and with enable what they had', async () => {
    const ada = await addPerson('reader');
    const { accessToken: token, refreshToken } = await ada.logIn();
    const { key } = await world.call('auth.key.issue', { name: 'k' }, { token });
    const keyToken = await world.exchange(key);
    await world.call('auth.principal.disable', { principal: ada.name }, { token: operator });
    await world.eventOf('auth.principal-disabled.v1', { principalId: ada.principalId });
    await world.eventOf('auth.session-ended.v1', { principalId: ada.principalId, why: 'disabled' });
    expect([await world.outcome('auth.identity.show', {}, { token }), await world.outcome('auth.identity.show', {}, { token: keyToken }), await world.outcome('auth.session.refresh', { refreshToken }), await world.outcome('auth.key.exchange', { key })]).toEqual(['token-revoked', 'token-revoked', 'session-ended', 'disabled']);
    expect(await world.outcome('auth.session.create', { tenant: 'acme', name: ada.name, password: PASSWORD })).toBe('disabled');
    expect(await wrong(ada.name)).toBe('login-refused');
    expect(await world.outcome('auth.principal.disable', { principal: ada.name }, { token: operator })).toBe('ok');

    await world.call('auth.principal.enable', { principal: ada.name }, { token: operator });
    await world.eventOf('auth.principal-enabled.v1', { principalId: ada.principalId });
    expect([await world.outcome('auth.key.exchange', { key }), await world.outcome('auth.identity.show', {}, { token: keyToken }), await world.outcome('auth.session.refresh', { refreshToken })]).toEqual(['ok', 'ok', 'session-ended']);
  });
});

describe('tokens', () => {
  it('are verified by others with what trust.read says', async () => {
    const trust = await world.call('auth.trust.read', {});
    const verdict = await verifyAccessToken(operator, await openTrust(trust, new Date(trust.asOf)), new Date(trust.asOf));
    expect(verdict).toMatchObject({ state: 'accepted', claims: { tid: 'acme', name: 'local-operator' } });
    expect(JSON.stringify(trust)).not.toContain('"d"');
  });

  it('of services are for whom the broker vouches', async () => {
    const gateway = await world.nats.connect('gateway');
    const { accessToken: token } = await world.call('auth.service-token.issue', {}, { broker: gateway });
    expect(await world.outcome('auth.principal.list', {}, { token })).toBe('call-not-granted');
    const trust = await world.call('auth.trust.read', {});
    expect(await verifyAccessToken(token, await openTrust(trust, new Date(trust.asOf)), new Date(trust.asOf))).toMatchObject({ state: 'accepted', claims: { sub: 'gateway', tid: '_platform', kind: 'service' } });
    const operatorBroker = await world.nats.connect('operator');
    await expect(operatorBroker.connection.request('rpc.auth.service-token.issue.gateway', '{}', { timeout: 300 })).rejects.toThrow();
  });

  it('let services tell of what they have refused, which is announced', async () => {
    const gateway = await world.nats.connect('gateway');
    const { accessToken: token } = await world.call('auth.service-token.issue', {}, { broker: gateway });
    const refusal = { operation: 'harvester.gate.set', permission: 'gate:write' as const, reason: 'permission-missing', tenant: 'acme', by: '01976c2e-7a10-7c4d-8e5f-60718293a4b5', correlationId: 'c-77' };
    await world.call('auth.refusal.report', { refusals: [refusal, refusal] }, { broker: gateway, token, tenant: '_platform' });
    const { operation, permission, reason, by } = refusal;
    expect(await world.eventOf('auth.access-refused.v1', { operation })).toMatchObject({ tenantid: 'acme', correlationid: 'c-77', partitionkey: by, data: { operation, permission, reason, by, repositoryId: null } });
    expect(world.announced.filter(({ correlationid }) => correlationid === 'c-77')).toHaveLength(1);
    expect(await world.outcome('auth.refusal.report', { refusals: [refusal] }, { broker: gateway, token: owner })).toBe('call-not-granted');
  });

  it('are signed by the next key when the time has come, and the older ones stay good meanwhile', async () => {
    const before = (await world.query("select kid from signing_keys where state = 'active'"))[0]?.['kid'];
    const turn = async (ms: number) => {
      await world.forward(ms);
        await hosted.stop();
      hosted = await world.host();
    };
    await turn(90 * 24 * 60 * MINUTE);
    expect((await world.query('select state from signing_keys order by state')).map(({ state }) => state)).toEqual(['active', 'next']);
    await turn(13 * 60 * MINUTE);
    const token = await world.exchange(world.first.key);
    expect(await world.outcome('auth.identity.show', {}, { token })).toBe('ok');
    const keys = await world.query('select kid, state, sealed_private is null as bare from signing_keys order by state');
    expect(keys).toMatchObject([{ state: 'active', bare: false }, { kid: before, state: 'retired', bare: true }]);
    await world.eventOf('auth.signing-key-rotated.v1', { active: keys[0]?.['kid'] as string, retired: before as string });
    expect((await world.call('auth.trust.read', {})).keys.map(({ kid }) => kid).sort()).toEqual(keys.map(({ kid }) => kid).sort());
  });
});

describe('who may call what', () => {
  const TARGET = 'target';
  const OTHER = 'other-tenant';
  const MATRIX = whoMayCallWhat({ target: TARGET, password: PASSWORD, foreignKeyId: () => /_(.{16})_/.exec(world.first.platformKey)?.[1] ?? '', next: () => ++people });

  let tokens: (string | undefined)[];
  beforeAll(async () => {
    const first = (await world.logIn('admin', world.first.password)).accessToken;
    await world.call('auth.principal.add', { kind: 'person', name: TARGET, password: PASSWORD }, { token: first });
    await world.call('auth.tenant.add', { tenant: OTHER, name: 'Other', administrator: { name: 'root', password: PASSWORD } }, { token: await world.exchange(world.first.platformKey), tenant: '_platform' });
    for (const role of ['reader', 'admin'] as const) await world.call('auth.principal.add', { kind: 'person', name: `the-${role}`, password: PASSWORD, grants: [{ role, repositories: all }] }, { token: first });
  });
  beforeEach(async () => {
    tokens = [undefined, (await world.logIn('the-reader', PASSWORD)).accessToken, (await world.logIn('the-admin', PASSWORD)).accessToken, owner, (await world.logIn('root', PASSWORD, OTHER)).accessToken];
  });

  it.each(Object.entries(MATRIX).map(([operation, { request, outcomes }]) => ({ operation: operation as keyof typeof MATRIX, request, outcomes })))('$operation', async ({ operation, request, outcomes }) => {
    const seen: string[] = [];
    for (const [i, token] of tokens.entries()) {
      seen.push(await world.outcome(operation, request() as never, { tenant: i === 4 ? OTHER : 'acme', ...(token !== undefined && { token }) }));
    }
    expect(seen).toEqual(outcomes);
  });

  it.each(Object.keys(MATRIX).filter((operation) => !['auth.session.create', 'auth.session.refresh', 'auth.key.exchange', 'auth.service-token.issue', 'auth.trust.read', 'auth.refusal.report'].includes(operation)))('%s is not for another tenant\'s owner, nor for a token that is none', async (operation) => {
    const request = MATRIX[operation as keyof typeof MATRIX].request() as never;
    const foreign = tokens[4] as string;
    expect(await world.outcome(operation as RpcOperation, request, { token: foreign, tenant: 'acme' })).toBe('tenant-foreign');
    const forged = `${foreign.slice(0, -20)}${foreign.at(-20) === 'A' ? 'B' : 'A'}${foreign.slice(-19)}`;
    expect(await world.outcome(operation as RpcOperation, request, { token: forged, tenant: OTHER })).toBe('token-signature-wrong');
    expect(await world.outcome(operation as RpcOperation, request, { token: 'x' })).toBe('token-malformed');
  });

  it('names every operation that auth serves', () => {
    expect(Object.keys(MATRIX).sort()).toEqual(accessDocuments['auth']?.serves.toSorted());
  });

  it('announces and counts what it refuses', async () => {
    await world.eventOf('auth.access-refused.v1', { operation: 'auth.tenant.list', reason: 'permission-missing', permission: 'tenant:write' });
    await world.eventOf('auth.access-refused.v1', { operation: 'auth.tenant.list', reason: 'token-malformed', by: null });
    const text = await (await fetch(`${hosted.url}/metrics`)).text();
    expect(text).toMatch(/granary_rpc_refused_total\{code="permission-missing",service="auth"\} [1-9]/);
    expect(text).toContain('granary_rpc_refused_total{code="token-expired",service="auth"} 0');
  });
});

it('keeps no secret in a table, says none in an event, and writes none into a log', async () => {
  const vault = createVault(Buffer.from(readFileSync(join(world.data, 'auth.key'), 'utf8'), 'base64'), (count) => Buffer.alloc(count));
  const sealed = await world.query('select kid, sealed_private from signing_keys where sealed_private is not null');
  for (const { kid, sealed_private: closed } of sealed) world.secrets.add(vault.open(kid as string, closed as Buffer)?.d ?? '');
  // Of an API key or refresh token the secret part counts: ids are no secrets.
  const parts = [...world.secrets].flatMap((secret) => (/^gran[a-z]?_/.test(secret) ? [secret.split('_')[2]?.slice(0, 43) ?? '', secret.split('_')[2]?.slice(43) ?? ''] : [secret])).filter((part) => part.length >= 12);
  expect(parts.length).toBeGreaterThan(50);
  const tables = await world.query("select tablename from pg_tables where schemaname = 'auth'");
  const stored: string[] = [];
  for (const { tablename } of tables) stored.push(...(await world.query(`select t::text as row from auth.${String(tablename)} t`)).map(({ row }) => String(row)));
  const places = { stored: stored.join('\n'), announced: world.announced.map((event) => JSON.stringify(event)).join('\n'), logged: world.logged.join('\n') };
  expect(places.announced.length).toBeGreaterThan(10_000);
  for (const [place, text] of Object.entries(places)) expect([place, parts.filter((part) => text.includes(part))]).toEqual([place, []]);
  // What was typed as a name is kept by nobody.
  expect(Object.values(places).join('')).not.toContain('nobody-here');
});
