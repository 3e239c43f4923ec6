import type { Blob, Topic } from './blob';
import { endsAt, is, isCapital, WORD } from './bytes';
import { groupEnd, type NumberRun } from './numbers';
import type { Match, PersonalDataRule } from './finding';

/** Numbers and dates that only a word before them makes personal. */
export function findDocument(blob: Blob, run: NumberRun): Match | null {
  if (run.digits < 6 || run.digits > 13) return birthDate(blob, run);
  return birthDate(blob, run) ?? documentNumber(blob, run, 'passport', 'passport', PASSPORT) ?? documentNumber(blob, run, 'driver-licence', 'licence', LICENCE);
}

const ISO_DATE = /^((?:19|20)\d\d)[-/.](\d\d?)[-/.](\d\d?)$/;
const OTHER_DATE = /^(\d\d?)[-/.](\d\d?)[-/.]((?:19|20)\d\d)$/;
/** What programs have instead of a date. */
const DEFAULT_DATES = new Set(['1970-01-01', '1900-01-01', '2000-01-01', '1990-01-01', '1980-01-01', '2001-01-01', '1999-12-31']);

function birthDate(blob: Blob, run: NumberRun): Match | null {
  for (let first = 0; first + 3 <= run.count; first++) {
    if (!isDateShape(run, first) || !blob.mayMention('birth')) continue;
    const start = run.starts[first] ?? 0;
    const end = groupEnd(run, first + 2);
    const date = isoDate(blob.text(start, end));
    if (date === null || DEFAULT_DATES.has(date)) continue;
    const context = blob.near('birth', start, end);
    if (context === null) continue;
    return { rule: 'date-of-birth', severity: 'medium', context, start, end, value: date, preview: blob.text(start, end).replace(/\d/g, '•') };
  }
  return null;
}

/** A year of four digits on one side of two short numbers. */
function isDateShape({ lengths }: NumberRun, first: number): boolean {
  const [a = 0, b = 0, c = 0] = [lengths[first], lengths[first + 1], lengths[first + 2]];
  return b <= 2 && ((a === 4 && c <= 2) || (a <= 2 && c === 4));
}

/** `YYYY-MM-DD`, or null when it is no date. Of two small numbers that could both be the month, the first is taken for the day. */
function isoDate(text: string): string | null {
  const iso = ISO_DATE.exec(text);
  const [year, month, day] = iso !== null ? iso.slice(1).map(Number) : dayFirst(OTHER_DATE.exec(text)?.slice(1).map(Number));
  if (year === undefined || month === undefined || day === undefined) return null;
  if (month < 1 || month > 12 || day < 1 || day > 31) return null;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function dayFirst(numbers: number[] | undefined): (number | undefined)[] {
  const [first, second, year] = numbers ?? [];
  return second !== undefined && second > 12 ? [year, first, second] : [year, second, first];
}

const PASSPORT = /^(?:[A-Z]{1,2}\d{6,8}|\d{9}|\d{2}[A-Z]{2}\d{5})(?!\w)/;
const LICENCE = /^(?:[A-Z]{1,2}[ -]?\d{6,13}|\d{7,12}|[A-Z]{5}\d{6}[A-Z0-9]{5}|[A-Z]\d{3}-\d{4}-\d{4})(?!\w)/;

/** A capital, a space, or what may stand before any number. */
const mayBegin = (before: number | undefined): boolean => isCapital(before) || !(is(before, WORD) || before === 0x2e || before === 0x2f);

function documentNumber(blob: Blob, run: NumberRun, rule: PersonalDataRule, topic: Topic, pattern: RegExp): Match | null {
  const digits = run.starts[0] ?? 0;
  if (!mayBegin(blob.content[digits - 1]) || !endsAt(blob.content, run.end) || !blob.mayMention(topic)) return null;
  const letters = /(?<![\w.])[A-Z]{0,5}[ -]?$/.exec(blob.text(Math.max(0, digits - 8), digits));
  if (letters === null) return null;
  const start = digits - letters[0].trimStart().length;
  const found = pattern.exec(blob.text(start, start + 24));
  if (found === null || /1234567|(\d)\1{5}/.test(found[0])) return null;
  const end = start + found[0].length;
  const context = blob.near(topic, start, end);
  if (context === null) return null;
  return { rule, severity: 'high', context, start, end, value: found[0].replace(/[ -]/g, ''), preview: found[0].replace(/[A-Z\d]/g, '•') };
}
