/** What a line says of its place, without reading all of it. */
export interface LinePlace {
  readonly epoch: number;
  /** Of an event. */
  readonly sequence: number | null;
  /** Of a hole. */
  readonly hole: { readonly first: number; readonly last: number } | null;
  /** Of an event; null for a hole. */
  readonly type: string | null;
}

// The members before the body are short; what stands in a text cannot end it, so the first match is the member itself.
const EVENT = /^\{"epoch":(\d{1,15}),"sequence":(\d{1,15}),"storedAt":"[^"]{20,30}","tenant":"(?:[^"\\]|\\.)*","type":"((?:[^"\\]|\\.)*)"/;
const HOLE = /^\{"epoch":(\d{1,15}),"hole":\{"first":(\d{1,15}),"last":(\d{1,15})\}\}$/;
/** As far as the type of an event can stand from the beginning: two texts of 400 characters, each six bytes long when written as an escape. */
const HEAD_BYTES = 5_200;

/** Null for a line that begins as no leaf does. */
export function placeOf(line: Buffer): LinePlace | null {
  const head = line.toString('utf8', 0, Math.min(line.length, HEAD_BYTES));
  const event = EVENT.exec(head);
  if (event !== null) return { epoch: Number(event[1]), sequence: Number(event[2]), hole: null, type: typeOf(event[3] as string) };
  const hole = HOLE.exec(head);
  return hole === null ? null : { epoch: Number(hole[1]), sequence: null, hole: { first: Number(hole[2]), last: Number(hole[3]) }, type: null };
}

function typeOf(written: string): string {
  return written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
}

/** Where the log stands behind a leaf. */
export interface LogEnd {
  readonly epoch: number;
  /** The last sequence that is there or known to be lost. */
  readonly sequence: number;
  /** Whether an event has to follow: a hole stands before one. */
  readonly open: boolean;
}

/** Where the log stands behind that line, or why it cannot follow what was before. `before` is null where that is not known. */
export function follow(before: LogEnd | null, { epoch, sequence, hole }: LinePlace): LogEnd | string {
  const sameEpoch = before !== null && before.epoch === epoch;
  if (before !== null && epoch < before.epoch) return `epoch ${epoch} stands behind epoch ${before.epoch}`;
  if (before !== null && !sameEpoch && before.open) return `epoch ${before.epoch} ends with a hole`;
  const first = hole?.first ?? (sequence as number);
  if (sameEpoch && first !== before.sequence + 1) return `sequence ${first} stands behind ${before.sequence}${first > before.sequence ? ', and no hole says why those between are missing' : ''}`;
  if (hole !== null && (hole.last < hole.first || (sameEpoch && before.open))) return `the hole from ${hole.first} to ${hole.last} cannot be`;
  return { epoch, sequence: hole?.last ?? first, open: hole !== null };
}
