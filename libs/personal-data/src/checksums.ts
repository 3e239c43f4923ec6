/** Whether a string of digits passes the check of payment cards (ISO/IEC 7812-1, annex B). */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** The remainder of an IBAN by 97 (ISO 7064), letters counted from A = 10; a valid one leaves 1. `iban` is upper case, without spaces. */
export function ibanRemainder(iban: string): number {
  let remainder = 0;
  for (let i = 0; i < iban.length; i++) {
    const code = iban.charCodeAt((i + 4) % iban.length);
    const value = code < 58 ? code - 48 : code - 55;
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}

/** Verhoeff's check, as Aadhaar numbers use it: multiplication in the dihedral group of order ten, positions permuted. */
export function verhoeff(digits: string): boolean {
  let check = 0;
  for (let i = 0; i < digits.length; i++) {
    check = dihedral(check, permuted(digits.charCodeAt(digits.length - 1 - i) - 48, i % 8));
  }
  return check === 0;
}

function dihedral(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5;
  return b < 5 ? ((a - b + 5) % 5) + 5 : (a - b + 5) % 5;
}

const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

function permuted(digit: number, times: number): number {
  let result = digit;
  for (let i = 0; i < times; i++) result = PERMUTATION[result] ?? 0;
  return result;
}

/** The letter of a Spanish DNI, or of a NIE whose first letter was replaced by its digit. */
export const dniLetter = (number: number): string => 'TRWAGMYFPDXBNJZSQVHLCKE'.charAt(number % 23);

/** Both check digits of a Brazilian CPF of eleven digits. */
export function cpf(digits: string): boolean {
  return cpfDigit(digits, 9) === digits.charCodeAt(9) - 48 && cpfDigit(digits, 10) === digits.charCodeAt(10) - 48;
}

function cpfDigit(digits: string, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (digits.charCodeAt(i) - 48) * (count + 1 - i);
  return ((sum * 10) % 11) % 10;
}

/**
 * A German tax identification number (Steuer-IdNr.) of eleven digits: check digit by ISO 7064 MOD 11,10, and among the first ten
 * digits exactly one occurs more than once, namely two or three times.
 */
export function germanTaxId(digits: string): boolean {
  if (digits.startsWith('0')) return false;
  const counts = new Array<number>(10).fill(0);
  let product = 10;
  for (let i = 0; i < 10; i++) {
    const digit = digits.charCodeAt(i) - 48;
    counts[digit] = (counts[digit] ?? 0) + 1;
    const sum = (digit + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  const repeated = counts.filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3 && (11 - product) % 10 === digits.charCodeAt(10) - 48;
}
