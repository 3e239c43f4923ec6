import { CLAIMS, NOW, SECONDS, forge, signed, type Forge } from '../test/forge';
import { createTokenVerifier } from './remember-tokens';
import { verifyAccessToken } from './verify-token';
import type { Trust } from './trust';

let ours: Forge;
let token: string;
beforeAll(async () => {
  ours = await forge();
  token = signed({ alg: 'EdDSA', typ: 'at+jwt', kid: ours.jwk.kid }, CLAIMS, ours.privateKey);
});

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

it('gives the verdict of a real verification in every later situation', async () => {
  const other = await forge();
  const situations: [string, () => [Trust, Date]][] = [
    ['accepted', () => [ours.trust, later(1)]],
    ['trust-outdated', () => [ours.trust, later(61)]],
    ['token-expired', () => [{ ...ours.trust, readAt: later(605) }, later(605)]],
    ['token-not-yet-valid', () => [ours.trust, later(-6)]],
    ['token-revoked', () => [{ ...ours.trust, revoked: new Set(['session']) }, NOW]],
    ['token-issuer-wrong', () => [{ ...ours.trust, issuer: 'https://elsewhere.example' }, NOW]],
    ['token-key-unknown', () => [{ ...ours.trust, keys: other.trust.keys }, NOW]],
  ];
  for (const [expected, situation] of situations) {
    const verify = createTokenVerifier();
    await verify(token, ours.trust, NOW);
    const verdict = await verify(token, ...situation());
    expect([expected, verdict]).toEqual([expected, await verifyAccessToken(token, ...situation())]);
    expect(verdict.state === 'accepted' ? 'accepted' : verdict.refusal.code).toBe(expected);
    expect(await verify(token, ours.trust, NOW)).toEqual(await verifyAccessToken(token, ours.trust, NOW));
  }
});

it('remembers as many as it may, the last used ones', async () => {
  const verify = createTokenVerifier({ remember: 2 });
  const [a, b, c] = ['a', 'b', 'c'].map((jti) => signed({ alg: 'EdDSA', typ: 'at+jwt', kid: ours.jwk.kid }, { ...CLAIMS, jti }, ours.privateKey)) as [string, string, string];
  const first = { a: await verify(a, ours.trust, NOW), b: await verify(b, ours.trust, NOW) };
  // What is remembered is the same object; what is not is made anew.
  expect(await verify(a, ours.trust, NOW)).toBe(first.a);
  await verify(c, ours.trust, NOW);
  expect(await verify(a, ours.trust, NOW)).toBe(first.a);
  expect(await verify(b, ours.trust, NOW)).not.toBe(first.b);
});

it('does not know a token by a part of its text', async () => {
  const verify = createTokenVerifier();
  await verify(token, ours.trust, NOW);
  const [header, payload] = token.split('.');
  for (const changed of [`${header}.${payload}.`, `${token}A`, ` ${token}`, token.toLowerCase()]) expect((await verify(changed, ours.trust, NOW)).state).toBe('refused');
});

it('remembers nothing that was refused', async () => {
  const verify = createTokenVerifier();
  expect((await verify(token, { ...ours.trust, keys: new Map() }, NOW)).state).toBe('refused');
  expect(await verify(token, ours.trust, NOW)).toEqual({ state: 'accepted', claims: { ...CLAIMS, exp: SECONDS + 600 }, kid: ours.jwk.kid });
});
