const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Whether 58 characters of Base32 are a seed of NATS: the last two bytes are the CRC-16/XMODEM of what stands before them, which chance meets once in 65,536. */
export function isNkeySeed(text: string): boolean {
  const bytes = base32(text);
  const sum = bytes.at(-2) ?? 0;
  return crc16(bytes.slice(0, -2)) === sum + (bytes.at(-1) ?? 0) * 256;
}

function base32(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    value = ((value << 5) | ALPHABET.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return bytes;
}

function crc16(bytes: readonly number[]): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}
