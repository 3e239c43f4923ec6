import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Credentials } from '@granary/git';

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts credentials with AES-256-GCM: nonce, ciphertext, tag. They open only for the repository that they were sealed for.
 * @param nonce 12 random bytes, never used twice with one key
 */
export function seal(credentials: Credentials, repositoryId: string, key: Buffer, nonce: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(repositoryId));
  const text = Buffer.concat([cipher.update(JSON.stringify(credentials), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, text, cipher.getAuthTag()]);
}

/** The credentials, or null when they were sealed with another key, for another repository, or changed since. */
export function unseal(sealed: Buffer, repositoryId: string, key: Buffer): Credentials | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(repositoryId));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8')) as Credentials;
  } catch {
    return null;
  }
}
