import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { Fault } from '@granary/faults';
import { decodeBase64 } from './base64';

/** The public half of a key that signs notes: Ed25519, known by its name and the first bytes of its hash. */
export interface NoteKey {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  /** 32 bytes (RFC 8032). */
  readonly publicKey: Buffer;
}

/** The type of Ed25519 signatures (C2SP signed-note). */
const ED25519 = Buffer.of(1);
const KEY_BYTES = 32;

/**
 * Faults: `key-malformed` when the name is empty or has white space or `+`, or the key has not 32 bytes.
 */
export function noteKey(name: string, publicKey: Uint8Array): NoteKey {
  if (!isKeyName(name)) throw malformed(`'${name}' cannot be the name of a key: it needs characters, and neither white space nor '+'`);
  if (publicKey.length !== KEY_BYTES) throw malformed(`a public key has ${KEY_BYTES} bytes, not ${publicKey.length}`);
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ED25519, publicKey]), 'buffer').toString('hex', 0, 4);
  return { name, id, publicKey: Buffer.from(publicKey) };
}

/** As text: name, id and key with `+` in between (the verifier key of C2SP signed-note). */
export function formatVkey({ name, id, publicKey }: NoteKey): string {
  return `${name}+${id}+${Buffer.concat([ED25519, publicKey]).toString('base64')}`;
}

/**
 * Faults: `key-malformed`, also when the id is not that of the key, so that a mistyped key is never trusted.
 */
export function parseVkey(text: string): NoteKey {
  const parts = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/.exec(text);
  const [, name = '', id = '', encoded = ''] = parts ?? [];
  const bytes = decodeBase64(encoded);
  if (parts === null || bytes === null) throw malformed(`'${shorten(text)}' is no key: it has to be <name>+<eight hexadecimal digits>+<base64>, as keys.txt and 'granary audit keys' show it`);
  if (bytes[0] !== ED25519[0]) throw malformed(`the key '${shorten(text)}' is not for Ed25519, the only kind that is known here`);
  const key = noteKey(name, bytes.subarray(1));
  if (key.id !== id) throw malformed(`the key '${shorten(text)}' does not have the id ${id} but ${key.id}: a character may be mistyped`);
  return key;
}

/** Neither empty nor with white space or `+`, which separate names from what follows (C2SP signed-note). */
export function isKeyName(name: string): boolean {
  // Control characters are refused in whole notes, so a name cannot have them either.
  return name !== '' && !/[\s+\p{Cc}]/u.test(name) && name.isWellFormed();
}

export function publicKeyObject({ publicKey }: NoteKey): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }, format: 'jwk' });
}

function malformed(message: string): Fault {
  return Fault.permanent('key-malformed', message);
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
