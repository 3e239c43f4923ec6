import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { PrivateJwk } from '@granary/security';

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

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
    seal: (jwk) => seal(jwk, sealing, randomBytes(NONCE_BYTES)),
    open: (kid, sealed) => unseal(sealed, kid, sealing),
    hash: (text) => createHmac('sha256', hashing).update(text).digest('hex'),
  };
}

/** AES-256-GCM: nonce, ciphertext, tag. It opens only as the key with that id. */
function seal(jwk: PrivateJwk, key: Buffer, nonce: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(jwk.kid));
  const text = Buffer.concat([cipher.update(JSON.stringify(jwk), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, text, cipher.getAuthTag()]);
}

function unseal(sealed: Buffer, kid: string, key: Buffer): PrivateJwk | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(kid));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8')) as PrivateJwk;
  } catch {
    return null;
  }
}
