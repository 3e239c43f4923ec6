import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from './opaque-secret';

/** Bytes of a key that seals. */
export const SEAL_KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a JSON value by AES-256-GCM (NIST SP 800-38D): nonce, ciphertext, tag.
 * @param context what it belongs to, such as an id: it opens for nothing else
 * @param random for the nonce, which is never used twice with one key
 */
export function seal(value: unknown, context: string, key: Uint8Array, random: Random): Buffer {
  const nonce = random(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, text, cipher.getAuthTag()]);
}

/** The value, or null when it was sealed with another key, for something else, or changed since. */
export function unseal(sealed: Buffer, context: string, key: Uint8Array): unknown {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8'));
  } catch {
    return null;
  }
}
