import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { importPrivateJwk, thumbprint, type PrivateJwk, type PublicJwk } from './jwk';

/** What signs access tokens. */
export interface Signer {
  readonly kid: string;
  /** Private and not extractable. */
  readonly key: CryptoKey;
}

/** A new Ed25519 pair (RFC 8037), to be kept where only auth reads it. Its kid is its thumbprint. */
export async function generateSigningKey(): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x = '', d = '' } = await exportJWK(privateKey);
  return { kty: 'OKP', crv: 'Ed25519', x, kid: await thumbprint(x), use: 'sig', alg: 'EdDSA', d };
}

/** @throws Fault `key-malformed` when what was kept is no longer such a key. */
export function openSigner(key: PrivateJwk): Promise<Signer> {
  return importPrivateJwk(key);
}

/** The JWK Set that is published (RFC 7517 section 5): the public members by name, so that nothing else can slip through. */
export function jwksOf(keys: readonly PublicJwk[]): { readonly keys: readonly PublicJwk[] } {
  return { keys: keys.map(({ kty, crv, x, kid, use, alg }) => ({ kty, crv, x, kid, use, alg })) };
}
