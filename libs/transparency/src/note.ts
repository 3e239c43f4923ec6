import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { Fault } from '@granary/faults';
import { decodeBase64 } from './base64';
import { isKeyName, noteKey, publicKeyObject, type NoteKey } from './note-key';

/** What signs notes. */
export interface NoteSigner {
  readonly key: NoteKey;
  /** Ed25519 over the UTF-8 of the text (RFC 8032), 64 bytes. */
  sign(text: string): Buffer;
}

/** Bytes of a private key. */
export const SEED_BYTES = 32;
/** A private Ed25519 key in PKCS #8 (RFC 8410): this, then the seed. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * A signer from its private key.
 * @param seed 32 random bytes, kept secret
 * Faults: `key-malformed`.
 */
export function openNoteSigner(name: string, seed: Uint8Array): NoteSigner {
  if (seed.length !== SEED_BYTES) throw Fault.permanent('key-malformed', `a private key has ${SEED_BYTES} bytes, not ${seed.length}`);
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { key: noteKey(name, Buffer.from(x, 'base64url')), sign: (text) => sign(null, Buffer.from(text), privateKey) };
}

/** A text with the signatures of these, in their order (C2SP signed-note). The text ends in a line break. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  const lines = signers.map((signer) => `${DASH} ${signer.key.name} ${Buffer.concat([Buffer.from(signer.key.id, 'hex'), signer.sign(text)]).toString('base64')}\n`);
  return `${text}\n${lines.join('')}`;
}

export interface OpenedNote {
  /** What was signed, with its last line break. */
  text: string;
  /** Whose signatures were checked and hold. */
  keys: NoteKey[];
}

const DASH = '\u2014';
/** As many signatures as a reader has to take, and more characters than any note of ours has. */
const [MOST_SIGNATURES, LONGEST] = [100, 1_000_000];

/**
 * Reads a signed note and checks it by keys that the reader trusts; signatures of others are ignored (C2SP signed-note).
 * Faults: `note-malformed`; `note-unsigned` when none of the keys signed it; `note-forged` when a signature of one of
 * them is wrong.
 */
export function openNote(note: string, trusted: readonly NoteKey[]): OpenedNote {
  const { text, signatures } = splitNote(note);
  const keys: NoteKey[] = [];
  for (const { name, id, signature } of signatures) {
    const key = trusted.find((one) => one.name === name && one.id === id);
    if (key === undefined) continue;
    if (!verify(null, Buffer.from(text), publicKeyObject(key), signature)) throw Fault.permanent('note-forged', `the signature of ${name}+${id} is not one of this text: text or signature were changed`);
    keys.push(key);
  }
  if (keys.length === 0) {
    const by = signatures.map(({ name, id }) => `${name}+${id}`).join(', ');
    throw Fault.permanent('note-unsigned', `none of the keys that are trusted signed this; it is signed by ${by}`);
  }
  return { text, keys };
}

interface Signature {
  name: string;
  id: string;
  signature: Buffer;
}

function splitNote(note: string): { text: string; signatures: Signature[] } {
  if (note.length > LONGEST) throw malformed(`it is longer than ${LONGEST} characters`);
  if (!note.isWellFormed() || /[\0-\t\v-\x1f]/.test(note)) throw malformed('it has control characters, or is no Unicode');
  // Behind the last empty line there are signatures and nothing else.
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n')) throw malformed('it has no empty line between text and signatures, or does not end in a line break');
  const lines = note.slice(end + 2).split('\n').slice(0, -1);
  if (lines.length === 0 || lines.length > MOST_SIGNATURES) throw malformed(`it has ${lines.length} signatures`);
  return { text: note.slice(0, end + 1), signatures: lines.map(readSignature) };
}

function readSignature(line: string): Signature {
  const [dash, name = '', encoded = '', ...rest] = line.split(' ');
  const bytes = decodeBase64(encoded);
  if (dash !== DASH || rest.length > 0 || !isKeyName(name) || bytes === null || bytes.length < 5) throw malformed(`the line '${line.slice(0, 100)}' is no signature`);
  return { name, id: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
}

function malformed(why: string): Fault {
  return Fault.permanent('note-malformed', `this is no signed note: ${why}`);
}
