/** Tests of single bytes by table: the loops over every byte of every blob stand on them. */
export const WORD = 1;
/** May stand inside the local part of an address. */
export const LOCAL = 2;
/** May stand inside a domain. */
export const DOMAIN = 4;
/** May stand between the groups of a number. */
export const SEPARATOR = 8;

const CLASSES = new Uint8Array(256);

function mark(characters: string, flag: number): void {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    CLASSES[code] = (CLASSES[code] ?? 0) | flag;
  }
}

const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
mark(DIGITS + LETTERS + '_', WORD);
mark(DIGITS + LETTERS + '._+-', LOCAL);
mark(DIGITS + LETTERS + '.-', DOMAIN);
mark(' -.()/', SEPARATOR);

export const is = (byte: number | undefined, flag: number): boolean => byte !== undefined && ((CLASSES[byte] ?? 0) & flag) !== 0;
export const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
export const isCapital = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x41 && byte <= 0x5a;

const code = (character: string): number => character.charCodeAt(0);
const GLUE_LEFT = new Set(['.', '-', '#', '/', '\\', '%', '&', '@', '+'].map(code));
const GLUE_RIGHT = new Set(['/', '%', '@', '\\'].map(code));
const JOINTS = new Set(['.', '-', '+'].map(code));

/** Whether a number could begin here: nothing before it makes it a part of a name, a fraction, a path or a hash. */
export function beginsAt(content: Buffer, start: number): boolean {
  const before = content[start - 1];
  return before === undefined || !(is(before, WORD) || GLUE_LEFT.has(before));
}

/** Whether a number could end here. A dot or dash may follow it, but not one that something else follows. */
export function endsAt(content: Buffer, end: number): boolean {
  const after = content[end];
  if (after === undefined) return true;
  if (is(after, WORD) || GLUE_RIGHT.has(after)) return false;
  return !(JOINTS.has(after) && is(content[end + 1], WORD));
}
