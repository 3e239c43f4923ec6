import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { generateSigningKey, jwksOf, openTrust, type PrivateJwk, type Trust } from '../src';

export const NOW = new Date('2026-03-01T12:00:00Z');
export const SECONDS = NOW.getTime() / 1000;
export const ISSUER = 'https://granary.example';
export const REPOSITORY = '0195d0a0-0000-7000-8000-000000000001';

/** A key of ours, in every form that an attacker may want to use. */
export interface Forge {
  readonly jwk: PrivateJwk;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly trust: Trust;
}

export async function forge(): Promise<Forge> {
  const jwk = await generateSigningKey();
  const privateKey = createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  const trust = await openTrust({ issuer: ISSUER, ...jwksOf([jwk]), revoked: [{ sid: 'ended-session' }, { sid: 'ended-token' }] }, NOW);
  return { jwk, privateKey, publicKey: createPublicKey(privateKey), trust };
}

export const CLAIMS = {
  iss: ISSUER, aud: 'granary', sub: '0195d0a0-0000-7000-8000-00000000000a', tid: 'default', kind: 'person', name: 'somebody',
  grants: [{ role: 'reader', repositories: 'all' }], sid: 'session', jti: 'token', iat: SECONDS, exp: SECONDS + 600,
};

export const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
export const part = (value: unknown) => Buffer.from(text(value)).toString('base64url');

/** Header and payload as text or as values, signed by Ed25519 as they are. */
export function signed(header: unknown, payload: unknown, key: KeyObject): string {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`;
}
