import fc from 'fast-check';
import { aadhaar, card, cpfOf, iban } from '../test/made-up';
import { cpf, dniLetter, germanTaxId, ibanRemainder, luhn, verhoeff } from './checksums';

it.each([
  ['79927398713', true],
  ['79927398710', false],
  ['0', true],
])('Luhn of %s is %p', (digits, valid) => expect(luhn(digits)).toBe(valid));

it.each([
  ['2363', true],
  ['2364', false],
  ['1428570', true],
])('Verhoeff of %s is %p', (digits, valid) => expect(verhoeff(digits)).toBe(valid));

// The registry's own examples.
it.each(['GB29NWBK60161331926819', 'DE89370400440532013000', 'NO9386011117947'])('%s leaves 1', (example) => expect(ibanRemainder(example)).toBe(1));

it('knows the examples of the authorities', () => {
  expect(germanTaxId('86095742719')).toBe(true);
  expect(germanTaxId('86095742718')).toBe(false);
  expect(germanTaxId('01234567890')).toBe(false);
  expect(dniLetter(12345678)).toBe('Z');
  expect(cpf('11144477735')).toBe(true);
  expect(cpf('11144477734')).toBe(false);
});

const digits = (length: number) => fc.stringMatching(new RegExp(`^[1-9][0-9]{${length - 1}}$`));
const CHECKED = [
  { name: 'Luhn', of: card, valid: luhn, stem: digits(15) },
  { name: 'Verhoeff', of: aadhaar, valid: verhoeff, stem: digits(11) },
  { name: 'CPF', of: cpfOf, valid: cpf, stem: digits(9) },
  { name: 'IBAN', of: (stem: string) => iban('DE', stem), valid: (value: string) => ibanRemainder(value) === 1, stem: digits(18) },
];

// A CPF lets some pass: its remainders 0 and 10 have one digit.
it.each(CHECKED.filter(({ name }) => name !== 'CPF'))('$name notices every single wrong digit', ({ of, valid, stem }) => {
  fc.assert(
    fc.property(stem, fc.nat(), fc.integer({ min: 1, max: 9 }), (start, place, change) => {
      const value = of(start);
      const at = 4 + (place % (value.length - 4));
      const wrong = value.slice(0, at) + String((Number(value[at]) + change) % 10) + value.slice(at + 1);
      return valid(value) && !valid(wrong);
    }),
  );
});

it.each(CHECKED.filter(({ name }) => name === 'Verhoeff' || name === 'IBAN'))('$name notices two neighbours changing places', ({ of, valid, stem }) => {
  fc.assert(
    fc.property(stem, fc.nat(), (start, place) => {
      const value = of(start);
      const at = 4 + (place % (value.length - 5));
      fc.pre(value[at] !== value[at + 1]);
      return !valid(value.slice(0, at) + (value[at + 1] ?? '') + (value[at] ?? '') + value.slice(at + 2));
    }),
  );
});
