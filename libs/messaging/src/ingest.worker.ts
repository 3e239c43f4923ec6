import { headers, type Msg } from '@nats-io/transport-node';
import { INGEST_SUBJECTS } from '@granary/contracts';
import type { Logger } from '@granary/observability';
import type { Broker } from './broker.client';
import { RPC_HEADERS } from './rpc';

/** What a foreign publisher handed in. Tenant and publisher are of the subject, where the broker lets nobody else publish; the rest is only said. */
export interface HandedIn {
  readonly tenant: string;
  readonly publisher: string;
  /** Each header with all its values, by its name in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Uint8Array;
}

export interface IngestAnswer {
  readonly body: string;
  /** The code of a refusal, for the header `Granary-Fault`. */
  readonly fault?: string;
}

export interface IngestOptions {
  readonly broker: Broker;
  /** Replicas of one service share what is handed in. */
  readonly service: string;
  handle(handedIn: HandedIn): Promise<IngestAnswer>;
  readonly log: Logger;
}

export interface IngestServer {
  /** Takes nothing new and answers what is under way. */
  stop(): Promise<void>;
}

/** Takes what foreign publishers hand in, from whichever tenant. Who wants no answer gets none. */
export function serveIngest({ broker, service, handle, log }: IngestOptions): IngestServer {
  let underWay = 0;
  let whenIdle: (() => void) | null = null;
  const subscription = broker.connection.subscribe(INGEST_SUBJECTS, {
    queue: service,
    callback: (error, message) => {
      if (error) {
        log.error({ err: error }, 'the broker ended the admission of events; does the access document say `admits`?');
        return;
      }
      underWay += 1;
      void handle(handedIn(message))
        .then((answer) => respond(message, answer))
        .catch((problem: unknown) => log.warn({ err: problem }, 'what was handed in could not be answered; its publisher runs into a timeout'))
        .finally(() => {
          underWay -= 1;
          if (underWay === 0) whenIdle?.();
        });
    },
  });
  return {
    async stop() {
      await subscription.drain();
      if (underWay > 0) await new Promise<void>((resolve) => (whenIdle = resolve));
    },
  };
}

function handedIn(message: Msg): HandedIn {
  const [, tenant = '', publisher = ''] = message.subject.split('.');
  const said = new Map<string, readonly string[]>();
  for (const [name, values] of message.headers ?? []) {
    const key = name.toLowerCase();
    said.set(key, [...(said.get(key) ?? []), ...values]);
  }
  return { tenant, publisher, headers: said, body: message.data };
}

function respond(message: Msg, { body, fault }: IngestAnswer): void {
  if (fault === undefined) {
    message.respond(body);
    return;
  }
  const hdrs = headers();
  hdrs.set(RPC_HEADERS.fault, fault);
  message.respond(body, { headers: hdrs });
}
