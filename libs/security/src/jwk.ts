import { calculateJwkThumbprint, importJWK, type CryptoKey } from 'jose';
import { Fault } from '@granary/faults';
import { decodeBase64url } from './base64url';

/** The public half of an Ed25519 pair as a member of a JWK Set (RFC 7517, RFC 8037 section 2). */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  /** 32 bytes in base64url. */
  readonly x: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'EdDSA';
}

/** The secret half: as `PublicJwk`, with the 32 bytes of the seed in `d`. */
export interface PrivateJwk extends PublicJwk {
  readonly d: string;
}

/** The SHA-256 thumbprint of an Ed25519 key in base64url (RFC 7638, RFC 8037 section 2): 43 characters that anybody can compute from the key. */
export function thumbprint(x: string): Promise<string> {
  return calculateJwkThumbprint({ kty: 'OKP', crv: 'Ed25519', x }, 'sha256');
}

/**
 * A member of a JWK Set, ready to verify with; null when it is a key of another kind, which a set may hold as well (RFC 7517 section 5).
 * @throws Fault `key-malformed` when it claims to be one of ours and is not: a kid that is not its thumbprint, another use, a private half.
 */
export async function importPublicJwk(jwk: Readonly<Record<string, unknown>>): Promise<{ kid: string; key: CryptoKey } | null> {
  if (jwk['kty'] !== 'OKP' || jwk['crv'] !== 'Ed25519') return null;
  const { x, kid } = await demandOurs(jwk);
  if ('d' in jwk) throw malformed('it holds the private half, which must never leave auth');
  return { kid, key: await ed25519({ x }) };
}

/**
 * The private half, ready to sign with and not readable again.
 * @throws Fault `key-malformed`
 */
export async function importPrivateJwk(jwk: PrivateJwk): Promise<{ kid: string; key: CryptoKey }> {
  const { x, kid } = await demandOurs({ ...jwk });
  if (!isBytes32(jwk.d)) throw malformed('its d is not 32 bytes in base64url');
  return { kid, key: await ed25519({ x, d: jwk.d }) };
}

async function demandOurs({ x, kid, use, alg }: Readonly<Record<string, unknown>>): Promise<{ x: string; kid: string }> {
  if (!isBytes32(x)) throw malformed('its x is not 32 bytes in base64url');
  if (use !== 'sig' || alg !== 'EdDSA') throw malformed("it is not for use 'sig' with alg 'EdDSA'");
  // A kid that anybody can check cannot be given to two keys.
  if (kid !== (await thumbprint(x))) throw malformed('its kid is not its thumbprint');
  return { x, kid };
}

async function ed25519(half: { x: string; d?: string }): Promise<CryptoKey> {
  try {
    return (await importJWK({ kty: 'OKP', crv: 'Ed25519', ...half }, 'EdDSA', { extractable: false })) as CryptoKey;
  } catch (cause) {
    throw malformed('its numbers are no Ed25519 key', cause);
  }
}

function isBytes32(value: unknown): value is string {
  return typeof value === 'string' && decodeBase64url(value)?.length === 32;
}

function malformed(why: string, cause?: unknown): Fault {
  return Fault.permanent('key-malformed', `a signing key cannot be used: ${why}; read the keys again from auth`, { cause });
}
