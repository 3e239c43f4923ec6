import type { Candidate, Verdict } from '../rule';

const LEAST_CHARACTERS = 56;
// What the first bytes of every unencrypted key look like in Base64: a DER sequence, or the OpenSSH magic.
const DER_OR_OPENSSH = /^(?:M[A-Z]|b3BlbnNzaC1rZXkt)/;

/** A private key in PEM or PGP armour with a body that can be one; encrypted keys are another rule's. */
export function clearPrivateKey(candidate: Candidate): Verdict {
  if (isEncrypted(candidate.value)) return 'no';
  if (isCutOff(candidate)) return 'example';
  return hasKeyBody(candidate.value) ? 'secret' : 'example';
}

/** The same, of keys that need a passphrase. */
export function encryptedPrivateKey(candidate: Candidate): Verdict {
  if (!isEncrypted(candidate.value)) return 'no';
  return keyBody(candidate.value).length >= LEAST_CHARACTERS ? 'secret' : 'example';
}

/** A key inside another layer of Base64, as Kubernetes and CI settings carry it. */
export function encodedPrivateKey({ value }: Candidate): Verdict {
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  if (!/^-{5}BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY/.test(decoded)) return 'no';
  return keyBody(decoded).length >= LEAST_CHARACTERS ? 'secret' : 'example';
}

/**
 * A private key without armour: PKCS #1 (RFC 8017), SEC 1 (RFC 5915) or PKCS #8 (RFC 5958) in Base64. All begin with a
 * sequence as long as all of it, and a version of one byte.
 */
export function derPrivateKey({ value }: Candidate): Verdict {
  const bytes = Buffer.from(value, 'base64');
  const start = [2, 3, 4].find((at) => bytes[at] === 0x02 && bytes[at + 1] === 1);
  if (bytes[0] !== 0x30 || start === undefined || sequenceEnd(bytes) !== bytes.length) return 'no';
  const next = bytes[start + 3];
  const isKey = bytes[start + 2] === 0 ? next === 0x30 || (next === 0x02 && bytes.length > 300) : bytes[start + 2] === 1 && next === 0x04;
  return isKey ? 'secret' : 'no';
}

// Where the outer sequence ends by its own length; 0 when that is written in no usual way.
function sequenceEnd(bytes: Buffer): number {
  const [, length = 0] = bytes;
  if (length < 0x80) return 2 + length;
  if (length === 0x81) return 3 + (bytes[2] ?? 0);
  return length === 0x82 && bytes.length > 4 ? 4 + bytes.readUInt16BE(2) : 0;
}

/** `d` of an asymmetric JSON Web Key, `k` of a symmetric one (RFC 7518). */
export function privateJsonWebKey({ match, text }: Candidate): Verdict {
  if (match.groups?.['name'] === 'd') return (match.groups['secret'] ?? '').length >= 42 ? 'secret' : 'no';
  return /kty[\\"']{0,3}\s{0,3}:\s{0,3}[\\"']{1,3}oct/.test(text.slice(Math.max(0, match.index - 400), match.index + match[0].length + 400)) ? 'secret' : 'no';
}

/** The characters of the key alone, without armour, line ends and the marks of the string it stands in. */
export function keyBody(value: string): string {
  return value
    .replace(/-{5}[^-]{1,60}-{5}/g, ' ')
    .replace(/(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset): ?[^\r\n\\]{0,120}/g, ' ')
    .replace(/\\+[nrt]/g, '')
    // Strings put together by `+`, and comments of two strokes.
    .replace(/["']\s{0,200}\+\s{0,200}["']/g, ' ')
    .replace(/^\s{0,200}\/\/(?=\s)/gm, ' ')
    .replace(/[^A-Za-z0-9+/=]/g, '');
}

// `MIIEvg…` and then three points: documentation.
function isCutOff({ value, match, text }: Candidate): boolean {
  return !value.endsWith('-----') && /^\s{0,8}(?:\.\.|\u00e2\u0080\u00a6|\[|<|\*)/.test(text.slice(match.index + value.length, match.index + value.length + 16));
}

function hasKeyBody(value: string): boolean {
  const body = keyBody(value);
  if (body.length < LEAST_CHARACTERS || new Set(body).size < 20) return false;
  return /PGP|SSH2/.test(value.slice(0, 60)) || DER_OR_OPENSSH.test(body);
}

function isEncrypted(value: string): boolean {
  if (/^-{5}BEGIN ENCRYPTED|Proc-Type: ?4, ?ENCRYPTED/.test(value.slice(0, 200))) return true;
  // In OpenSSH's format the name of the cipher follows the magic; `none` means that there is none.
  if (!value.startsWith('-----BEGIN OPENSSH')) return false;
  const start = Buffer.from(keyBody(value).slice(0, 60), 'base64').toString('latin1');
  return start.startsWith('openssh-key-v1') && !start.slice(15).startsWith('\0\0\0\x04none');
}
