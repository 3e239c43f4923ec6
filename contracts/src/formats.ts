// The parts of RFC 3339, with the ranges that need no calendar. Seconds may be 60, for leap seconds.
const MOMENT = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;

/** The formats that schemas may name, as the generated validators call them. Stricter than RFC 3339, which also allows lower case and a space for the `T`. */
export const formats: Readonly<Record<'date-time' | 'date', (text: string) => boolean>> = {
  'date-time': (text) => MOMENT.test(text) && isOnCalendar(text),
  date: (text) => DAY.test(text) && isOnCalendar(text),
};

function isOnCalendar(text: string): boolean {
  const day = Number(text.slice(8, 10));
  return day <= 28 || day <= daysIn(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
