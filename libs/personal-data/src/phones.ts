import type { Blob } from './blob';
import { beginsAt, endsAt } from './bytes';
import { callingCodeOf, hasInternationalLength } from './calling-codes';
import type { Match, PersonalDataContext } from './finding';
import { commonSeparator, digitsOf, groupEnd, type NumberRun } from './numbers';

/** A number that was found: normalised, with the groups of the run that it takes. */
interface Phone {
  readonly value: string;
  readonly first: number;
  readonly last: number;
}

const PLUS = 0x2b;
const OPEN = 0x28;
const DOT = 0x2e;

/**
 * The telephone number in a run of groups: international ones by themselves, national ones only where a word nearby speaks of
 * telephones. Numbers set aside for fiction, free lines of companies, and digits typed in a row are nobody's.
 */
export function findPhone(blob: Blob, run: NumberRun): Match | null {
  return international(blob, run) ?? national(blob, run);
}

function international(blob: Blob, run: NumberRun): Match | null {
  const { content } = blob;
  for (let first = 0; first < run.count; first++) {
    const plus = plusBefore(content, run.starts[first] ?? 0);
    if (plus === -1 || !beginsAt(content, plus)) continue;
    const phone = internationalFrom(content, run, first);
    if (phone === null) continue;
    const context = blob.near('phone', plus, groupEnd(run, phone.last));
    const bare = phone.last === first;
    if (bare && context === null && isSum(blob, plus)) continue;
    return matchOf(blob, run, phone, plus, context ?? 'format', context === null && bare ? 'low' : 'medium');
  }
  return null;
}

function plusBefore(content: Buffer, start: number): number {
  if (content[start - 1] === PLUS) return start - 1;
  return content[start - 1] === OPEN && content[start - 2] === PLUS ? start - 2 : -1;
}

/** `a +12345678901` adds; in a string or a text there is no name or bracket right before the sign. */
const isSum = (blob: Blob, plus: number): boolean => /[\w)\]]\s?$/.test(blob.text(Math.max(0, plus - 2), plus));

function internationalFrom(content: Buffer, run: NumberRun, first: number): Phone | null {
  for (let last = Math.min(run.count - 1, first + 6); last >= first; last--) {
    const digits = digitsOf(content, run, first, last);
    const code = callingCodeOf(digits);
    if (code === null) return null;
    // `+44 (0)20 …`: the zero is dialled inside the country only; Italy's belongs to the number.
    const subscriber = code === '39' ? digits.slice(2) : digits.slice(code.length).replace(/^0/, '');
    if (!hasInternationalLength(code + subscriber, code) || !endsAt(content, groupEnd(run, last)) || !isGrouped(content, run, first, last)) continue;
    return isNobodys(code, subscriber) ? null : { value: `+${code}${subscriber}`, first, last };
  }
  return null;
}

/** Dots and slashes only when nothing else separates: `+40.20361-075.00417` is a place. */
function isGrouped(content: Buffer, run: NumberRun, first: number, last: number): boolean {
  const text = content.toString('latin1', run.starts[first] ?? 0, groupEnd(run, last));
  if (/^\d{4,7}-\d{5,7}$/.test(text)) return false;
  return /[./]/.test(text) ? commonSeparator(content, run, first, last) !== null && last > first + 1 : true;
}

function national(blob: Blob, run: NumberRun): Match | null {
  if (run.digits < 9) return null;
  for (let first = 0; first < run.count; first++) {
    const start = run.starts[first] ?? 0;
    const opening = blob.content[start - 1] === OPEN ? start - 1 : start;
    if (!beginsAt(blob.content, opening)) continue;
    for (let last = Math.min(run.count - 1, first + 5); last >= first; last--) {
      const match = nationalAt(blob, run, first, last, opening);
      if (match !== null) return match;
    }
  }
  return null;
}

function nationalAt(blob: Blob, run: NumberRun, first: number, last: number, opening: number): Match | null {
  if (!isNationalShape(blob.content, run, first, last)) return null;
  const digits = digitsOf(blob.content, run, first, last);
  const subscriber = subscriberOf(digits, run, first, last);
  if (subscriber === null || !endsAt(blob.content, groupEnd(run, last)) || isNobodys(subscriber.code, subscriber.number)) return null;
  const context = blob.near('phone', opening, groupEnd(run, last));
  return context === null ? null : matchOf(blob, run, { value: digits, first, last }, opening, context, 'medium');
}

/** Nine to twelve digits; dots between groups only where nothing else is: rows of fractions are not telephone numbers. */
function isNationalShape(content: Buffer, run: NumberRun, first: number, last: number): boolean {
  let digits = 0;
  let dots = 0;
  for (let group = first; group <= last; group++) {
    digits += run.lengths[group] ?? 0;
    if (group < last && content[groupEnd(run, group)] === DOT) dots += 1;
  }
  return digits >= 9 && digits <= 12 && (dots === 0 || dots === last - first);
}

/**
 * A number without its country: North American by its structure (the only one whose code is known), else with a trunk zero,
 * or ten digits of a mobile number of India.
 */
function subscriberOf(digits: string, run: NumberRun, first: number, last: number): { code: string | null; number: string } | null {
  const groups = last - first + 1;
  if (/^1?[2-9]\d{2}[2-9]\d{6}$/.test(digits)) {
    const grouped = groups === 1 || (run.lengths[last] === 4 && run.lengths[last - 1] === 3);
    return grouped ? { code: '1', number: digits.slice(-10) } : null;
  }
  if (/^0[1-9]\d{7,10}$/.test(digits) && groups <= 5 && run.lengths[first] !== 1 && !isDate(digits, run, first)) return { code: null, number: digits.slice(1) };
  return groups <= 2 && /^[6-9]\d{9}$/.test(digits) ? { code: null, number: digits } : null;
}

/** `01/02/2003 10` */
const isDate = (digits: string, run: NumberRun, first: number): boolean => run.lengths[first] === 2 && run.lengths[first + 1] === 2 && /^\d{4}(?:19|20)\d\d/.test(digits);

/** National numbers, without a trunk zero, that authorities keep for films and examples (NANPA, Ofcom, Arcep, Bundesnetzagentur, ACMA). */
const FICTION: Readonly<Record<string, RegExp>> = {
  '1': /^(?:555|\d{3}555)/,
  '33': /^(?:19900|26191|35301|46571|53649|63998)\d{4}$/,
  '44': /^(?:2079460\d{3}|1\d{2}49[68]0\d{3}|2896496\d{3}|2920180\d{3}|1632960\d{3}|7700900\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3})$/,
  '49': /^(?:(?:3023125|6990009|4066969|2214710|8999998)\d{3}|17139200\d{2}|17604069\d{3})$/,
  '61': /^(?:49157\d{4}|[2378](?:5550|7010)\d{4})$/,
};

function isNobodys(code: string | null, subscriber: string): boolean {
  if (isMonotonous(subscriber)) return true;
  if (code === '1' && (!/^[2-9]\d{2}[2-9]\d{6}$/.test(subscriber) || /^8(?:00|33|44|55|66|77|88)/.test(subscriber))) return true;
  const codes = code === null ? Object.keys(FICTION).filter((known) => known !== '1') : [code];
  return codes.some((known) => FICTION[known]?.test(subscriber) ?? false);
}

/** Two digits only, or counting up or down, at most one group aside. */
function isMonotonous(digits: string): boolean {
  if (new Set(digits).size <= 2) return true;
  const tail = digits.slice(-7);
  return ['01234567890123456789', '98765432109876543210'].some((row) => row.includes(tail));
}

function matchOf(blob: Blob, run: NumberRun, phone: Phone, start: number, context: PersonalDataContext, severity: Match['severity']): Match {
  const end = groupEnd(run, phone.last);
  const preview = blob.text(start, end).replace(/\d/g, '•');
  return { rule: 'phone', severity, context, start, end, value: phone.value, preview };
}
