// Keys and notes that other implementations publish with their tests.
import { openNote, openNoteSigner, signNote } from './note';
import { formatVkey, noteKey, parseVkey } from './note-key';

const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETERS = '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCHS = '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const NOTE = `${TEXT}\n${PETERS}`;
const keys = [PETER, ENOCH].map(parseVkey);

it.each([PETER, ENOCH, 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k', 'TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6'])('reads the key %s and writes it back', (vkey) => {
  expect(formatVkey(parseVkey(vkey))).toBe(vkey);
});

it.each([
  ['nothing', '', 'is no key'],
  ['no id', 'PeterNeumann+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'is no key'],
  ['another id', PETER.replace('c74f20a3', 'c74f20a4'), 'does not have the id c74f20a4 but c74f20a3: a character may be mistyped'],
  ['another name', PETER.replace('Peter', 'Petra'), 'a character may be mistyped'],
  ['a name with a space', PETER.replace('PeterN', 'Peter N'), 'cannot be the name of a key'],
  ['no name', PETER.replace('PeterNeumann', ''), 'cannot be the name of a key'],
  ['capital digits', PETER.replace('c74f20a3', 'C74F20A3'), 'is no key'],
  ['spare bits', PETER.replace('TW', 'TX=='), 'is no key'],
  ['a line break', `${PETER}\n`, 'is no key'],
  ['a witness of another kind', 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2', 'not for Ed25519'],
  ['a short key', 'a+00000000+AQI=', 'a public key has 32 bytes, not 1'],
])('refuses a key with %s', (_what, vkey, why) => {
  expect(() => parseVkey(vkey)).toThrow(why);
});

it('signs as others do', () => {
  // As it is published: a byte for the kind, then the seed.
  const seed = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
  const signer = openNoteSigner('PeterNeumann', seed);
  expect(formatVkey(signer.key)).toBe(PETER);
  expect(signNote(TEXT, [signer])).toBe(NOTE);
});

it('has keys of 32 bytes only', () => {
  expect(() => openNoteSigner('a', Buffer.alloc(31))).toThrow('a private key has 32 bytes, not 31');
  expect(() => noteKey('a', Buffer.alloc(33))).toThrow('a public key has 32 bytes, not 33');
});

it('opens a note by each key that is trusted', () => {
  expect(openNote(NOTE, keys)).toEqual({ text: TEXT, keys: [keys[0]] });
  expect(openNote(`${TEXT}\n${PETERS}${ENOCHS}`, keys)).toEqual({ text: TEXT, keys });
  expect(openNote(`${TEXT}\n${ENOCHS}${PETERS}`, keys.slice(0, 1)).keys).toEqual([keys[0]]);
});

it('takes the last empty line for the end of the text', () => {
  const signer = openNoteSigner('a.example/log', Buffer.alloc(32, 7));
  const text = 'one\n\ntwo\n';
  expect(openNote(signNote(text, [signer]), [signer.key]).text).toBe(text);
});

it.each([
  ['another text', NOTE.replace('crypto', 'steno'), 'note-forged', 'text or signature were changed'],
  ['a signature of something else', `${TEXT}\n${ENOCHS.replace('rwz+eB', 'rwz+eC')}`, 'note-forged', 'the signature of EnochRoot+af0cfe78'],
  ['a shorter signature', `${TEXT}\n— PeterNeumann x08gowEC\n`, 'note-forged', 'PeterNeumann'],
  ['a key that nobody trusts', `${TEXT}\n${PETERS.replace('PeterNeumann', 'SomebodyElse')}`, 'note-unsigned', 'it is signed by SomebodyElse+c74f20a3'],
  ['no signature', TEXT, 'note-malformed', 'no empty line'],
  ['an empty list of signatures', `${TEXT}\n`, 'note-malformed', '0 signatures'],
  ['no line break at its end', NOTE.slice(0, -1), 'note-malformed', 'line break'],
  ['a line that is no signature', `${TEXT}\nPeter\n`, 'note-malformed', "the line 'Peter' is no signature"],
  ['a signature without bytes', `${TEXT}\n— Peter x08goA==\n`, 'note-malformed', 'is no signature'],
  ['a carriage return', NOTE.replace('\n', '\r\n'), 'note-malformed', 'control characters'],
  ['half a character', `\ud800${NOTE}`, 'note-malformed', 'no Unicode'],
  ['a flood of signatures', `${TEXT}\n${PETERS.repeat(101)}`, 'note-malformed', '101 signatures'],
  ['a million characters', `${'x'.repeat(1_000_000)}\n\n${PETERS}`, 'note-malformed', 'longer than'],
])('refuses a note with %s', (_what, note, code, why) => {
  expect(() => openNote(note, keys)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(why) }));
});
