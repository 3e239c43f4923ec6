import type { Ready } from './admit';
import type { Written } from './write.worker';
import { isTransient, refusal, type Refusal } from './refusal';

/** What a publisher is told about one of its events. */
export type Answer = Admitted | Refusal;

export interface Admitted {
  readonly state: 'admitted';
  /** The id that the event has in Granary: its own, when that is a UUID of version 7. Missing on a repeat of one whose id was made of the moment at which it came. */
  readonly id?: string;
  /** Its place in the stream; of a repeat, the place of the first one. */
  readonly sequence: number;
  /** The stream had an event of the same source and id already, and this one was not stored. */
  readonly duplicate: boolean;
}

/** What the stream's answer means for whoever handed in the event. */
export function answerOf({ id, idStays }: Pick<Ready, 'id' | 'idStays'>, written: Written): Answer {
  switch (written.state) {
    case 'stored':
      return { state: 'admitted', ...((idStays || !written.duplicate) && { id }), sequence: written.sequence, duplicate: written.duplicate };
    case 'busy':
      return refusal('admission-busy', 'too many events wait to be stored; send it again in a second');
    case 'unanswered':
      return refusal('stream-unavailable', 'the event stream does not answer, so nobody knows whether the event was stored; send it again with the same id');
    case 'refused':
      return written.permanent
        ? refusal('stream-refused', 'the event stream did not take the event; the gateway\'s log says why')
        : refusal('stream-unavailable', 'the event stream takes no events at the moment; send it again in some seconds');
  }
}

/** An answer as it goes over the wire, the same over HTTP and NATS. */
export type AnswerBody =
  | { readonly state: 'admitted'; readonly id?: string; readonly sequence: number; readonly duplicate: boolean }
  | { readonly state: 'refused'; readonly kind: 'transient' | 'permanent'; readonly code: string; readonly message: string; readonly pointer: string };

export function bodyOf(answer: Answer): AnswerBody {
  if (answer.state === 'admitted') return answer;
  const { state, code, message, pointer } = answer;
  return { state, kind: isTransient(code) ? 'transient' : 'permanent', code, message, pointer };
}
