import { bech32Checksum, crc16, crc62 } from '../src/checksum';

const ALPHABETS: Readonly<Record<string, string>> = {
  base62: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  base36: '0123456789abcdefghijklmnopqrstuvwxyz',
  BASE36: '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
  base64url: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  lower32: 'abcdefghijklmnopqrstuvwxyz234567',
  hex: '0123456789abcdef',
  HEX: '0123456789ABCDEF',
  digits: '0123456789',
  letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  same: 'a',
  SAME: 'A',
};

// Plain words that no example uses for anything else.
const WORDS = ['penguin', 'walrus', 'kestrel', 'CircleOfLife', 'saweeeet'];

/** Chance that can be repeated: a linear congruential generator (Numerical Recipes), values from 0 to below `limit`. */
export function chanceOf(seed: number): (limit: number) => number {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
}

/** An example as a text: `<<base62 36>>` becomes 36 characters, `<<pem RSA>>` a key, and so on. Secrets are made here and stand nowhere. */
export function expand(template: string, seed: number): string {
  const chance = chanceOf(seed);
  return template.replace(/<<([\w-]+)(?: (\w+))?>>/g, (_all, kind: string, argument: string | undefined) => generate(kind, argument ?? '', chance));
}

/** Random characters of an alphabet; letters, digits and cases all occur where there is room for them. */
export function characters(kind: string, length: number, chance: (limit: number) => number): string {
  const alphabet = ALPHABETS[kind];
  if (alphabet === undefined) throw new Error(`no alphabet '${kind}'`);
  for (;;) {
    const text = Array.from({ length }, () => alphabet[chance(alphabet.length)]).join('');
    if (length < 9 || kind === 'digits' || kind.toLowerCase() === 'same' || isMixed(text, kind)) return text;
  }
}

function isMixed(text: string, kind: string): boolean {
  return (kind === 'letters' || /\d/.test(text)) && /[a-z]/i.test(text);
}

function generate(kind: string, argument: string, chance: (limit: number) => number): string {
  const length = Number(argument);
  const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
  const url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  switch (kind) {
    case 'crc62': {
      const random = characters('base62', length, chance);
      return random + crc62(random);
    }
    case 'granary-key': {
      const random = `${characters('base62', 16, chance)}_${characters('base62', length, chance)}`;
      return random + crc62(random);
    }
    case 'uuid':
      return [8, 4, 4, 4, 12].map((part) => characters('hex', part, chance)).join('-');
    case 'pem':
      return pem(argument, chance, '\n');
    case 'escaped-pem':
      return pem(argument, chance, '\\n');
    case 'word':
      return WORDS[chance(WORDS.length)] ?? '';
    case 'row':
      return '1234567890'.slice(0, length);
    case 'weak-basic':
      return base64(`john:welcome${characters('digits', length, chance)}`);
    case 'joined-pem':
      return pem(argument, chance, "\\n' +\n  '");
    case 'commented-pem':
      return pem(argument, chance, '\n// ').replace('-----BEGIN', '// -----BEGIN');
    case 'der':
      return der(argument, chance);
    case 'base64-of-pem':
      return base64(pem(argument, chance, '\n'));
    case 'encrypted-pem':
      return pem('RSA', chance, '\n').replace('KEY-----\n', `KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${characters('HEX', 32, chance)}\n\n`);
    case 'pgp':
      return `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\n${lines(characters('base64', 900, chance), '\n')}\n=${characters('base64', 4, chance)}\n-----END PGP PRIVATE KEY BLOCK-----`;
    case 'age': {
      const data = Array.from({ length: 52 }, () => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'[chance(32)]).join('');
      return `age-secret-key-1${data}${bech32Checksum('age-secret-key-', data)}`.toUpperCase();
    }
    case 'nkey': {
      const type = { SUA: [0x95, 0x00], SAA: [0x90, 0x00] }[argument] ?? [];
      const bytes = [...type, ...Array.from({ length: 32 }, () => chance(256))];
      const sum = crc16(bytes);
      return base32([...bytes, sum & 0xff, sum >> 8]);
    }
    case 'basic':
      return base64(`deploy:${characters('base62', length, chance)}`);
    case 'base64-of-password':
      return base64(`${characters('base62', length, chance)}!4`);
    case 'json':
      return base64(JSON.stringify({ iat: 1_700_000_000, url: 'https://host.io', id: characters('base62', length, chance) })).replace(/^eyJ|=+$/g, '');
    case 'json-k':
      return base64(JSON.stringify({ k: characters('base62', length, chance), n: 'ci', id: 1 })).replace(/^eyJrIjoi|=+$/g, '');
    case 'jwt':
      return jwt({ sub: characters('hex', 12, chance), iat: 1_700_000_000 }, chance, url);
    case 'demo-jwt':
      return jwt({ sub: '1234567890', name: 'John Doe', iat: 1_516_239_022 }, chance, url);
    case 'nats-jwt':
      return jwt({ sub: `U${characters('base32', 55, chance)}`, iat: 1_700_000_000, nats: { type: 'user' } }, chance, url, 'ed25519-nkey');
    case 'supabase-jwt':
      return jwt({ iss: 'supabase', ref: characters('base36', 20, chance), role: 'service_role', iat: 1_700_000_000 }, chance, url);
    case 'supabase-anon-jwt':
      return jwt({ iss: 'supabase', ref: characters('base36', 20, chance), role: 'anon', iat: 1_700_000_000 }, chance, url);
    default:
      return characters(kind, length, chance);
  }
}

// What stands before the random part of a key of 2,048 bits (RFC 8017, RFC 5958), or on P-256 (RFC 5915).
function der(kind: string, chance: (limit: number) => number): string {
  const random = (length: number): Buffer => Buffer.from(Array.from({ length }, () => chance(256)));
  const long = (body: Buffer): Buffer => Buffer.concat([Buffer.from([0x30, 0x82, body.length >> 8, body.length & 0xff]), body]);
  if (kind === 'EC') return Buffer.concat([Buffer.from('30770201010420', 'hex'), random(114)]).toString('base64');
  const head = Buffer.from(kind === 'RSA' ? '0201000282010100' : '020100300d06092a864886f70d01010105000482', 'hex');
  return long(Buffer.concat([head, random((kind === 'RSA' ? 1_188 : 1_214) - head.length)])).toString('base64');
}

function base32(bytes: readonly number[]): string {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.replace(/.{1,5}/g, (five) => ALPHABETS['base32']?.[parseInt(five.padEnd(5, '0'), 2)] ?? '');
}

function jwt(payload: unknown, chance: (limit: number) => number, url: (value: unknown) => string, alg = 'HS256'): string {
  return `${url({ alg, typ: 'JWT' })}.${url(payload)}.${characters('base64url', 43, chance)}`;
}

function pem(kind: string, chance: (limit: number) => number, newline: string): string {
  const label = kind === '' ? 'PRIVATE KEY' : `${kind} PRIVATE KEY`;
  const openssh = Buffer.from('openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none', 'latin1').toString('base64').slice(0, 40);
  const body = (kind === 'OPENSSH' ? openssh : 'MIIEpAIBAAKCAQEA') + characters('base64', kind === 'EC' ? 140 : 800, chance);
  return [`-----BEGIN ${label}-----`, ...lines(body, '\n').split('\n'), `-----END ${label}-----`, ''].join(newline);
}

function lines(text: string, newline: string): string {
  return text.replace(/(.{64})/g, `$1${newline}`);
}
