import { cpf, dniLetter, germanTaxId, ibanRemainder, luhn, verhoeff } from '../src/checksums';
import { findPersonalData } from '../src/find';
import type { PersonalDataPathClass } from '../src/path-class';

export const KEY = Buffer.alloc(32, 1);

/** What is found in a text, as `rule/severity` in the order of the file. */
export function rulesIn(text: string, pathClass: PersonalDataPathClass = 'other'): string[] {
  return findPersonalData(Buffer.from(text), { key: KEY, pathClass }).findings.map(({ rule, severity }) => `${rule}/${severity}`);
}

const DIGITS = [...'0123456789'];

/** Numbers that keep the rules of their kind and were made here: the stem with the check digits that fit. */
export const card = (stem: string): string => completed(stem, DIGITS, luhn);
export const aadhaar = (stem: string): string => completed(stem, DIGITS, verhoeff);
export const taxId = (stem: string): string => completed(stem, DIGITS, germanTaxId);
export const cpfOf = (stem: string): string => completed(stem, DIGITS.flatMap((a) => DIGITS.map((b) => a + b)), cpf);
export const dni = (number: string): string => number + dniLetter(Number(number));

export function iban(country: string, account: string): string {
  const check = 98 - ibanRemainder(`${country}00${account}`);
  return `${country}${String(check).padStart(2, '0')}${account}`;
}

function completed(stem: string, endings: readonly string[], fits: (value: string) => boolean): string {
  const ending = endings.find((candidate) => fits(stem + candidate));
  if (ending === undefined) throw new RangeError(`no check digit fits ${stem}`);
  return stem + ending;
}

export const inFours = (value: string, separator = ' '): string => (value.match(/.{1,4}/g) ?? []).join(separator);
