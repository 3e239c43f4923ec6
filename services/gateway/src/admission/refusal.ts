import { redactText } from '@granary/observability';

/** Every way in which a foreign event is refused. The codes are stable: programs compare them. */
export const REFUSAL_CODES = [
  'unsupported-format',
  'malformed-event',
  'event-too-large',
  'batch-too-large',
  'envelope-invalid',
  'attribute-unknown',
  'attribute-reserved',
  'contract-unknown',
  'data-invalid',
  'time-implausible',
  'type-not-admitted',
  'tenant-differs',
  'source-differs',
  'admission-busy',
  'stream-unavailable',
  'stream-refused',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

const TRANSIENT: ReadonlySet<RefusalCode> = new Set(['admission-busy', 'stream-unavailable']);

/** Why an event is not stored. Never quotes a value of it, because a value may be secret. */
export interface Refusal {
  readonly state: 'refused';
  readonly code: RefusalCode;
  /** What is wrong and what to do. */
  readonly message: string;
  /** Where, as a JSON pointer (RFC 6901) into the event; empty for the event as a whole. */
  readonly pointer: string;
}

const LONGEST = 1_000;

/** @param pointer and `message` may hold names of fields that the publisher chose: both are cut, freed from control characters and, because people put secrets anywhere, from what looks like one. */
export function refusal(code: RefusalCode, message: string, pointer = ''): Refusal {
  return { state: 'refused', code, message: printable(message), pointer: printable(pointer) };
}

/** Whether the same event may be admitted later. */
export const isTransient = (code: RefusalCode): boolean => TRANSIENT.has(code);

function printable(text: string): string {
  const clean = redactText(text.toWellFormed()).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…`.toWellFormed() : clean;
}
