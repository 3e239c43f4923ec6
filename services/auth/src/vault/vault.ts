import { createHmac } from 'node:crypto';
import { seal, unseal } from '@granary/security';
import type { PrivateJwk } from '@granary/security';

/** Keeps private keys closed, and names that may be passwords unreadable. */
export interface Vault {
  seal(key: PrivateJwk): Buffer;
  /** Null when it was sealed with another key, or changed since. */
  open(kid: string, sealed: Buffer): PrivateJwk | null;
  /** A keyed hash: the same for the same text, and of no use to whoever reads it. */
  hash(text: string): string;
}

/** @param key 32 random bytes of this installation */
export function createVault(key: Buffer, randomBytes: (count: number) => Buffer): Vault {
  // Two uses, two keys.
  const [sealing, hashing] = ['seal', 'hash'].map((use) => createHmac('sha256', key).update(`granary auth ${use}`).digest()) as [Buffer, Buffer];
  return {
    seal: (jwk) => seal(jwk, jwk.kid, sealing, randomBytes),
    open: (kid, sealed) => unseal(sealed, kid, sealing) as PrivateJwk | null,
    hash: (text) => createHmac('sha256', hashing).update(text).digest('hex'),
  };
}
