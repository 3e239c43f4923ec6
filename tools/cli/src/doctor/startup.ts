import type { Answered } from './evidence';

const PROTOCOL_3_0 = 196_608;
/** SQLSTATEs of a server that is there and lets nobody in: starting or stopping, and no connection free (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const CLOSED = new Set(['57P01', '57P02', '57P03', '53300']);

/** The first message of a conversation with PostgreSQL (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
export function startupMessage(user: string): Buffer {
  const words = Buffer.from(`user\0${user}\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + words.length, 0);
  head.writeUInt32BE(PROTOCOL_3_0, 4);
  return Buffer.concat([head, words]);
}

/** What the first answer says: a question for credentials, and an error about them, come from a server that is well. */
export function judgeStartup(answer: Buffer): Answered<null> {
  const kind = String.fromCharCode(answer[0] ?? 0);
  if (kind === 'R') return { state: 'answered', value: null };
  if (kind !== 'E') return { state: 'failed', why: 'what answers is no PostgreSQL' };
  const fields = new Map(answer.subarray(5).toString('utf8').split('\0').map((field) => [field.charAt(0), field.slice(1)]));
  return CLOSED.has(fields.get('C') ?? '') ? { state: 'failed', why: fields.get('M') ?? 'it lets nobody in' } : { state: 'answered', value: null };
}
