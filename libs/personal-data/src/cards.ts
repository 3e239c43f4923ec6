import type { Blob } from './blob';
import { beginsAt, endsAt } from './bytes';
import { luhn } from './checksums';
import type { Match } from './finding';
import { commonSeparator, digitsOf, groupEnd, hasShape, type NumberRun } from './numbers';

/** How cards are printed: one group, fours, American Express, Diners. */
const SHAPES: readonly (readonly number[])[] = [[4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 3]];

/** The payment card in a run: its issuer's range and length, Luhn's check, and no number that processors publish for tests. */
export function findCard(blob: Blob, run: NumberRun): Match | null {
  if (run.digits < 13) return null;
  for (let first = 0; first < run.count; first++) {
    const single = run.lengths[first] ?? 0;
    const last = single >= 13 && single <= 19 ? first : printedUntil(blob.content, run, first);
    if (last === -1) continue;
    const match = cardAt(blob, run, first, last);
    if (match !== null) return match;
  }
  return null;
}

function printedUntil(content: Buffer, run: NumberRun, first: number): number {
  const shape = SHAPES.find((candidate) => hasShape(run, first, candidate));
  if (shape === undefined) return -1;
  const last = first + shape.length - 1;
  const separator = commonSeparator(content, run, first, last);
  if (separator !== ' ' && separator !== '-') return -1;
  // Rows of numbers of four digits are a table.
  return run.lengths[first - 1] === 4 && first > 0 ? -1 : run.lengths[last + 1] === 4 && last + 1 < run.count ? -1 : last;
}

function cardAt(blob: Blob, run: NumberRun, first: number, last: number): Match | null {
  const start = run.starts[first] ?? 0;
  const end = groupEnd(run, last);
  if (!beginsAt(blob.content, start) || !endsAt(blob.content, end)) return null;
  const digits = digitsOf(blob.content, run, first, last);
  const issuer = issuerOf(digits);
  if (issuer === null || !luhn(digits) || isTestCard(digits)) return null;
  const near = blob.near('card', start, end);
  if (near === null && (issuer.needsContext || isTimestamp(digits))) return null;
  const severity = near !== null ? 'high' : last > first ? 'medium' : 'low';
  return { rule: 'payment-card', severity, context: near ?? 'format', start, end, value: digits, preview: `${issuer.name}, ${digits.length} digits` };
}

interface Issuer {
  readonly name: string;
  readonly pattern: RegExp;
  /** Ranges so wide or lengths so usual that a number alone says nothing. */
  readonly needsContext: boolean;
}

/** Issuer identification numbers and lengths (ISO/IEC 7812; the schemes' published ranges). The first that fits counts. */
const ISSUERS: readonly Issuer[] = [
  { name: 'visa', pattern: /^4\d{15}$/, needsContext: false },
  { name: 'mastercard', pattern: /^(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}$/, needsContext: false },
  { name: 'american-express', pattern: /^3[47]\d{13}$/, needsContext: false },
  { name: 'discover', pattern: /^(?:6011|64[4-9]\d|65\d{2})\d{12}$/, needsContext: false },
  { name: 'jcb', pattern: /^35(?:2[89]|[3-8]\d)\d{12}$/, needsContext: false },
  { name: 'mir', pattern: /^220[0-4]\d{12}$/, needsContext: true },
  { name: 'diners', pattern: /^3(?:0[0-5]|[68]\d)\d{11}$/, needsContext: true },
  { name: 'visa', pattern: /^4(?:\d{12}|\d{18})$/, needsContext: true },
  { name: 'unionpay', pattern: /^62\d{14,17}$/, needsContext: true },
  { name: 'maestro', pattern: /^(?:50|5[6-8]|6[37])\d{14,17}$/, needsContext: true },
];

const issuerOf = (digits: string): Issuer | null => ISSUERS.find(({ pattern }) => pattern.test(digits)) ?? null;

/** Milliseconds and microseconds since 1970 have 13 and 16 digits and begin with 1 today; nanoseconds have 19. */
const isTimestamp = (digits: string): boolean => digits.startsWith('1');

/** Numbers that card processors publish for testing. */
const TEST_CARDS = new Set(
  ('4000056655665556 4012888888881881 4222222222222 4005519200000004 4009348888881881 4012000033330026 4012000077777777 4444333322221111 4462030000000000 4484070000000000 4500600000000061 ' +
    '4917610000000000 4917484589897107 4911830000000 4217651111111119 4001919257537193 4007702835532454 4263982640269299 4539791001730106 5105105105105100 5200828282828210 5204740009900014 ' +
    '5425233430109903 5454545454545454 5555555555554444 5555341244441115 5506900140100305 2222400070000005 2222420000001113 2223000048410010 2223003122003222 2720992593311234 371449635398431 ' +
    '374245455400126 378282246310005 378734493671000 6011000990139424 6011111111111117 6011981111111113 6011556448578945 3056930009020004 30569309025904 36227206271667 38520000023237 ' +
    '3530111333300000 3566002020360505 3566111111111113 6200000000000005 6250941006528599 6304000000000000 6331101999990016 6362970000457013 5019717010103742 5066991111111118').split(' '),
);

/** Published for tests, of a range that exists for tests, or typed rather than embossed: few different digits, or long rows of one. */
export const isTestCard = (digits: string): boolean =>
  TEST_CARDS.has(digits) || /^(?:400000|411111|424242|401288|555555|510510|601111)/.test(digits) || new Set(digits).size <= 3 || /(\d)\1{5}/.test(digits) || /1234567|7654321/.test(digits);
