import { crc32 } from 'node:zlib';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** The six characters that GitHub and npm append to a token's random part: its CRC-32 in base 62 (0–9, A–Z, a–z). */
export function crc62(random: string): string {
  let rest = crc32(random);
  let digits = '';
  while (rest > 0) {
    digits = (BASE62[rest % 62] ?? '') + digits;
    rest = Math.floor(rest / 62);
  }
  return digits.padStart(6, '0');
}

/** Whether the last six characters are the checksum of those before them. */
export function hasCrc62(body: string): boolean {
  return crc62(body.slice(0, -6)) === body.slice(-6);
}

/** Whether a Bech32 string (BIP 173, any case) has a right checksum. Its length is not limited, as age's identities need it. */
export function hasBech32(text: string): boolean {
  const lower = text.toLowerCase();
  const split = lower.lastIndexOf('1');
  const values = [...lower.slice(split + 1)].map((character) => BECH32.indexOf(character));
  if (split < 1 || values.length < 6 || values.includes(-1)) return false;
  return polymod([...expand(lower.slice(0, split)), ...values]) === 1;
}

/** The six Bech32 characters that make `<prefix>1<data>` right. */
export function bech32Checksum(prefix: string, data: string): string {
  const values = [...data].map((character) => BECH32.indexOf(character));
  const rest = polymod([...expand(prefix), ...values, 0, 0, 0, 0, 0, 0]) ^ 1;
  return [25, 20, 15, 10, 5, 0].map((bits) => BECH32[(rest >>> bits) & 31]).join('');
}

/** Whether Base32 text (RFC 4648, upper case) ends with the CRC-16 (XMODEM, little endian) of the bytes before. */
export function hasCrc16(text: string): boolean {
  const bytes = base32Bytes(text);
  const body = bytes.slice(0, -2);
  return bytes.length > 2 && crc16(body) === (bytes.at(-2) ?? 0) + 256 * (bytes.at(-1) ?? 0);
}

/** CRC-16 with the polynomial 0x1021, from 0. */
export function crc16(bytes: readonly number[]): number {
  let rest = 0;
  for (const byte of bytes) {
    rest ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) rest = ((rest << 1) ^ (rest & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return rest;
}

function base32Bytes(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const character of text) {
    bits = (bits << 5) | BASE32.indexOf(character);
    held += 5;
    if (held < 8) continue;
    held -= 8;
    bytes.push((bits >>> held) & 0xff);
    bits &= (1 << held) - 1;
  }
  return bytes;
}

function expand(prefix: string): number[] {
  const codes = [...prefix].map((character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let rest = 1;
  for (const value of values) {
    const top = rest >>> 25;
    rest = ((rest & 0x1ffffff) << 5) ^ value;
    generator.forEach((term, bit) => {
      if ((top >>> bit) & 1) rest ^= term;
    });
  }
  return rest;
}
