import type { Refusal } from './refusal';

/** In characters, after normalisation. NIST SP 800-63B asks for 8 at least and 64 at most at least; longer is safer than stranger. */
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 256;

/** UTF-16 code units before normalisation, which may make 18 characters of one: what is longer is not normalised at all. */
const LONGEST_INPUT = 1024;

/** The one form of a password that is hashed: NFKC (Unicode UAX 15), so that every keyboard's way of writing it counts as the same. */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

/** Whether a password is short enough and well formed enough to be worth hashing. */
export function isHashable(password: string): boolean {
  return password.length <= LONGEST_INPUT && password.isWellFormed();
}

/** Why a new password is not accepted, or null. Length is the only measure, apart from the principal's own name. */
export function whyNotPassword(password: string, name: string): Refusal | null {
  if (!password.isWellFormed()) return { code: 'password-malformed', message: 'the password has half a character in it; type it again' };
  if (!isHashable(password)) return tooLong();
  const normal = normalizePassword(password);
  const length = [...normal].length;
  if (length > LONGEST_PASSWORD) return tooLong();
  if (length < SHORTEST_PASSWORD) return { code: 'password-too-short', message: `the password has ${length} characters, and short ones are found by trying; take at least ${SHORTEST_PASSWORD}, for instance four words` };
  if (folded(normal) === folded(name)) return { code: 'password-is-name', message: 'the password is the name, which is tried first; take something else' };
  return null;
}

function tooLong(): Refusal {
  return { code: 'password-too-long', message: `the password is longer than ${LONGEST_PASSWORD} characters; take a shorter one` };
}

function folded(text: string): string {
  return normalizePassword(text).toLowerCase().trim();
}
