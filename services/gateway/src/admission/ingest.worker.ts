import { serveIngest, type Broker, type HandedIn, type IngestAnswer, type IngestServer } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Task } from '@granary/service-host';
import type { Admission } from './admission.handler';
import { bodyOf } from './answer';
import { decode, modeOf } from './decode';
import { refusal } from './refusal';

/** The entrance for publishers with an account at the broker: one event a message, its answer in the reply. */
export function ingestTask({ broker, admission, log }: { broker: Broker; admission: Admission; log: Logger }): Task {
  let server: IngestServer | null = null;
  return {
    name: 'ingest',
    async start() {
      server = serveIngest({ broker, service: 'gateway', log, handle: (handedIn) => admitOne(admission, handedIn) });
    },
    async stop() {
      await server?.stop();
    },
  };
}

async function admitOne(admission: Admission, handedIn: HandedIn): Promise<IngestAnswer> {
  const { tenant, publisher, body } = handedIn;
  // CloudEvents knows no batches over NATS.
  const request = modeOf(handedIn.headers) === 'batch' ? refusal('unsupported-format', 'over NATS each event is a message of its own; send batches by HTTP') : decode(handedIn);
  const answers = await admission({ entrance: 'nats', identity: { tenant, name: publisher }, request, bytes: body.byteLength });
  const [answer = refusal('malformed-event', 'there is no event')] = 'state' in answers ? [answers] : answers;
  return { body: JSON.stringify(bodyOf(answer)), ...(answer.state === 'refused' && { fault: answer.code }) };
}
