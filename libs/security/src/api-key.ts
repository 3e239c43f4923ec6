import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { hashSecret, randomBase62, toBase62, type Random } from './opaque-secret';

/** An API key that was just made. The key itself is shown once and kept nowhere. */
export interface MadeApiKey {
  /** `gran_<id>_<secret><checksum>`: 16, 43 and 6 characters of base 62. */
  readonly key: string;
  /** Public: it names the key in lists, events and logs. */
  readonly id: string;
  /** What is kept, for `secretMatches`. */
  readonly hash: string;
}

const FORM = /^gran_([0-9A-Za-z]{16})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

/** A new API key: 95 random bits of id and 256 of secret. */
export function makeApiKey(random: Random = randomBytes): MadeApiKey {
  const id = randomBase62(16, random);
  const secret = randomBase62(43, random);
  return { key: `gran_${id}_${secret}${checksum(id, secret)}`, id, hash: hashSecret(secret) };
}

/**
 * The parts of an API key, or null for what cannot be one. The checksum is no protection: it tells a typing error from an unknown
 * key without asking the database, and lets scanners be sure of what they found (CRC-32 in base 62, as GitHub and npm write it).
 */
export function parseApiKey(text: string): { id: string; secret: string } | null {
  const [, id, secret, check] = FORM.exec(text) ?? [];
  if (!id || !secret || check !== checksum(id, secret)) return null;
  return { id, secret };
}

function checksum(id: string, secret: string): string {
  return toBase62(crc32(`${id}_${secret}`), 6);
}
