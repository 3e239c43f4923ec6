import { jwtVerify } from 'jose';
import { CLAIMS, NOW, forge, signed } from '../test/forge';
import { importPublicJwk, thumbprint } from './jwk';
import { generateSigningKey, jwksOf, openSigner } from './signing-key';
import { openTrust } from './trust';

// RFC 8037 appendix A.2 and A.3.
const X = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const KID = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';

it('names keys by RFC 7638', async () => {
  expect(await thumbprint(X)).toBe(KID);
});

it('publishes the public half and nothing else', async () => {
  const key = await generateSigningKey();
  expect(key.kid).toBe(await thumbprint(key.x));
  expect(Object.keys(key)).toContain('d');
  expect(jwksOf([key])).toEqual({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: key.x, kid: key.kid, use: 'sig', alg: 'EdDSA' }] });
});

it('makes another key each time, and signers that show nothing', async () => {
  const [one, two] = await Promise.all([generateSigningKey(), generateSigningKey()]);
  expect(one.d).not.toBe(two.d);
  const signer = await openSigner(one);
  expect([signer.kid, signer.key.extractable, signer.key.usages]).toEqual([one.kid, false, ['sign']]);
});

it('leaves out keys of kinds that are not ours', async () => {
  const { jwk } = await forge();
  const trust = await openTrust({ issuer: 'i', keys: [...jwksOf([jwk]).keys, { kty: 'RSA', n: 'AQ', e: 'AQAB' }, { kty: 'oct', k: 'AAAA', kid: jwk.kid }, { kty: 'OKP', crv: 'X25519', x: X, kid: KID }, {}], revoked: [] }, NOW);
  expect([...trust.keys.keys()]).toEqual([jwk.kid]);
  expect(trust.keys.get(jwk.kid)).toMatchObject({ type: 'public', usages: ['verify'], extractable: false });
});

it.each<[string, object, RegExp]>([
  ['its private half', {}, /private half/],
  ['a kid of its own', { d: undefined, kid: 'mine' }, /thumbprint/],
  ['no kid', { d: undefined, kid: undefined }, /thumbprint/],
  ['x with padding', { x: `${X}=` }, /its x is not/],
  ['x that is too short', { x: X.slice(0, 20) }, /its x is not/],
  ['x as a number', { x: 7 }, /its x is not/],
  ['use for encryption', { use: 'enc' }, /use 'sig'/],
  ['another algorithm', { alg: 'HS256' }, /use 'sig'/],
])('refuses a published key with %s', async (_, more, message) => {
  const jwk = { ...(await generateSigningKey()), ...more };
  await expect(importPublicJwk(jwk)).rejects.toMatchObject({ code: 'key-malformed', kind: 'permanent', message: expect.stringMatching(message) });
});

it.each([['', /its d is not/], ['AAAA', /its d is not/]])('refuses a private half %j', async (d, message) => {
  await expect(openSigner({ ...(await generateSigningKey()), d })).rejects.toMatchObject({ code: 'key-malformed', message: expect.stringMatching(message) });
});

it('refuses halves that do not belong together', async () => {
  const [one, two] = await Promise.all([generateSigningKey(), generateSigningKey()]);
  const mixed = { ...one, d: two.d };
  await expect(openSigner(mixed)).rejects.toMatchObject({ code: 'key-malformed' });
});

it('makes tokens that jose verifies by the published set', async () => {
  const { jwk, privateKey, publicKey } = await forge();
  const token = signed({ alg: 'EdDSA', typ: 'at+jwt', kid: jwk.kid }, CLAIMS, privateKey);
  expect((await jwtVerify(token, publicKey, { currentDate: NOW })).payload).toEqual(CLAIMS);
});
