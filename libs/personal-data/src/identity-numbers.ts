import type { Blob, Topic } from './blob';
import { beginsAt, endsAt, isCapital } from './bytes';
import { cpf, dniLetter, germanTaxId, verhoeff } from './checksums';
import type { Match, PersonalDataRule, PersonalDataSeverity } from './finding';
import { commonSeparator, digitsOf, groupEnd, hasShape, type NumberRun } from './numbers';

/** A kind of number that a state gives to a person. */
interface IdentityNumber {
  readonly rule: PersonalDataRule;
  readonly topic: Topic;
  readonly shapes: readonly { readonly lengths: readonly number[]; readonly separators: string }[];
  /** Whether the digits keep the rules of the number. */
  valid(digits: string): boolean;
  /** Severity of a number in exactly this writing with no word about it nearby, or null when words are needed. */
  withoutWords(separator: string): PersonalDataSeverity | null;
}

const IDENTITY_NUMBERS: readonly IdentityNumber[] = [
  {
    rule: 'us-ssn',
    topic: 'ssn',
    shapes: [{ lengths: [3, 2, 4], separators: '- ' }, { lengths: [9], separators: '' }],
    valid: isSsn,
    withoutWords: (separator) => (separator === '-' ? 'medium' : null),
  },
  {
    rule: 'br-cpf',
    topic: 'cpf',
    shapes: [{ lengths: [3, 3, 3, 2], separators: '' }, { lengths: [11], separators: '' }],
    valid: (digits) => cpf(digits) && isVaried(digits),
    withoutWords: (separator) => (separator === '..-' ? 'high' : null),
  },
  {
    rule: 'in-aadhaar',
    topic: 'aadhaar',
    shapes: [{ lengths: [4, 4, 4], separators: ' -' }, { lengths: [12], separators: '' }],
    valid: (digits) => /^[2-9]/.test(digits) && verhoeff(digits) && isVaried(digits),
    withoutWords: () => null,
  },
  {
    rule: 'de-tax-id',
    topic: 'tax-de',
    shapes: [{ lengths: [2, 3, 3, 3], separators: ' ' }, { lengths: [11], separators: '' }],
    // The example of the authorities.
    valid: (digits) => germanTaxId(digits) && digits !== '86095742719',
    withoutWords: () => null,
  },
];

/** The shapes that begin with a group of so many digits. */
const BY_FIRST_GROUP = Map.groupBy(
  IDENTITY_NUMBERS.flatMap((kind) => kind.shapes.map((shape) => ({ kind, ...shape }))),
  ({ lengths }) => lengths[0] ?? 0,
);

/** The number of a person by which a state knows them, in a run of groups of digits. */
export function findIdentityNumber(blob: Blob, run: NumberRun): Match | null {
  if (run.digits < 9) return null;
  for (let first = 0; first < run.count; first++) {
    for (const { kind, lengths, separators } of BY_FIRST_GROUP.get(run.lengths[first] ?? 0) ?? []) {
      const match = hasShape(run, first, lengths) ? identityAt(blob, run, kind, first, first + lengths.length - 1, separators) : null;
      if (match !== null) return match;
    }
  }
  return null;
}

function identityAt(blob: Blob, run: NumberRun, kind: IdentityNumber, first: number, last: number, separators: string): Match | null {
  const start = run.starts[first] ?? 0;
  const end = groupEnd(run, last);
  const separator = writtenWith(blob.content, run, first, last, separators);
  if (separator === null || !beginsAt(blob.content, start) || !endsAt(blob.content, end)) return null;
  const digits = digitsOf(blob.content, run, first, last);
  if (!kind.valid(digits)) return null;
  const near = blob.near(kind.topic, start, end);
  const severity = near !== null ? 'high' : kind.withoutWords(separator);
  if (severity === null) return null;
  return { rule: kind.rule, severity, context: near ?? 'format', start, end, value: digits, preview: blob.text(start, end).replace(/\d/g, '•') };
}

/** The separator, one of those allowed or none at all; a CPF has `..-`. */
function writtenWith(content: Buffer, run: NumberRun, first: number, last: number, allowed: string): string | null {
  if (last === first) return '';
  if (allowed === '') return /^\d{3}\.\d{3}\.\d{3}-\d{2}$/.test(content.toString('latin1', run.starts[first] ?? 0, groupEnd(run, last))) ? '..-' : null;
  const separator = commonSeparator(content, run, first, last);
  return separator !== null && separator !== '' && allowed.includes(separator) ? separator : null;
}

/** Numbers that stood on sample cards and in advertisements, and were retired for it. */
const ADVERTISED = new Set(['078051120', '219099999', '457555462', '123456789', '002281852', '042103580', '062360749', '095073645', '135016629', '141186941', '165167999', '189092294', '212099999', '306302348', '308125070', '468288779', '549241889']);

/** The parts that the Social Security Administration never gives out, and those that people make up. */
function isSsn(digits: string): boolean {
  const area = digits.slice(0, 3);
  if (area === '000' || area === '666' || area.startsWith('9')) return false;
  if (digits.slice(3, 5) === '00' || digits.endsWith('0000') || ADVERTISED.has(digits)) return false;
  return isVaried(digits) && !/^123(?:45|12)|^987/.test(digits);
}

const isVaried = (digits: string): boolean => new Set(digits).size > 2 && !'01234567890123'.includes(digits) && !'98765432109876'.includes(digits);

/** Numbers with letters around the digits; `before` and `behind` are how many bytes of the text belong to them at most. */
interface LetteredNumber {
  readonly rule: PersonalDataRule;
  readonly topic: Topic;
  readonly pattern: RegExp;
  valid(value: string): boolean;
  withoutWords(written: string): PersonalDataSeverity | null;
}

const LETTERED: readonly LetteredNumber[] = [
  {
    rule: 'uk-nino',
    topic: 'nino',
    pattern: /(?<![\w.#/-])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\w/-])/,
    valid: (value) => !/123456|(\d)\1{5}/.test(value),
    withoutWords: (written) => (/^.. \d\d \d\d \d\d .$/.test(written) ? 'medium' : null),
  },
  {
    rule: 'es-dni',
    topic: 'dni',
    pattern: /(?<![\w.#/-])(?:\d{8}|[XYZ]-?\d{7})-?[A-HJ-NP-TV-Z](?![\w/-])/,
    valid: (value) => dniLetter(Number(value.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter))))) === value.slice(-1) && !/1234567|(\d)\1{6}/.test(value),
    withoutWords: () => null,
  },
];

/** Numbers of the United Kingdom and of Spain: six to eight digits with letters at their ends. */
export function findLetteredNumber(blob: Blob, run: NumberRun): Match | null {
  if (run.digits < 6 || run.digits > 8) return null;
  const from = Math.max(0, (run.starts[0] ?? 0) - 4);
  const behind = blob.content[run.end];
  if (!isCapital(behind) && behind !== 0x20 && behind !== 0x2d) return null;
  const window = blob.text(from, run.end + 4);
  for (const { rule, topic, pattern, valid, withoutWords } of LETTERED) {
    const found = pattern.exec(window);
    if (found === null) continue;
    const value = found[0].replace(/[ -]/g, '');
    if (!valid(value)) continue;
    const start = from + found.index;
    const end = start + found[0].length;
    const near = blob.near(topic, start, end);
    const severity = near !== null ? 'high' : withoutWords(found[0]);
    if (severity !== null) return { rule, severity, context: near ?? 'format', start, end, value, preview: found[0].replace(/[A-Z\d]/g, '•') };
  }
  return null;
}
