import { setTimeout as delay } from 'node:timers/promises';
import type { EventData, EventType } from '@granary/contracts';
import { Fault } from '@granary/faults';

export interface EventSenderOptions {
  /** The HTTP API: `http://127.0.0.1:4680/v1`. */
  readonly url: string;
  /** An API key of somebody who may publish (`event:publish`). */
  readonly key: string;
  /** `urn:agents:<name>` of that principal, or that with `/…` behind it. */
  readonly source: string;
  /** A new UUID of version 7 each time. */
  newId(): string;
  now(): Date;
  /** How often an event is sent that may not have arrived; 3 when left out. */
  readonly attempts?: number;
}

export interface OutgoingEvent<T extends EventType = EventType> {
  readonly type: T;
  readonly data: EventData[T];
  /** Events of one key keep their order. */
  readonly key?: string;
  readonly correlationId?: string;
}

/** Where an event is, once it is stored. */
export interface Admitted {
  readonly id: string;
  readonly sequence: number;
  /** It was stored before: an attempt had arrived without an answer. */
  readonly duplicate: boolean;
}

export interface EventSender {
  /** Resolves when the event is stored. Faults: transient `gateway-unreachable` and those that the gateway calls so; permanent with the gateway's code. */
  send<T extends EventType>(event: OutgoingEvent<T>): Promise<Admitted>;
}

const [PATIENCE_MS, PAUSE_MS] = [30_000, 500];

/** Hands in events over HTTP, as a program that is no service of Granary. What may not have arrived is sent again under the same id. */
export function createEventSender({ url, key, source, newId, now, attempts = 3 }: EventSenderOptions): EventSender {
  return {
    async send({ type, data, key: partitionkey, correlationId }) {
      const body = JSON.stringify({ specversion: '1.0', id: newId(), source, type, time: now().toISOString(), ...(partitionkey !== undefined && { partitionkey }), ...(correlationId !== undefined && { correlationid: correlationId }), data });
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await post(`${url.replace(/\/$/, '')}/events`, key, body);
        if (!(outcome instanceof Fault)) return outcome;
        if (outcome.kind === 'permanent' || attempt >= attempts) throw outcome;
        await delay(PAUSE_MS * attempt);
      }
    },
  };
}

async function post(url: string, key: string, body: string): Promise<Admitted | Fault> {
  try {
    const response = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents+json' }, body, signal: AbortSignal.timeout(PATIENCE_MS) });
    const answer = (await response.json()) as Record<string, unknown>;
    return response.status === 202 ? { id: String(answer['id']), sequence: Number(answer['sequence']), duplicate: answer['duplicate'] === true } : refusal(response.status, answer);
  } catch (cause) {
    return Fault.transient('gateway-unreachable', `${url} gives no answer (${cause instanceof Error ? cause.message : String(cause)}): see whether Granary runs there`, { cause });
  }
}

function refusal(status: number, { code, detail }: Record<string, unknown>): Fault {
  const [word, text] = [typeof code === 'string' ? code : 'event-refused', typeof detail === 'string' ? detail : `the gateway answered ${status}`];
  return status === 429 || status >= 500 ? Fault.transient(word, text) : Fault.permanent(word, text);
}
