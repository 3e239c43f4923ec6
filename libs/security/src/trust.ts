import type { CryptoKey } from 'jose';
import { importPublicJwk } from './jwk';

/** What auth says about whom to believe. */
export interface TrustDocument {
  readonly issuer: string;
  /** The members of the JWK Set. */
  readonly keys: readonly object[];
  /** Sessions and API keys (`sid`), or single tokens (their `jti`), whose tokens are no longer good although they have not expired. */
  readonly revoked: readonly { readonly sid: string }[];
}

/** A trust document, ready to verify with. */
export interface Trust {
  readonly issuer: string;
  /** By kid. A map and exact strings: a kid is never a path, a query or a pattern. */
  readonly keys: ReadonlyMap<string, CryptoKey>;
  readonly revoked: ReadonlySet<string>;
  /** When it was asked for, by the clock of who asked. */
  readonly readAt: Date;
}

/** How old a trust document may be, in milliseconds: what was revoked longer ago is certainly known. */
export const TRUST_LIFE = 60_000;

/**
 * A trust document made ready. `readAt` is the moment before the question was sent, by the own clock, so that neither the way nor
 * a difference of clocks makes it look younger.
 * @throws Fault `key-malformed` when one of its Ed25519 keys is not what it says; keys of other kinds are left out.
 */
export async function openTrust({ issuer, keys, revoked }: TrustDocument, readAt: Date): Promise<Trust> {
  const ours = await Promise.all(keys.map((jwk) => importPublicJwk({ ...jwk })));
  return {
    issuer,
    keys: new Map(ours.flatMap((key) => (key ? [[key.kid, key.key] as const] : []))),
    revoked: new Set(revoked.map(({ sid }) => sid)),
    readAt,
  };
}
