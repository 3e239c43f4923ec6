import { createPublisher } from '@granary/messaging';
import type { Host, Task } from '@granary/service-host';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config';
import { createAdmission } from './admission.handler';
import { admissionRoutes } from './events.controller';
import { ingestTask } from './ingest.worker';
import { admissionMeters } from './meters';
import { createWriter } from './write.worker';

/** The two entrances of foreign events, which share one admission and one writer. */
export function wireAdmission({ broker, metrics, log, now }: Host<GatewayConfig>): { readonly tasks: readonly Task[]; readonly plugin: (http: FastifyInstance) => Promise<void> } {
  const writer = createWriter({ publisher: createPublisher(broker.connection) });
  const admission = createAdmission({ writer, meters: admissionMeters(metrics, writer.waiting), log, now });
  return { tasks: [ingestTask({ broker, admission, log })], plugin: admissionRoutes({ admission }) };
}
