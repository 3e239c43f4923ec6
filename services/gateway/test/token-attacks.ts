// Tokens that somebody made, from a good one and what an attacker may know or have got.
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { PrivateJwk } from '@granary/security';

/** What a token is made of. */
export interface Material {
  /** A good token, as it was given out. */
  readonly token: string;
  /** The key that signed it; only what auth itself signs by mistake needs the private half. */
  readonly jwk: PrivateJwk;
}

export type TokenAttack = readonly [name: string, make: (material: Material) => string, code: string];

const HOUR = 3_600;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const read = (text: string | undefined): Record<string, unknown> => JSON.parse(Buffer.from(text ?? '', 'base64url').toString()) as Record<string, unknown>;
const cut = (token: string): [string, string, string] => token.split('.') as [string, string, string];
const keyOf = (jwk: PrivateJwk): KeyObject => createPrivateKey({ key: { ...jwk }, format: 'jwk' });

function signed(header: object, claims: object, key: KeyObject): string {
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
}

/** As auth would sign it, with another header and other claims. */
function resigned({ token, jwk }: Material, header: object, claims: object = {}): string {
  const [head, payload] = cut(token);
  return signed({ ...read(head), ...header }, { ...read(payload), ...claims }, keyOf(jwk));
}

/** Signed by HMAC with what everybody may read. */
function confused({ token, jwk }: Material, secret: (key: KeyObject) => string | Buffer): string {
  const [head, payload] = cut(token);
  const input = `${part({ ...read(head), alg: 'HS256' })}.${payload}`;
  return `${input}.${createHmac('sha256', secret(createPublicKey(keyOf(jwk)))).update(input).digest('base64url')}`;
}

const now = (): number => Math.floor(Date.now() / 1_000);

export const TOKEN_ATTACKS: readonly TokenAttack[] = [
  ['no algorithm and no signature', ({ token }) => `${part({ ...read(cut(token)[0]), alg: 'none' })}.${cut(token)[1]}.`, 'token-algorithm-wrong'],
  ['no algorithm, and the signature of before', ({ token }) => `${part({ ...read(cut(token)[0]), alg: 'None' })}.${cut(token)[1]}.${cut(token)[2]}`, 'token-algorithm-wrong'],
  ['a signature left out', ({ token }) => `${cut(token)[0]}.${cut(token)[1]}.`, 'token-signature-wrong'],
  ['the public key as the secret of HMAC, as PEM', (material) => confused(material, (key) => key.export({ type: 'spki', format: 'pem' })), 'token-algorithm-wrong'],
  ['the public key as the secret of HMAC, as bytes', (material) => confused(material, () => Buffer.from(material.jwk.x, 'base64url')), 'token-algorithm-wrong'],
  ['a key of the attacker under the name of ours', ({ token }) => signed(read(cut(token)[0]), read(cut(token)[1]), generateKeyPairSync('ed25519').privateKey), 'token-signature-wrong'],
  ...['../../../../dev/null', "' or 1=1 --", 'x | cat /etc/passwd', '__proto__'].map((kid): TokenAttack => [`the key id ${kid}`, (material) => resigned(material, { kid }), 'token-key-unknown']),
  ['an address to fetch keys from', (material) => resigned(material, { jku: 'https://evil.example/jwks.json' }), 'token-header-forbidden'],
  ['a key inside of it', ({ token }) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    return signed({ ...read(cut(token)[0]), jwk: publicKey.export({ format: 'jwk' }) }, read(cut(token)[1]), privateKey);
  }, 'token-header-forbidden'],
  ['a chain of certificates', (material) => resigned(material, { x5u: 'https://evil.example/cert.pem' }), 'token-header-forbidden'],
  ['another type', (material) => resigned(material, { typ: 'JWT' }), 'token-type-wrong'],
  ['another tenant written into it', ({ token }) => `${cut(token)[0]}.${part({ ...read(cut(token)[1]), tid: 'umbra' })}.${cut(token)[2]}`, 'token-signature-wrong'],
  ['another principal written into it', ({ token }) => `${cut(token)[0]}.${part({ ...read(cut(token)[1]), sub: '01976c2e-8a00-7b3c-9d4e-5f60718293a4' })}.${cut(token)[2]}`, 'token-signature-wrong'],
  ['an end that has passed', (material) => resigned(material, {}, { iat: now() - HOUR, exp: now() - HOUR + 600 }), 'token-expired'],
  ['a beginning that is to come', (material) => resigned(material, {}, { iat: now() + 60, exp: now() + 120 }), 'token-not-yet-valid'],
  ['a moment before which it does not count', (material) => resigned(material, {}, { nbf: now() + 60 }), 'token-not-yet-valid'],
  ['a long life', (material) => resigned(material, {}, { exp: now() + 24 * HOUR }), 'token-life-too-long'],
  ['another audience', (material) => resigned(material, {}, { aud: 'elsewhere' }), 'token-audience-wrong'],
  ['a list of audiences', (material) => resigned(material, {}, { aud: ['granary', 'elsewhere'] }), 'token-audience-wrong'],
  ['another issuer', (material) => resigned(material, {}, { iss: 'https://evil.example' }), 'token-issuer-wrong'],
  ['a service\'s rights', (material) => resigned(material, {}, { calls: ['audit.log.read'] }), 'token-claims-invalid'],
  ['padding', ({ token }) => `${token}=`, 'token-encoding-wrong'],
  ['another spelling of its last character', ({ token }) => respelled(token), 'token-encoding-wrong'],
  ['the alphabet of plain base64', ({ token }) => `${cut(token)[0]}.${cut(token)[1]}.+/+/`, 'token-encoding-wrong'],
  ['too many characters', ({ token }) => token.padEnd(8_193, 'A'), 'token-too-large'],
  ['two parts', ({ token }) => cut(token).slice(0, 2).join('.'), 'token-malformed'],
  ['five parts', ({ token }) => `${token}.a.b`, 'token-malformed'],
];

/** The same bytes: 64 of them leave four bits of the last character unused. */
function respelled(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + alphabet.charAt(alphabet.indexOf(token.slice(-1)) ^ 1);
}
