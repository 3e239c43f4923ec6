import { bech32Checksum, crc16, crc62, hasBech32, hasCrc16, hasCrc62 } from './checksum';

it('knows the checksum of the token that GitHub published', () => {
  const random = ['zQWBuTSOoRi4A9sp', 'HcVY5ncnsDkxkJ'].join('');
  expect(crc62(random)).toBe(['0mL', 'q17'].join(''));
  expect(hasCrc62(random + crc62(random))).toBe(true);
  expect(hasCrc62(`${random}0mLq18`)).toBe(false);
});

// Valid and broken examples of BIP 173.
it.each([
  ['A12UEL5L', true], ['a12uel5l', true], ['abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw', true], ['split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w', true],
  ['split1checkupstagehandshakeupstreamerranterredcaperredlc445v', false], ['A12UEL5M', false], ['nodivider', false], ['1qzzfhee', false], ['x1b4n0q5v', false],
])('Bech32 %p: %p', (text, valid) => {
  expect(hasBech32(text)).toBe(valid);
});

it('makes Bech32 that it accepts', () => {
  expect(bech32Checksum('a', '')).toBe('2uel5l');
});

it('computes CRC-16/XMODEM', () => {
  expect(crc16([...Buffer.from('123456789')])).toBe(0x31c3);
  expect(hasCrc16('AAAA')).toBe(false);
  expect(hasCrc16('')).toBe(false);
});
