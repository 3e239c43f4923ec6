import type { Logger } from '@granary/observability';
import { admit, type Identity } from './admit';
import { answerOf, type Answer } from './answer';
import type { DecodedRequest } from './decode';
import type { Decoded } from './foreign';
import type { AdmissionMeters, Entrance } from './meters';
import type { Refusal } from './refusal';
import { createRefusalLog } from './refusal-log';
import type { Writer, Written } from './write.worker';

export interface AdmissionDeps {
  readonly writer: Writer;
  readonly meters: AdmissionMeters;
  readonly log: Logger;
  now(): Date;
}

/** What came in, through which entrance, and who brought it. */
export interface HandIn {
  readonly entrance: Entrance;
  readonly identity: Identity;
  readonly request: DecodedRequest;
  readonly bytes: number;
  /** The trace of the request, for events that name none. */
  readonly traceparent?: string;
  /** The work for which the request was made, for events that name none. */
  readonly baggage?: string;
}

/** Admits or refuses each event of a request, and stores the admitted ones in their order; a request that cannot be read is refused whole. */
export type Admission = (handIn: HandIn) => Promise<readonly Answer[] | Refusal>;

export function createAdmission({ writer, meters, log, now }: AdmissionDeps): Admission {
  const linesFor = createRefusalLog();
  const troubles = createRefusalLog();

  const one = async (decoded: Decoded, { identity, traceparent, baggage }: HandIn): Promise<Answer> => {
    const judged = decoded.state === 'foreign' ? admit(decoded, identity, { now: now(), traceparent, baggage }) : decoded;
    if (judged.state === 'refused') return judged;
    const written = await writer.write(judged.wire);
    const answer = answerOf(judged, written);
    if (answer.state === 'refused' && troubles(answer.code, now()) > 0) log.error(troubleOf(written), 'the stream does not take admitted events');
    return answer;
  };

  const note = (answer: Answer, { entrance, identity }: HandIn): void => {
    meters.answered(entrance, answer);
    if (answer.state === 'admitted') return;
    const count = linesFor(answer.code, now());
    // Never what was said: a refused event is kept nowhere.
    if (count > 0) log.warn({ entrance, tenant: identity.tenant, publisher: identity.name, code: answer.code, count }, 'foreign events refused');
  };

  return async (handIn) => {
    const begun = performance.now();
    const { request, entrance, bytes } = handIn;
    const answers = request.state === 'events' ? await Promise.all(request.events.map((event) => one(event, handIn))) : request;
    for (const answer of 'state' in answers ? [answers] : answers) note(answer, handIn);
    meters.request(entrance, bytes, performance.now() - begun);
    return answers;
  };
}

function troubleOf(written: Written): object {
  if (written.state === 'unanswered') return { err: written.error };
  return { reason: written.state === 'refused' ? written.reason : written.state };
}
