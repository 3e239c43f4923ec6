import type { Blob } from './blob';
import { is, isCapital, WORD } from './bytes';
import { ibanRemainder } from './checksums';
import type { Match } from './finding';

/** How long an IBAN is in each country (SWIFT's IBAN registry). */
const LENGTHS = new Map(
  ('NO15 BE16 DK18 FI18 FO18 GL18 NL18 SD18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 MN20 CH21 HR21 LI21 LV21 BG22 BH22 CR22 DE22 GB22 GE22 IE22 ME22 RS22 AE23 GI23 IL23 IQ23 OM23 SO23 TL23 ' +
    'AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25 IS26 TR26 BI27 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 BY28 CY28 DO28 GT28 HU28 LB28 NI28 PL28 SV28 BR29 EG29 PS29 QA29 ' +
    'DJ27 FK18 JO30 KW30 MU30 YE30 MT31 SC31 LC32 RU33 UA29').split(' ').map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** Account numbers of the registry's own examples and of tutorials; the bank is theirs, nobody's account is. */
const EXAMPLES = new Set(
  ('GB29NWBK60161331926819 GB82WEST12345698765432 GB33BUKB20201555555555 GB94BARC10201530093459 DE89370400440532013000 DE91100000000123456789 DE75512108001245126199 FR1420041010050500013M02606 ' +
    'FR7630006000011234567890189 FR7630001007941234567890185 NL91ABNA0417164300 NL02ABNA0123456789 CH9300762011623852957 CH5604835012345678009 AT611904300234573201 BE68539007547034 BE71096123456769 ' +
    'ES9121000418450200051332 ES7921000813610123456789 IT60X0542811101000000123456 PT50000201231234567890154 SE4550000000058398257466 NO9386011117947 DK5000400440116243 FI2112345600000785 ' +
    'IE29AIBK93115212345678 IE64IRCE92050112345678 PL61109010140000071219812874 LU280019400644750000 GR1601101250000000012300695 CZ6508000000192000145399 HU42117730161111101800000000 ' +
    'TR330006100519786457841326 SK3112000000198742637541 RO49AAAA1B31007593840000 BG80BNBG96611020345678 HR1210010051863000160 SI56191000000123438 LT121000011101001000 LV80BANK0000435195001 ' +
    'EE382200221020145685 MT84MALT011000012345MTLCAST001S CY17002001280000001200527600 IS140159260076545510730339 LI21088100002324013AA MC5811222000010123456789030 SM86U0322509800000000270100').split(' '),
);

/** Whether two capitals that begin a word stand before these digits: the only place where an IBAN's check digits can be. */
export function mayBeIban(content: Buffer, digits: number): boolean {
  return isCapital(content[digits - 1]) && isCapital(content[digits - 2]) && !is(content[digits - 3], WORD);
}

/** The IBAN whose check digits begin at `digits`: in capitals, in one piece or in fours. */
export function findIban(blob: Blob, digits: number): Match | null {
  const start = digits - 2;
  const length = LENGTHS.get(blob.content.toString('latin1', start, digits));
  if (length === undefined || /[+/=-]/.test(String.fromCharCode(blob.content[start - 1] ?? 32))) return null;
  const written = writtenIban(blob.content.toString('latin1', start, start + length + Math.ceil(length / 4)), length);
  if (written === null) return null;
  const end = start + written.length;
  const value = written.replaceAll(' ', '');
  if (is(blob.content[end], WORD) || /[+/=]/.test(String.fromCharCode(blob.content[end] ?? 32))) return null;
  if (ibanRemainder(value) !== 1 || EXAMPLES.has(value) || /123456789|(\d)\1{7}/.test(value.slice(4))) return null;
  const context = blob.near('bank', start, end) ?? 'format';
  return { rule: 'iban', severity: 'high', context, start, end, value, preview: `${value.slice(0, 2)}…, ${length} characters` };
}

function writtenIban(text: string, length: number): string | null {
  const joined = text.slice(0, length);
  if (/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(joined)) return joined;
  const spaced = text.slice(0, length + Math.ceil(length / 4) - 1);
  return /^[A-Z]{2}\d{2}(?: [A-Z0-9]{4})*(?: [A-Z0-9]{1,4})?$/.test(spaced) ? spaced : null;
}
