import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { jwtVerify } from 'jose';
import { CLAIMS, ISSUER, NOW, REPOSITORY, SECONDS, forge, part, signed, text, type Forge } from '../test/forge';
import { issueAccessToken } from './issue-token';
import { generateSigningKey, jwksOf, openSigner } from './signing-key';
import { TOKEN_REFUSALS, type TokenRefusalCode } from './token-refusal';
import { openTrust } from './trust';
import { refusalSince, verifyAccessToken } from './verify-token';

let ours: Forge;
beforeAll(async () => {
  ours = await forge();
});

const header = (more: object = {}) => ({ alg: 'EdDSA', typ: 'at+jwt', kid: ours.jwk.kid, ...more });
const good = () => signed(header(), CLAIMS, ours.privateKey);
const withClaims = (more: object) => signed(header(), { ...CLAIMS, ...more }, ours.privateKey);
const withPayload = (payload: unknown) => signed(header(), payload, ours.privateKey);
const withHeader = (more: unknown) => signed(more, CLAIMS, ours.privateKey);
const without = (...names: string[]) => withPayload(Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => !names.includes(name))));
const verdict = async (token: string, now = NOW) => {
  const result = await verifyAccessToken(token, ours.trust, now);
  return result.state === 'accepted' ? 'accepted' : result.refusal.code;
};

it('accepts a token of ours and gives its claims', async () => {
  expect(await verifyAccessToken(good(), ours.trust, NOW)).toEqual({ state: 'accepted', claims: CLAIMS, kid: ours.jwk.kid });
});

it('leaves out what this version does not know', async () => {
  const token = withClaims({ grants: [{ role: 'gardener', repositories: 'all' }, { role: 'reader', repositories: [REPOSITORY] }], scope: ['moon:read', 'job:read'], shoeSize: 43 });
  const expected = { ...CLAIMS, grants: [{ role: 'reader', repositories: [REPOSITORY] }], scope: ['job:read'] };
  expect(await verifyAccessToken(token, ours.trust, NOW)).toEqual({ state: 'accepted', claims: expected, kid: ours.jwk.kid });
});

type Attack = [name: string, token: () => string, code: TokenRefusalCode];
const hmac = (key: string | Buffer) => {
  const input = `${part(header({ alg: 'HS256' }))}.${part(CLAIMS)}`;
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
};
const parts = (): [string, string, string] => good().split('.') as [string, string, string];
const swapped = (at: number, change: (value: string) => string) => parts().map((value, index) => (index === at ? change(value) : value)).join('.');

const SHAPE: Attack[] = [
  ['empty', () => '', 'token-malformed'],
  ['one part', () => parts()[0], 'token-malformed'],
  ['two parts', () => parts().slice(0, 2).join('.'), 'token-malformed'],
  ['four parts', () => `${good()}.`, 'token-malformed'],
  ['five parts, as an encrypted token has', () => `${good()}.a.b`, 'token-malformed'],
  ['8193 characters', () => good().padEnd(8193, 'A'), 'token-too-large'],
  ['a megabyte of dots', () => '.'.repeat(1 << 20), 'token-too-large'],
  ['only dots', () => '..', 'token-header-malformed'],
];

const ENCODING: Attack[] = [0, 1, 2].flatMap((at): Attack[] => [
  [`padding in part ${at}`, () => swapped(at, (value) => `${value}=`), 'token-encoding-wrong'],
  [`a space before part ${at}`, () => swapped(at, (value) => ` ${value}`), 'token-encoding-wrong'],
  [`a line break in part ${at}`, () => swapped(at, (value) => `${value.slice(0, 4)}\r\n${value.slice(4)}`), 'token-encoding-wrong'],
  [`a NUL behind part ${at}`, () => swapped(at, (value) => `${value}\0`), 'token-encoding-wrong'],
  [`+ in part ${at}`, () => swapped(at, (value) => `${value}+/+/`), 'token-encoding-wrong'],
  [`a length that no bytes have in part ${at}`, () => swapped(at, () => 'AAAAA'), 'token-encoding-wrong'],
  [`another script in part ${at}`, () => swapped(at, (value) => `${value.slice(0, -1)}А`), 'token-encoding-wrong'],
]);

const HEADER: Attack[] = [
  ['alg none without signature', () => `${part(header({ alg: 'none' }))}.${part(CLAIMS)}.`, 'token-algorithm-wrong'],
  ['alg None with a signature', () => withHeader(header({ alg: 'None' })), 'token-algorithm-wrong'],
  ['alg nONE', () => withHeader(header({ alg: 'nONE' })), 'token-algorithm-wrong'],
  ['alg eddsa', () => withHeader(header({ alg: 'eddsa' })), 'token-algorithm-wrong'],
  ['alg as a list', () => withHeader(header({ alg: ['EdDSA'] })), 'token-algorithm-wrong'],
  ['no alg', () => withHeader({ typ: 'at+jwt', kid: ours.jwk.kid }), 'token-algorithm-wrong'],
  ['key confusion: HS256 by the PEM of the public key', () => hmac(ours.publicKey.export({ type: 'spki', format: 'pem' })), 'token-algorithm-wrong'],
  ['key confusion: HS256 by the DER of the public key', () => hmac(ours.publicKey.export({ type: 'spki', format: 'der' })), 'token-algorithm-wrong'],
  ['key confusion: HS256 by x', () => hmac(Buffer.from(ours.jwk.x, 'base64url')), 'token-algorithm-wrong'],
  ['ES256', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const input = `${part(header({ alg: 'ES256' }))}.${part(CLAIMS)}`;
    return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }, 'token-algorithm-wrong'],
  ['no typ', () => withHeader({ alg: 'EdDSA', kid: ours.jwk.kid }), 'token-type-wrong'],
  ['typ JWT', () => withHeader(header({ typ: 'JWT' })), 'token-type-wrong'],
  ['typ in other case, which a media type may have but ours never has', () => withHeader(header({ typ: 'AT+JWT' })), 'token-type-wrong'],
  ['typ with application/', () => withHeader(header({ typ: 'application/at+jwt' })), 'token-type-wrong'],
  ['an id token', () => withHeader(header({ typ: 'id+jwt' })), 'token-type-wrong'],
  ...[{ jku: 'https://evil.example/jwks' }, { x5u: 'https://evil.example/cert' }, { jwk: { kty: 'OKP' } }, { x5c: ['MII'] }, { crit: ['exp'] }, { crit: [] }, { b64: false }, { zip: 'DEF' }, { cty: 'JWT' }, { exp: 1 }]
    .map((more): Attack => [`${Object.keys(more)} in the header`, () => withHeader(header(more)), 'token-header-forbidden']),
  ['no kid', () => withHeader({ alg: 'EdDSA', typ: 'at+jwt' }), 'token-header-malformed'],
  ...[null, 7, true, ['k'], { k: 1 }].map((kid): Attack => [`kid ${text(kid)}`, () => withHeader(header({ kid })), 'token-header-malformed']),
  ['a very long kid', () => withHeader(header({ kid: 'k'.repeat(4000) })), 'token-header-malformed'],
  ...['', '../../../../dev/null', "' OR 1=1 --", 'x\u0000y', '__proto__', 'constructor', '*', ' KID'].map((kid): Attack => [`kid ${text(kid)}`, () => withHeader(header({ kid })), 'token-key-unknown']),
  ['our kid and a space', () => withHeader(header({ kid: `${ours.jwk.kid} ` })), 'token-key-unknown'],
  ['the header as a list', () => withHeader([]), 'token-header-malformed'],
  ['the header as a string', () => withHeader('"EdDSA"'), 'token-header-malformed'],
  ['the header null', () => withHeader('null'), 'token-header-malformed'],
  ['no JSON in the header', () => withHeader('{"alg":"EdDSA"'), 'token-header-malformed'],
  ['alg twice in the header, the good one last', () => withHeader(`{"alg":"none",${text(header()).slice(1)}`), 'token-header-malformed'],
  ['alg twice in the header, the good one first', () => withHeader(`${text(header()).slice(0, -1)},"alg":"none"}`), 'token-header-malformed'],
  ['alg twice by an escape', () => withHeader(`{"\\u0061lg":"none",${text(header()).slice(1)}`), 'token-header-malformed'],
  ['white space in the header', () => withHeader(` ${text(header())}`), 'token-header-malformed'],
  ['a byte order mark in the header', () => withHeader(`\uFEFF${text(header())}`), 'token-header-malformed'],
  ['a nested bomb in the header', () => withHeader(`{"alg":${'['.repeat(1500)}${']'.repeat(1500)}}`), 'token-header-malformed'],
];

const flipped = (value: string) => (value.startsWith('A') ? 'B' : 'A') + value.slice(1);
/** S + L: the same signature in another spelling, which RFC 8032 section 5.1.7 refuses. */
function malleated(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url');
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
  return Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()]).toString('base64url');
}

const SIGNATURE: Attack[] = [
  ['an empty signature', () => swapped(2, () => ''), 'token-signature-wrong'],
  ['half a signature', () => swapped(2, (value) => Buffer.from(value, 'base64url').subarray(0, 32).toString('base64url')), 'token-signature-wrong'],
  ['a signature and a byte', () => swapped(2, (value) => Buffer.concat([Buffer.from(value, 'base64url'), Buffer.from([0])]).toString('base64url')), 'token-signature-wrong'],
  ['a signature of zeros', () => swapped(2, () => Buffer.alloc(64).toString('base64url')), 'token-signature-wrong'],
  ['a signature with S + L', () => swapped(2, malleated), 'token-signature-wrong'],
  ['a changed signature', () => swapped(2, flipped), 'token-signature-wrong'],
  ['changed claims', () => swapped(1, () => part({ ...CLAIMS, tid: 'other' })), 'token-signature-wrong'],
  ['the same kid, another key', () => signed(header(), CLAIMS, generateKeyPairSync('ed25519').privateKey), 'token-signature-wrong'],
  ['unsigned claims that are no JSON are not even read', () => swapped(1, () => part('[['.repeat(2000))), 'token-signature-wrong'],
];

const PAYLOAD: Attack[] = [
  ...['[]', '"text"', 'null', '7', '', '{', '{}x'].map((payload): Attack => [`the payload ${payload}`, () => withPayload(payload), 'token-payload-malformed']),
  ['sub twice', () => withPayload(`{"sub":"someone",${text(CLAIMS).slice(1)}`), 'token-payload-malformed'],
  ['exp twice', () => withPayload(`${text(CLAIMS).slice(0, -1)},"exp":9999999999}`), 'token-payload-malformed'],
  ['role twice in a grant', () => withPayload(text(CLAIMS).replace('"role":"reader"', '"role":"owner","role":"reader"')), 'token-payload-malformed'],
  ['exp 1e999', () => withPayload(text(CLAIMS).replace(/"exp":\d+/, '"exp":1e999')), 'token-payload-malformed'],
  ['exp NaN', () => withPayload(text(CLAIMS).replace(/"exp":\d+/, '"exp":NaN')), 'token-payload-malformed'],
  ['exp 1e3', () => withPayload(text(CLAIMS).replace(/"exp":\d+/, '"exp":1e3')), 'token-payload-malformed'],
  ['bytes that are no UTF-8', () => {
    const input = `${part(header())}.${Buffer.from(text(CLAIMS).replace('somebody', 'somebod\u00e9'), 'latin1').toString('base64url')}`;
    return `${input}.${sign(null, Buffer.from(input), ours.privateKey).toString('base64url')}`;
  }, 'token-payload-malformed'],
  ['a nested bomb', () => withPayload(`{"iss":${'['.repeat(2900)}${']'.repeat(2900)}}`), 'token-issuer-wrong'],
  ['__proto__ with claims', () => withPayload(`{"__proto__":${text(CLAIMS)}}`), 'token-issuer-wrong'],
  ['another issuer', () => withClaims({ iss: 'https://evil.example' }), 'token-issuer-wrong'],
  ['our issuer with a slash', () => withClaims({ iss: `${ISSUER}/` }), 'token-issuer-wrong'],
  ['no issuer', () => without('iss'), 'token-issuer-wrong'],
  ['another audience', () => withClaims({ aud: 'elsewhere' }), 'token-audience-wrong'],
  ['a list of audiences with ours', () => withClaims({ aud: ['granary', 'elsewhere'] }), 'token-audience-wrong'],
  ['a list of our audience alone', () => withClaims({ aud: ['granary'] }), 'token-audience-wrong'],
  ['no audience', () => without('aud'), 'token-audience-wrong'],
  ...['sub', 'tid', 'kind', 'name', 'grants', 'sid', 'jti', 'iat', 'exp'].map((name): Attack => [`no ${name}`, () => without(name), 'token-claims-invalid']),
  ...[
    { exp: String(SECONDS + 600) }, { exp: null }, { exp: SECONDS + 0.5 }, { exp: -1 }, { exp: 2 ** 53 }, { exp: SECONDS }, { iat: `${SECONDS}` }, { iat: true }, { nbf: '0' }, { nbf: null },
    { sub: '' }, { sub: 'a b' }, { sub: 7 }, { tid: '_other' }, { tid: 'a.b' }, { tid: 'a>' }, { tid: 'A' }, { tid: ['default'] }, { kind: 'robot' }, { kind: '__proto__' }, { name: '' }, { name: 'n'.repeat(257) },
    { grants: {} }, { grants: 'owner' }, { grants: [null] }, { grants: [{ role: 'owner' }] }, { grants: [{ role: 'owner', repositories: true }] }, { grants: [{ role: 7, repositories: 'all' }] }, { grants: [{ role: 'reader', repositories: [7] }] },
    { scope: 'repository:read' }, { scope: [7] }, { scope: null }, { sid: '' }, { jti: 'j'.repeat(129) },
    { calls: ['audit.event.list'] }, { kind: 'service' }, { kind: 'service', calls: ['audit.event.list'] }, { kind: 'service', tid: '_platform', calls: ['*'] },
  ].map((more): Attack => [text(more).slice(0, 60), () => withClaims(more), 'token-claims-invalid']),
];

const TIME_AND_REVOCATION: Attack[] = [
  ['expired', () => withClaims({ iat: SECONDS - 605, exp: SECONDS - 5 }), 'token-expired'],
  ['issued in six seconds', () => withClaims({ iat: SECONDS + 6, exp: SECONDS + 60 }), 'token-not-yet-valid'],
  ['not before in six seconds', () => withClaims({ nbf: SECONDS + 6 }), 'token-not-yet-valid'],
  ['good for 601 seconds', () => withClaims({ exp: SECONDS + 601 }), 'token-life-too-long'],
  ['of a session that was ended', () => withClaims({ sid: 'ended-session' }), 'token-revoked'],
  ['revoked by itself', () => withClaims({ jti: 'ended-token' }), 'token-revoked'],
];

it.each([...SHAPE, ...ENCODING, ...HEADER, ...SIGNATURE, ...PAYLOAD, ...TIME_AND_REVOCATION])('refuses: %s', async (_, token, code) => {
  expect(await verdict(token())).toBe(code);
});

it.each([
  ['expired 4 seconds ago', () => withClaims({ iat: SECONDS - 604, exp: SECONDS - 4 })],
  ['issued in 5 seconds', () => withClaims({ iat: SECONDS + 5, exp: SECONDS + 60 })],
  ['not before in 5 seconds', () => withClaims({ nbf: SECONDS + 5 })],
  ['of a service', () => withClaims({ kind: 'service', tid: '_platform', grants: [], calls: ['audit.event.list'] })],
  ['header members in another order', () => withHeader({ kid: ours.jwk.kid, typ: 'at+jwt', alg: 'EdDSA' })],
])('accepts: %s', async (_, token) => {
  expect(await verdict(token())).toBe('accepted');
});

it('refuses every other spelling of the last character, though it decodes to the same bytes', async () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const token = good();
  const last = alphabet.indexOf(token.slice(-1));
  // 64 bytes leave four bits of the last character unused.
  const spellings = [...alphabet].filter((_, at) => at !== last && at >> 4 === last >> 4).map((character) => token.slice(0, -1) + character);
  expect(spellings).toHaveLength(15);
  expect(new Set(await Promise.all(spellings.map((spelling) => verdict(spelling))))).toEqual(new Set(['token-encoding-wrong']));
});

it('fails closed when auth was not reached for a minute, or the time is no time', async () => {
  expect(await verdict(good(), new Date(NOW.getTime() + 60_000))).toBe('accepted');
  expect(await verdict(good(), new Date(NOW.getTime() + 60_001))).toBe('trust-outdated');
  expect(await verdict(good(), new Date(Number.NaN))).toBe('trust-outdated');
});

it('asks again about a token that was accepted', async () => {
  const result = await verifyAccessToken(good(), ours.trust, NOW);
  if (result.state !== 'accepted') throw new Error('a token of ours was refused');
  const later = (seconds: number, revoked: string[] = []) => {
    const now = new Date(NOW.getTime() + seconds * 1000);
    return refusalSince(result.claims, { ...ours.trust, revoked: new Set(revoked), readAt: now }, now)?.code ?? null;
  };
  expect([later(60), later(604), later(605), later(60, ['session']), later(60, ['token'])]).toEqual([null, null, 'token-expired', 'token-revoked', 'token-revoked']);
  expect(refusalSince(result.claims, ours.trust, new Date(NOW.getTime() + 61_000))?.code).toBe('trust-outdated');
});

it('does not take a mistake of ours for a bad signature', async () => {
  const { key } = await openSigner(ours.jwk);
  await expect(verifyAccessToken(good(), { ...ours.trust, keys: new Map([[ours.jwk.kid, key]]) }, NOW)).rejects.toThrow(/key/i);
});

it('repeats nothing of a token in its refusals', async () => {
  const result = await verifyAccessToken(withHeader(header({ kid: 'shibboleth' })), ours.trust, NOW);
  expect(JSON.stringify(result)).not.toContain('shibboleth');
  expect(TOKEN_REFUSALS).toContain('token-key-unknown');
});

it('never throws and accepts nothing that was made of one byte changed', async () => {
  const token = good();
  await fc.assert(fc.asyncProperty(fc.nat(token.length - 1), fc.string({ minLength: 0, maxLength: 2 }), async (at, piece) => {
    const changed = token.slice(0, at) + piece + token.slice(at + 1);
    if (changed !== token) expect(await verdict(changed)).not.toBe('accepted');
  }), { numRuns: 150, seed: 4 });
});

it('never throws on headers and payloads of any JSON', async () => {
  await fc.assert(fc.asyncProperty(fc.json(), fc.json(), async (first, second) => {
    expect(await verdict(signed(first, second, ours.privateKey))).not.toBe('accepted');
    expect(await verdict(withPayload(second))).not.toBe('accepted');
  }), { numRuns: 60, seed: 4 });
});

describe('issuing', () => {
  const subject = { sub: 'p', tid: 'default', kind: 'person', name: 'naïve ⚓', grants: [{ role: 'admin', repositories: 'all' }], sid: 's' } as const;
  const order = { subject, issuer: ISSUER, jti: 'j', now: new Date(NOW.getTime() + 999) };

  it('makes what is accepted here and by jose without our checks', async () => {
    const { accessToken, expiresAt } = await issueAccessToken(order, await openSigner(ours.jwk));
    const claims = { iss: ISSUER, aud: 'granary', ...subject, jti: 'j', iat: SECONDS, exp: SECONDS + 600 };
    expect(expiresAt).toEqual(new Date('2026-03-01T12:10:00Z'));
    expect(await verifyAccessToken(accessToken, ours.trust, NOW)).toEqual({ state: 'accepted', claims, kid: ours.jwk.kid });
    const foreign = await jwtVerify(accessToken, ours.publicKey, { issuer: ISSUER, audience: 'granary', typ: 'at+jwt', algorithms: ['EdDSA'], currentDate: NOW });
    expect(foreign).toEqual({ protectedHeader: header(), payload: claims });
  });

  it('carries scope and calls', async () => {
    const service = { ...subject, tid: '_platform', kind: 'service', grants: [], calls: ['audit.event.list'] } as const;
    const signer = await openSigner(ours.jwk);
    const [narrowed, called] = await Promise.all([{ ...subject, scope: ['job:read'] as const }, service].map(async (each) => verifyAccessToken((await issueAccessToken({ ...order, subject: each, seconds: 60 }, signer)).accessToken, ours.trust, NOW)));
    expect(narrowed).toMatchObject({ state: 'accepted', claims: { scope: ['job:read'], exp: SECONDS + 60 } });
    expect(called).toMatchObject({ state: 'accepted', claims: { calls: ['audit.event.list'] } });
  });

  it('has room for the most that a principal may be granted', async () => {
    const ids = Array.from({ length: 100 }, (_, at) => `0195d0a0-0000-7000-8000-${String(at).padStart(12, '0')}`);
    const largest = { ...subject, name: 'n'.repeat(128), grants: [{ role: 'operator', repositories: ids }] } as const;
    const { accessToken } = await issueAccessToken({ ...order, subject: largest }, await openSigner(ours.jwk));
    expect(await verdict(accessToken)).toBe('accepted');
  });

  it.each([
    ['a tenant that is none', { subject: { ...subject, tid: 'a.b' } }],
    ['a life that is too long', { seconds: 601 }],
    ['a life that is none', { seconds: 0 }],
    ['too many repositories', { subject: { ...subject, grants: [{ role: 'reader', repositories: Array.from({ length: 200 }, () => REPOSITORY) }] } as const }],
  ])('refuses what nobody would accept: %s', async (_, more) => {
    await expect(issueAccessToken({ ...order, ...more }, await openSigner(ours.jwk))).rejects.toMatchObject({ code: 'token-not-issuable', kind: 'permanent' });
  });

  it('is believed only while its key is published', async () => {
    const other = await generateSigningKey();
    const { accessToken } = await issueAccessToken(order, await openSigner(other));
    expect(await verdict(accessToken)).toBe('token-key-unknown');
    expect((await verifyAccessToken(accessToken, await openTrust({ issuer: ISSUER, ...jwksOf([other]), revoked: [] }, NOW), NOW)).state).toBe('accepted');
  });
});
