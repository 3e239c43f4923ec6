import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** `count` bytes of chance. */
export type Random = (count: number) => Uint8Array;

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** The largest multiple of 62 in a byte. Bytes from here on are thrown away, or the first eight characters would come more often. */
const FAIR = 248;

/** Random characters of 0–9, A–Z, a–z, each equally likely: 5.95 bits each, so 43 make 256. */
export function randomBase62(length: number, random: Random = randomBytes): string {
  let text = '';
  while (text.length < length) {
    for (const byte of random(length - text.length)) if (byte < FAIR) text += BASE62[byte % 62];
  }
  return text;
}

/** A number in base 62, with zeros before it. */
export function toBase62(value: number, length: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) digits = (BASE62[rest % 62] ?? '') + digits;
  return digits.padStart(length, '0');
}

/**
 * What is kept of a secret that we made: `sha256:` and hexadecimal digits. Only for secrets of 256 random bits: nobody can guess
 * those, so a slow hash with a salt, as passwords need, would add nothing but time to each request.
 */
export function hashSecret(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex')}`;
}

/** Whether a secret is the one whose hash was kept. Takes as long for a near miss as for a far one. */
export function secretMatches(secret: string, kept: string): boolean {
  const [expected, given] = [Buffer.from(kept), Buffer.from(hashSecret(secret))];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
